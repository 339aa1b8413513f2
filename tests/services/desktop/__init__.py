"""Tests of app/services/desktop/desktop."""

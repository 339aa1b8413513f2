"""Tests of app/services/words."""

"""Tests of app/services/conversations."""

"""Tests of `app/export`."""

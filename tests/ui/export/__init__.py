"""Tests of `app/ui/export`."""

"""Tests of `app/library`."""

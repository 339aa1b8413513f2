"""Tests of `app/protocol`."""

"""Tests of `app/services`."""

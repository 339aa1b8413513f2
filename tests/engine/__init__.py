"""Tests of `app/engine`."""

"""Tests of the window: composer."""

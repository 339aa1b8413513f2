"""Tests of the window: controls."""

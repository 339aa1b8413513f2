"""Tests of the window: conversations."""

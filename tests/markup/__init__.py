"""Tests of the text that is cut into blocks."""

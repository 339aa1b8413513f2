"""Errors, notices and units in sentences for people."""

"""Soliloquy: open-weight reasoning models think aloud, offline, on a person's own machine."""

__version__ = "0.1.0"

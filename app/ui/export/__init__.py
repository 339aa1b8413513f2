"""Conversations as files: the dialog with its preview, copying, and the way back in."""

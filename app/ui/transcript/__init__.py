"""The transcript: a conversation of any length, laid out and drawn block by block, near the viewport only."""

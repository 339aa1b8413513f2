"""The open conversation: its transcript, the notices that concern it, and the composer, as one page."""

"""The settings: a rail of sections and a page for each."""

"""The desktop around the window: sleep, notices, and one window for each data folder."""

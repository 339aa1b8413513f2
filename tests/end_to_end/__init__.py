"""The whole app on the real engine: command line, window, processes."""

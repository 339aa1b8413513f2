"""A conversation as a file that other programs read, and the way back in; knows neither Qt nor the store."""

"""Text as models write it, cut into blocks while it grows; knows nothing of Qt."""

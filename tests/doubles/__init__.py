"""Stand-ins for what lies beyond a seam: a scripted engine, small model files."""

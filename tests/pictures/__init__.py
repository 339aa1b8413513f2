"""What pictures of the window are taken of, and how each state is brought about."""

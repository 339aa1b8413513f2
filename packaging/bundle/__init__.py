"""Makes the packages that people install: one folder with the program and all it needs, then a file for each system."""

"""Model files and the machine they are to run on: what a header says, what this computer has, what fits. Pure."""

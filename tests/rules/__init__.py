"""The house rules as checks of the source itself; `python -m tests.rules` prints every breach."""

"""Everything about models in the window: the bar that says which one runs and where, and ways to load another."""

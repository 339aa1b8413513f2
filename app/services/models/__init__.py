"""The loaded model: its engine process from the load to the rest."""

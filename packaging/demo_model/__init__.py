"""How the demo model is made: its training data, its tokenizer, its training, its file and its figures."""

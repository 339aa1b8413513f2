"""The words that the processes speak to each other, one typed message a line."""

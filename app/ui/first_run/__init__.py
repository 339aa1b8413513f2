"""The first page: what this machine is, what leaves it, and how to come by a model."""

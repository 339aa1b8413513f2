"""The room of conversations, templates and thinking, tested without Qt and without llama.cpp."""

"""What a conversation is, and how it becomes a prompt and an answer. Pure: no Qt, no files, no llama.cpp."""

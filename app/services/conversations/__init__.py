"""All conversations, the one that is open, and the replies that grow in them."""

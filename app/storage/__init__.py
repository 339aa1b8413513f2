"""The person's conversations on disk, in SQLite: the only room that writes SQL."""

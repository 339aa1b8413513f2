"""Conversations out of the store into files, and from files and commands into it."""

"""Stands in for the library of this name: Python's own typing has what is asked of it here, and starts sooner."""

from typing import NotRequired, Required, TypeAlias, get_type_hints

__all__ = ["NotRequired", "Required", "TypeAlias", "get_type_hints"]

"""Stands in for msgspec's own package module, which brings YAML, TOML and schemas along; none of these is used here.

What encodes and decodes, `msgspec._core`, is the library's, unchanged.
"""

from typing import Any

from msgspec._core import (  # type: ignore[import-not-found]  # a library of C
    NODEFAULT,
    UNSET,
    DecodeError,
    EncodeError,
    Field,
    Meta,
    MsgspecError,
    Raw,
    Struct,
    StructMeta,
    UnsetType,
    ValidationError,
    convert,
    defstruct,
    to_builtins,
)

__all__ = [
    "NODEFAULT",
    "UNSET",
    "DecodeError",
    "EncodeError",
    "Meta",
    "MsgspecError",
    "Raw",
    "Struct",
    "StructMeta",
    "UnsetType",
    "ValidationError",
    "convert",
    "defstruct",
    "field",
    "json",
    "structs",
    "to_builtins",
]


def field(*, default: Any = NODEFAULT, default_factory: Any = NODEFAULT, name: str | None = None) -> Any:
    """How a field of a Struct is made."""
    return Field(default=default, default_factory=default_factory, name=name)


# They ask this module for what stands above.
from msgspec import json, structs  # noqa: E402

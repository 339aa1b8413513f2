"""Stands in for msgspec's own module of this name, which brings its schemas along."""

from msgspec._core import JSONDecoder as Decoder  # type: ignore[import-not-found]  # a library of C
from msgspec._core import JSONEncoder as Encoder
from msgspec._core import json_decode as decode
from msgspec._core import json_encode as encode
from msgspec._core import json_format as format  # noqa: A004  # the library's name

__all__ = ["Decoder", "Encoder", "decode", "encode", "format"]

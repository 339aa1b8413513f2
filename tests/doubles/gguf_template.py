"""A copy of a model file that speaks by another chat template, as a third party would publish it."""

import struct
from pathlib import Path

_KEY = b"tokenizer.chat_template"
_STRING = 8
"""The number of a string's type in a GGUF."""

_ALIGNMENT = 32


def with_template(source: Path, template: str, target: Path) -> Path:
    """Writes the copy. The template gets a comment in front, as long as keeps the weights aligned."""
    data = source.read_bytes()
    start = data.index(_KEY) + len(_KEY)
    kind, length = struct.unpack_from("<IQ", data, start)
    assert kind == _STRING
    end = start + 12 + length
    grown = len(template.encode()) - length
    comment = "{#" + " " * (-(grown + 4) % _ALIGNMENT) + "#}"
    text = (comment + template).encode()
    target.write_bytes(data[:start] + struct.pack("<IQ", kind, len(text)) + text + data[end:])
    return target

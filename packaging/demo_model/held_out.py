"""Which values are kept for measuring: the same ones in every run, on every machine."""

from __future__ import annotations

import zlib


def is_held_out(*values: object) -> bool:
    """Whether these values (a twelfth of all) are kept for measuring and never trained on."""
    return zlib.crc32(repr(values).encode()) % 12 == 0

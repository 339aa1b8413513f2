"""JSON lines: one typed message a line, encoded and decoded by msgspec, with a limit on a line's length."""

from typing import Any, Generic, TypeVar

import msgspec

Word = TypeVar("Word")

MAX_LINE = 256 * 1024 * 1024
"""Bytes that one message may take; a conversation with its thinking is far below."""


class WireError(Exception):
    """A line that is no word of the protocol."""


def encode(word: msgspec.Struct) -> bytes:
    """The word as one line, newline included; newlines inside texts are escaped by JSON.

    Half a surrogate pair, which a clipboard may hold and JSON may not, becomes U+FFFD.
    """
    try:
        line = msgspec.json.encode(word)
    except UnicodeEncodeError:
        line = msgspec.json.encode(_mended(msgspec.to_builtins(word)))
    return line + b"\n"


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    return [_mended(item) for item in value] if isinstance(value, list | tuple) else value


class LineDecoder(Generic[Word]):
    """Turns bytes, however they are cut, into words of one vocabulary: a union of tagged structs.

    A union is no `type` to the type checker, hence the `Any`; the variable's annotation says what is decoded.
    """

    def __init__(self, vocabulary: Any) -> None:
        self._decoder: msgspec.json.Decoder[Word] = msgspec.json.Decoder(vocabulary)
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[Word]:
        """The words whose last byte has arrived, in order. Raises WireError for a line that is none."""
        self._pending += data
        if b"\n" not in data:
            if len(self._pending) > MAX_LINE:
                raise WireError("a line longer than the protocol allows")
            return []
        *lines, rest = bytes(self._pending).split(b"\n")
        self._pending = bytearray(rest)
        return [self._decode(line) for line in lines if line.strip()]

    def _decode(self, line: bytes) -> Word:
        try:
            return self._decoder.decode(line)
        except msgspec.MsgspecError as error:
            raise WireError(f"{error} in a line of {len(line)} bytes") from error

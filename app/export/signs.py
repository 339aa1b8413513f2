"""Signs that must not reach a text file as they are: halves of letters, and what a terminal takes for a command."""

import re
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")

_COMMANDS: Final = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (*range(0x20), *range(0x7F, 0xA0))
    if chr(code) not in "\t\n"
}


def harmless(text: str) -> str:
    """The text with lines that end in a line feed alone and nothing in it that a terminal obeys."""
    return _LINE_ENDS.sub("\n", whole_letters(text)).translate(_COMMANDS)


def whole_letters(text: str) -> str:
    """Halves of letters that belong together joined, others replaced: UTF-8 has no way to write them."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

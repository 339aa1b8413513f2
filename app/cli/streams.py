"""Standard input, output and error as a script may leave them: closed, in a narrow encoding, or full."""

import io
import os
import sys
from pathlib import Path


def prepare_streams(*, exact: bool) -> None:
    """Opens what is closed on the null device, and lets no letter be refused.

    What the encoding does not have is replaced, or, where the output is to be `exact`, written as UTF-8 all the same.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  (open to the end)
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (open to the end)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (open to the end)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if exact and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def typed(argument: str) -> str:
    """An argument's text; bytes that the locale could not read are read as UTF-8."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return os.fsencode(argument).decode("utf-8", "replace")
    return argument


def abandon_output() -> None:
    """Nothing more can be written to standard output: not even the interpreter is to try at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

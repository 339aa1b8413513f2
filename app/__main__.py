"""Picks the role: the window, the command line, or an engine process; before any import of Qt."""

import gc
import signal
import sys
from collections.abc import Sequence

from app.paths import ENGINE_ROLE

VERBS = ("ask", "models", "conversations", "export", "bench")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the role that the arguments (without the program's name) ask for; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [ENGINE_ROLE]:
        from app.engine.role import main as engine

        return engine(given[1:])
    if wants_command_line(given):
        return _command_line(given)
    # Collections before the first picture free nothing and cost a twentieth of it; the application makes its own then.
    gc.disable()
    from app.application import main as window

    return window(given)


def _command_line(arguments: Sequence[str]) -> int:
    # Until the command listens to Ctrl+C itself, the signal ends it without a traceback, in the middle of imports too.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from app.cli.main import main as command_line

    return command_line(arguments)


def wants_command_line(arguments: Sequence[str]) -> bool:
    """Whether the first word that is no option is a verb, or help or the version is asked for."""
    rest = iter(arguments)
    for word in rest:
        if word in ("-h", "--help", "--version"):
            return True
        if word == "--data-dir":
            next(rest, None)
        elif not word.startswith("-"):
            return word in VERBS
    return False


if __name__ == "__main__":
    sys.exit(main())

"""The real engine on real weights, whose replies say what a file has: for `ask` and for the window.

    python -m tests.doubles.forced_engine SCRIPT_FILE ask WORDS...

runs the command line with such an engine; `forced_command` is what starts one for a window.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from app.paths import ENGINE_ROLE, Paths
from app.services.models.engine_command import engine_command

_OWN_WORDS = 3
"""Of the command that starts the program as an engine: the interpreter, `-m` and its name; its role follows."""


def forced_command(script: Path, paths: Paths) -> list[str]:
    """The command of an engine whose replies say what the file has when they begin."""
    own = [sys.executable, "-m", "tests.doubles.forced_engine", str(script)]
    return [*own, *engine_command(paths)[_OWN_WORDS:]]


def main(arguments: Sequence[str]) -> int:
    """Runs as an engine, or as the command line with such an engine."""
    script, words = Path(arguments[0]), list(arguments[1:])
    if words[0] == ENGINE_ROLE:
        return _engine(script, words[1:])
    from app.cli import ask
    from app.cli.main import main as command_line

    vars(ask)["engine_command"] = lambda paths: forced_command(script, paths)
    return command_line(words)


def _engine(script: Path, words: Sequence[str]) -> int:
    from app.engine import loading, role
    from app.engine.llama_backend import LlamaModel
    from tests.doubles.forced_sampling import force, read_script

    class Forced(LlamaModel):
        """A model that is forced from the beginning."""

        def __init__(self, *given: object, **named: object) -> None:
            super().__init__(*given, **named)  # type: ignore[arg-type]
            force(self, lambda: read_script(script))

    vars(loading)["LlamaModel"] = Forced
    return role.main(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

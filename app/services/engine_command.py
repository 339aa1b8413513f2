"""How an engine process is started: the program itself in that role, and what it needs to know."""

from app.paths import Paths, demo_model, own_command

ENGINE_ROLE = "--engine-worker"


def engine_command(paths: Paths) -> list[str]:
    """The command that starts an engine which remembers its CPU library in the cache folder."""
    return [
        *own_command(ENGINE_ROLE),
        "--cache-dir",
        str(paths.cache),
        "--proof-model",
        str(demo_model()),
    ]

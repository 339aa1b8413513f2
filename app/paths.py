"""Where everything lies: the person's data, models, cache and logs, what the app ships, and the program itself."""

import errno
import stat
import sys
from pathlib import Path
from typing import NamedTuple

_APP = "soliloquy"
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

ENGINE_ROLE = "--engine-worker"
"""The first word of the command that starts an engine process."""


class Paths(NamedTuple):
    """The folders that the app writes to; none exists before `prepare` is called.

    `data` holds what a person made, `models` the model files, `cache` what can be made anew, `logs` the log files.
    """

    data: Path
    models: Path
    cache: Path
    logs: Path

    @classmethod
    def standard(cls) -> "Paths":
        """The folders that this operating system gives to a program."""
        import platformdirs

        data = Path(platformdirs.user_data_dir(_APP, appauthor=False))
        return cls(
            data=data,
            models=data / "models",
            cache=Path(platformdirs.user_cache_dir(_APP, appauthor=False)),
            logs=Path(platformdirs.user_log_dir(_APP, appauthor=False)),
        )

    @classmethod
    def under(cls, folder: Path) -> "Paths":
        """Everything inside one folder, as `--data-dir` asks."""
        root = folder.expanduser().absolute()
        return cls(data=root, models=root / "models", cache=root / "cache", logs=root / "logs")

    def prepare(self) -> None:
        """Makes the folders; what a person writes is readable by that person alone (mode 0700).

        Only a folder that everyone shares stays as it is; those inside it are closed. A folder of conversations that
        cannot be written to can still be read, so whatever is missing in it is missed where it is needed.
        Raises OSError where there is no such folder, and where it cannot be closed to others.
        """
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _close_to_others(self.data)
        for folder in (self.models, self.cache, self.logs):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                if error.errno not in _READ_ONLY:
                    raise
            else:
                if folder != self.models:
                    _close_to_others(folder)


def _close_to_others(folder: Path) -> None:
    mode = folder.stat().st_mode
    # A folder that everyone shares, such as /tmp, is not ours to close; one that is right may be unchangeable.
    if mode & stat.S_ISVTX or not mode & 0o077:
        return
    try:
        folder.chmod(mode & 0o700)
    except OSError as error:
        # As it lies on a disk that nobody can write to, it is not closed by anybody.
        if error.errno != errno.EROFS:
            raise


def resources() -> Path:
    """The folder of fonts, icons, themes and the demo model, beside the package."""
    return Path(__file__).resolve().parent.parent / "resources"


def demo_model() -> Path:
    """The tiny model that is shipped with the app."""
    return resources() / "models" / "demo.gguf"


def own_command(role: str) -> list[str]:
    """How this program starts itself in another role, from the source tree and when frozen."""
    if getattr(sys, "frozen", False):
        return [str(_with_streams(Path(sys.executable))), role]
    return [sys.executable, "-m", "app", role]


def _with_streams(program: Path) -> Path:
    """On Windows a program with a window has no standard streams; its twin beside it has."""
    twin = program.with_name(f"{program.stem}-console{program.suffix}")
    return twin if sys.platform == "win32" and twin.is_file() else program


def import_root() -> Path:
    """The folder that holds the package `app`: a process started elsewhere needs it on its path."""
    return Path(__file__).resolve().parent.parent

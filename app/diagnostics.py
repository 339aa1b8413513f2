"""The log file, the last resort for errors that nobody caught, and the report that a person can copy.

Nothing that a person wrote or a model said is ever in any of these. Code logs codes, counts and names of files; where a
traceback is written, the message of an exception that may quote a text (ValueError, KeyError and the like) is left out.
"""

import contextlib
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from types import TracebackType

import app
from app.errors import AppError

LOG_NAME = "soliloquy.log"

log = logging.getLogger(__name__)

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_LOG_BYTES = 2**20
_OLD_LOGS = 3
_REPORT_LINES = 60
_LONGEST_LINE = 500
_MEASURED_PACKAGES = ("PySide6-Essentials", "llama-cpp-python", "jinja2", "msgspec", "platformdirs")
# Their messages name files, attributes and types, never what a person typed.
_MESSAGES_TO_SHOW = (
    AppError,
    OSError,
    ImportError,
    AttributeError,
    TypeError,
    NameError,
    RuntimeError,
    MemoryError,
)


def start_log(folder: Path) -> logging.Handler:
    """Sends what every module logs to `soliloquy.log` in the folder (and three old ones, about 1 MiB each, mode 0600).

    Returns the handler, for whoever wants to end it. Where the file cannot be written, standard error takes its place.
    """
    handler: logging.Handler
    try:
        handler = _LogFile(folder / LOG_NAME, encoding="utf-8")
    except OSError as error:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)  # a person reads along there
        log.warning("there is no log file: %s", error.strerror)
    handler.setFormatter(_LogFormat("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def catch_the_uncaught(told: Callable[[str], None]) -> Callable[[], None]:
    """Logs exceptions that nobody caught, on any thread, and calls `told` on that thread with the traceback's text.

    Returns a function that puts the former hooks back.
    """
    former = sys.excepthook, threading.excepthook, sys.unraisablehook

    def uncaught(error: BaseException | None, trace: TracebackType | None, where: str) -> None:
        if error is None or isinstance(error, SystemExit):
            return
        text = describe(error, trace)
        log.critical("uncaught in %s\n%s", where, text)
        told(text)

    def on_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            former[0](kind, error, trace)
        else:
            uncaught(error, trace, "the main thread")

    def on_thread(arguments: threading.ExceptHookArgs) -> None:
        uncaught(arguments.exc_value, arguments.exc_traceback, "another thread")

    def on_unraisable(arguments: "sys.UnraisableHookArgs") -> None:
        uncaught(arguments.exc_value, arguments.exc_traceback, "a finaliser or callback")

    def put_back() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = former

    sys.excepthook, threading.excepthook, sys.unraisablehook = on_main, on_thread, on_unraisable
    return put_back


def describe(error: BaseException, trace: TracebackType | None = None) -> str:
    """A traceback without values: files, lines, functions and types, and the messages of harmless kinds."""
    parts: list[str] = []
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        frames = traceback.extract_tb(trace if following is error and trace else following.__traceback__)
        parts.append("".join(traceback.format_list(frames)) + _named(following))
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return "\n\nwhich led to\n\n".join(reversed(parts))


def report(folder: Path, machine: Iterable[tuple[str, str]] = ()) -> str:
    """A text for a bug report: versions, system, the rows of `machine` (as "CPU", "Memory", "GPU") and the log's end.

    The home folder reads `~` in it.
    """
    import platform  # for a report alone

    rows = [
        ("Soliloquy", app.__version__),
        (
            "Python",
            f"{platform.python_version()} ({'frozen' if getattr(sys, 'frozen', False) else 'source'})",
        ),
        ("System", f"{platform.platform()} {platform.machine()}"),
        *((name, _version(name)) for name in _MEASURED_PACKAGES),
        *machine,
    ]
    lines = [f"{name}: {value}" for name, value in rows]
    return without_home("\n".join([*lines, "", *_last_lines(folder / LOG_NAME)]) + "\n")


def without_home(text: str) -> str:
    """The text with the person's home folder, which carries their name, as `~`."""
    home = str(Path.home())
    if len(home) <= 1:
        return text
    for spelling in dict.fromkeys((home, home.replace("\\", "\\\\"), home.replace("\\", "/"))):
        text = re.sub(re.escape(spelling) + r"(?![\w.-])", "~", text)
    return text


class _LogFile(logging.FileHandler):
    """A log that only its owner can read, that begins anew when it is full and goes on where it cannot.

    The library's own handler of this kind brings sockets along, which would be a thirtieth of the window's start.
    """

    def _open(self) -> TextIOWrapper:
        # the handler closes it; Path.open takes no opener
        return open(self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=_owner_only)

    def emit(self, record: logging.LogRecord) -> None:
        """Writes the record, into a new file where this one is full; without a file it is lost."""
        with contextlib.suppress(OSError):
            self._make_room()
            super().emit(record)

    def _make_room(self) -> None:
        if self.stream and self.stream.tell() >= _LOG_BYTES:
            self.stream.close()
            self.stream = None
            self._move_up()
        if self.stream is None:
            self.stream = self._open()

    def _move_up(self) -> None:
        """Moves every log one number up; on Windows another process may hold the file, and then it grows on."""
        full = Path(self.baseFilename)
        files = [full, *(full.with_name(f"{full.name}.{number}") for number in range(1, _OLD_LOGS + 1))]
        with contextlib.suppress(OSError):
            for newer, older in reversed(list(pairwise(files))):
                if newer.exists():
                    newer.replace(older)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """Goes on without a line that a full disk did not take: whoever reads standard error has no use for that."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


class _LogFormat(logging.Formatter):
    """Lines of the log, whose tracebacks hold no values."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line. Another handler may have left its own traceback on the record: it is not used."""
        left, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = left

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802  # logging's name
        """The traceback as `describe` writes it."""
        return describe(ei[1], ei[2]) if ei[1] is not None else ""


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _named(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, _MESSAGES_TO_SHOW):
        return f"{name}: {str(error)[:_LONGEST_LINE]}"
    return name


def _version(distribution: str) -> str:
    import importlib.metadata  # for a report alone: the import takes a tenth of the window's start

    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "not found"


def _last_lines(file: Path) -> Sequence[str]:
    """The end of the log, long lines cut."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ["(no log)"]
    return [line[:_LONGEST_LINE] for line in text.splitlines()[-_REPORT_LINES:]]

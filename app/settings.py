"""What a person has chosen for the app, kept in one small JSON file.

To add a choice: write one more `Choice` below, with a sentence that says what it decides, and put it into `CHOICES`.
Its default must be right for somebody who never opens the settings. A name is never used again for something else,
since old files live on; what a newer version wrote stays in the file untouched.
"""

import contextlib
import logging
import os
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

log = logging.getLogger(__name__)

T = TypeVar("T", str, int, float, bool)

# A settings file is a few hundred bytes; whatever is larger than this was not written by the app.
_MAX_BYTES = 2**20


class Choice(msgspec.Struct, Generic[T], frozen=True):
    """Something that can be chosen: `meaning` says what it decides.

    A number, whole where the default is, lies between `least` and `most`, and is one of `numbers` if there are any. A
    text has at most `longest` characters, and is one of `options` if there are any.
    """

    name: str
    default: T
    meaning: str
    least: float = 0
    most: float = 0
    longest: int = 0
    options: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()

    def allows(self, value: object) -> bool:
        """Whether the value is of the choice's type and within its limits."""
        default: object = self.default
        if isinstance(value, str) and isinstance(default, str):
            return len(value) <= self.longest and (not self.options or value in self.options)
        if isinstance(value, bool) or isinstance(default, bool):
            return isinstance(value, bool) and isinstance(default, bool)
        if isinstance(value, int) or (isinstance(value, float) and isinstance(default, float)):
            inside = not isinstance(default, str) and self.least <= value <= self.most
            return inside and (not self.numbers or value in self.numbers)
        return False


LAST_MODEL = Choice(
    "last_model", "", "The model file that was loaded last; empty for the demo model.", longest=4096
)
CONTEXT = Choice(
    "context",
    0,
    "Tokens of context for newly loaded models; 0 lets the app decide.",
    least=0,
    most=16_777_216,
)
GPU_LAYERS = Choice(
    "gpu_layers",
    -1,
    "Layers that go to the GPU; -1 lets the app decide, 0 keeps to the CPU.",
    least=-1,
    most=1024,
)
THREADS = Choice("threads", 0, "Threads of the engine; 0 lets the app decide.", least=0, most=1024)
THEME = Choice(
    "theme", "system", "Light, dark, or as the system is.", longest=16, options=("system", "light", "dark")
)
TEXT_SIZE = Choice("text_size", 100, "The transcript's text, in per cent.", least=85, most=200)
READING_WIDTH = Choice(
    "reading_width", 544, "The column's width in pixels at 100 %.", most=760, numbers=(480, 544, 640, 760)
)
LANGUAGE = Choice("language", "", "The interface's language as a code; empty for the system's.", longest=16)
SHORTCUTS = Choice(
    "shortcuts", "{}", "The shortcuts that a person changed: a JSON object of actions and keys.", longest=8192
)

THINKING = Choice(
    "thinking", "", "How hard to think, in the model's own words; empty for the model's default.", longest=64
)
TEMPERATURE = Choice(
    "temperature", -1.0, "How freely tokens are drawn; -1: as the model asks.", least=-1, most=2
)
TOP_K = Choice(
    "top_k", -1, "How many tokens are drawn from; 0: all, -1: as the model asks.", least=-1, most=1000
)
TOP_P = Choice("top_p", -1.0, "The share that is drawn from; -1: as the model asks.", least=-1, most=1)
MIN_P = Choice("min_p", -1.0, "The least share of the likeliest; -1: as the model asks.", least=-1, most=1)
REPEAT_PENALTY = Choice(
    "repeat_penalty", -1.0, "How repetition is weighed down; -1: as the model asks.", least=-1, most=2
)
SEED = Choice("seed", -1, "Makes sampling repeatable; -1: each reply differs.", least=-1, most=2**31 - 1)
MAX_TOKENS = Choice(
    "max_tokens", 0, "The longest reply in tokens; 0: to the end of the context.", most=16_777_216
)
SYSTEM_PROMPT = Choice("system_prompt", "", "What new conversations begin with.", longest=100_000)

DISTRUSTED = Choice(
    "distrusted_templates",
    "[]",
    "The model files that are asked in plain words: a JSON list of path, bytes and time of change.",
    longest=65_536,
)

IDLE_UNLOAD = Choice("idle_unload", 30, "Minutes after which an idle model is unloaded; 0: never.", most=1440)
INHIBIT_SLEEP = Choice("inhibit_sleep", True, "Whether the machine stays awake while a reply is written.")
NOTIFY = Choice("notify", True, "Whether a reply that ends behind other windows is announced by the desktop.")

SECURE_DELETE = Choice("secure_delete", False, "Whether what is deleted is overwritten, in backups too.")
EXPORT_FORMAT = Choice(
    "export_format", "md", "The format that was exported last.", longest=8, options=("md", "txt", "json")
)
EXPORT_THINKING = Choice(
    "export_thinking",
    "none",
    "What the last export did with the thinking.",
    longest=16,
    options=("none", "collapsed", "appendix"),
)

WINDOW_GEOMETRY = Choice(
    "window_geometry", "", "Where the window stood, as Qt saves it, in base64.", longest=4096
)
SIDEBAR_WIDTH = Choice("sidebar_width", 264, "The conversation list's width in pixels.", least=200, most=400)
SIDEBAR_SHOWN = Choice("sidebar_shown", True, "Whether the conversation list is shown in wide windows.")
LAST_CONVERSATION = Choice("last_conversation", "", "The conversation that was open last.", longest=64)
WELCOMED = Choice("welcomed", False, "Whether the first-run page was left once.")

AnyChoice = Choice[str] | Choice[int] | Choice[float] | Choice[bool]

CHOICES: tuple[AnyChoice, ...] = (
    LAST_MODEL,
    CONTEXT,
    GPU_LAYERS,
    THREADS,
    THEME,
    TEXT_SIZE,
    READING_WIDTH,
    LANGUAGE,
    SHORTCUTS,
    THINKING,
    TEMPERATURE,
    TOP_K,
    TOP_P,
    MIN_P,
    REPEAT_PENALTY,
    SEED,
    MAX_TOKENS,
    SYSTEM_PROMPT,
    DISTRUSTED,
    IDLE_UNLOAD,
    INHIBIT_SLEEP,
    NOTIFY,
    SECURE_DELETE,
    EXPORT_FORMAT,
    EXPORT_THINKING,
    WINDOW_GEOMETRY,
    SIDEBAR_WIDTH,
    SIDEBAR_SHOWN,
    LAST_CONVERSATION,
    WELCOMED,
)
"""The table of all choices."""


class Settings:
    """The choices of one data folder, read when made and written by `save`.

    A file that is damaged is set aside as `settings.json.damaged-1` (2, 3, ...) and the defaults count. Several
    processes may share the file: `save` writes what was set here over what stands there by then.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed: dict[str, str | int | float] = {}
        self._values = self._read()

    def get(self, choice: Choice[T]) -> T:
        """What was chosen; the default where nothing, or nothing within the limits, was."""
        value: Any = self._changed.get(choice.name, self._values.get(choice.name))
        if choice.allows(value):
            # A whole number stands for a fraction in JSON as people write it.
            return type(choice.default)(value)
        return choice.default

    def set(self, choice: Choice[T], value: T) -> None:
        """Chooses; nothing is written before `save`. Raises ValueError when the value is not within the limits."""
        if not choice.allows(value):
            raise ValueError(f"{choice.name} cannot be {value!r}")
        self._changed[choice.name] = value

    def save(self) -> bool:
        """Writes the file, whole or not at all; False (and a line in the log) when the system does not let it."""
        if not self._changed:
            return True
        import json  # msgspec does not write a file's name whose bytes are no text

        values = {**self._read(), **self._changed}
        try:
            _write(self._file, json.dumps(values, indent=2, ensure_ascii=False) + "\n")
        except OSError as error:
            log.warning("the settings cannot be saved: %s", error.strerror)
            return False
        self._values = values
        self._changed.clear()
        return True

    def _read(self) -> dict[str, object]:
        """Everything in the file, known or not."""
        try:
            with self._file.open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return {}
        except OSError as error:
            log.warning("the settings cannot be read: %s", error.strerror)
            return {}
        values = _parsed(data)
        if values is None:
            self._set_aside()
            return {}
        return values

    def _set_aside(self) -> None:
        number = 1
        while (aside := self._file.with_name(f"{self._file.name}.damaged-{number}")).exists():
            number += 1
        try:
            self._file.rename(aside)
        except OSError as error:
            log.warning("the damaged settings cannot be set aside: %s", error.strerror)
        else:
            log.warning("the settings were damaged; they lie in %s now", aside.name)


def _parsed(data: bytes) -> dict[str, object] | None:
    """The file's object; None when it is not one. RecursionError: brackets by the thousand."""
    if len(data) > _MAX_BYTES:
        return None
    try:
        values = msgspec.json.decode(data)
    except (msgspec.DecodeError, ValueError, RecursionError):
        # It may hold the name of a file whose bytes are no text.
        values = _parsed_leniently(data)
    return values if isinstance(values, dict) else None


def _parsed_leniently(data: bytes) -> object:
    import json  # at the window's start every millisecond counts, and this one is seldom needed

    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _write(file: Path, text: str) -> None:
    """Replaces the file by way of a new one beside it, readable by its owner alone; a link stays a link."""
    target = file.resolve()
    fresh = target.with_name(f"{target.name}.new-{os.urandom(4).hex()}")
    try:
        # settings may name files that are nobody else's business
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Makes the new name last through a power cut, where a folder can be opened (not on Windows)."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""The files that the house rules read, and what a breach of a rule looks like."""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

_CODE_FOLDERS = ("app", "packaging", "tests")
_TEXT_SUFFIXES = frozenset(
    {".py", ".md", ".toml", ".sh", ".yml", ".yaml", ".cfg", ".ini", ".desktop", ".spec", ""}
)
_TEXT_FOLDERS = (*_CODE_FOLDERS, ".ci")


@dataclass(frozen=True)
class Breach:
    """One place where a rule is broken; `path` is relative to the repository, lines count from 1."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """One file: its path relative to the repository with forward slashes, and its text."""

    path: str
    text: str
    tree: ast.Module = field(default_factory=lambda: ast.Module(body=[], type_ignores=[]), compare=False)

    @classmethod
    def of_code(cls, path: str, text: str) -> "Source":
        """A Python file, parsed."""
        return cls(path, text, ast.parse(text, filename=path))

    @property
    def module(self) -> str:
        """The dotted name, such as `app.chat.prompt`; a package's is that of its folder."""
        parts = self.path.removesuffix(".py").split("/")
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def breach(self, line: int, message: str) -> Breach:
        """A breach in this file."""
        return Breach(self.path, line, message)


Rule = Callable[[Source], Iterator[Breach]]


def is_in(module: str, rooms: Iterable[str]) -> bool:
    """Whether a module is one of the rooms or lies inside one."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def code(root: Path = ROOT) -> list[Source]:
    """Every Python file of ours."""
    paths = [path for folder in _CODE_FOLDERS for path in sorted((root / folder).rglob("*.py"))]
    return [Source.of_code(path.relative_to(root).as_posix(), _text(path)) for path in paths]


def texts(root: Path = ROOT) -> list[Source]:
    """Every file of ours that people write as text, Python included; what others wrote (licences) is not ours."""
    inside = [path for folder in _TEXT_FOLDERS for path in sorted((root / folder).rglob("*"))]
    found = [
        path
        for path in (*sorted(root.iterdir()), *inside)
        if path.is_file() and path.suffix in _TEXT_SUFFIXES
    ]
    return [
        Source(path.relative_to(root).as_posix(), _text(path)) for path in found if path.name != "LICENSE"
    ]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")

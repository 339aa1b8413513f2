"""Which library may be named where: what import-linter cannot say of a library's submodules or of one file."""

import ast
from collections.abc import Iterator

from tests.rules.source import Breach, Source, is_in

# The longest name that fits an import decides; a module may be there that no issue has written yet.
ALLOWED: dict[str, tuple[str, ...]] = {
    "llama_cpp": ("app.engine.llama_backend", "app.engine.cpu_library"),
    "huggingface_hub": ("app.network",),
    "requests": ("app.network",),
    "httpx": ("app.network",),
    "urllib3": ("app.network",),
    "urllib.request": ("app.network",),
    "http": ("app.network",),
    "aiohttp": ("app.network",),
    "socket": ("app.network",),
    "ssl": ("app.network",),
    "sqlite3": ("app.storage",),
    "jinja2": (
        "app.chat.template",
        "app.chat.template_meter",
        "app.chat.template_names",
        "app.chat.template_reach",
        "app.chat.template_sandbox",
    ),
    "keyring": ("app.services.secrets",),
    # Any other part of Qt is one that the app does without.
    "PySide6": (),
    "PySide6.QtCore": (
        "app.ui",
        "app.application",
        "app.attendance",
        "app.services",
        "app.cli",
        "app.export.pdf",
    ),
    "PySide6.QtGui": ("app.ui", "app.application", "app.attendance", "app.export.pdf"),
    "PySide6.QtWidgets": ("app.ui", "app.application", "app.attendance"),
    "PySide6.QtSvg": ("app.ui",),
    "PySide6.QtDBus": ("app.services.desktop.desktop_linux",),
    "PySide6.QtNetwork": ("app.services.desktop.one_instance",),
}


def libraries_in_their_rooms(source: Source) -> Iterator[Breach]:
    """Each library is wrapped in one place, so that it can be replaced or distrusted there."""
    if not source.path.startswith("app/"):
        return
    for line, name in imported_names(source):
        rule = _rule_for(name)
        if rule is not None and not is_in(source.module, ALLOWED[rule]):
            where = " or ".join(ALLOWED[rule]) or "no room of the app"
            yield source.breach(line, f"{name} is imported; {rule} belongs in {where}")


def imported_names(source: Source) -> Iterator[tuple[int, str]]:
    """Line and dotted name of all that is imported, inside functions too; `from a import b` counts as `a.b`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _rule_for(name: str) -> str | None:
    parts = name.split(".")
    prefixes = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in ALLOWED), None)

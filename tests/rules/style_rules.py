"""How modules open, what they are called, and what they leave out."""

import ast
import re
from collections.abc import Iterator

from tests.rules.source import Breach, Source, is_in

_VAGUE_FILE = re.compile(r"(^|_)(utils?|helpers?|managers?|misc)(_|$)")
_VAGUE_CLASS = re.compile(r"(Utils?|Helpers?|Manager|Misc)$")

_SENTENCE = re.compile(r"\S.*?[.:;!?](\s|$)", re.DOTALL)

_CATCH_ALL = frozenset({"Exception", "BaseException"})
_MAY_CATCH_ALL = re.compile(r"app/services/background\.py|app/\w+/worker\.py")

_STATEMENTS_THAT_WORK = (ast.For, ast.While, ast.With, ast.Try)

_COLOUR = re.compile(r"#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")
_PIXELS = re.compile(r"\d\s*p[xt]\b")
_GEOMETRY = re.compile(
    r"setFixed(Width|Height|Size)|set(Minimum|Maximum)(Width|Height|Size)|setContentsMargins|set\w*Spacing"
    r"|setP(ixel|oint)Size(F)?|setIconSize|QSize(F)?|QMargins(F)?|QColor"
)


def opens_with_a_sentence(source: Source) -> Iterator[Breach]:
    """Each module says in its first sentence what it is."""
    text = ast.get_docstring(source.tree) or ""
    first = text.split("\n\n")[0]
    if not _SENTENCE.match(first):
        yield source.breach(1, "the module does not open with a sentence that says what it is")


def telling_names(source: Source) -> Iterator[Breach]:
    """Names say what a thing is; the vague ones hide that nobody knew."""
    for part in source.path.removesuffix(".py").split("/"):
        if _VAGUE_FILE.search(part):
            yield source.breach(1, f"the name {part} says nothing")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and _VAGUE_CLASS.search(node.name):
            yield source.breach(node.lineno, f"the name {node.name} says nothing")


def narrow_excepts(source: Source) -> Iterator[Breach]:
    """Only what must outlive any failure catches everything."""
    if not source.path.startswith("app/") or _MAY_CATCH_ALL.fullmatch(source.path):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type) and not _raises_again(node):
            yield source.breach(node.lineno, "everything is caught; name the exceptions that can come")


def _catches_all(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_catches_all(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in _CATCH_ALL)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whoever tidies up and lets the exception go on hides nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def no_work_at_import(source: Source) -> Iterator[Breach]:
    """A module of the app defines; nothing happens until somebody calls."""
    if not source.path.startswith("app/"):
        return
    for node in source.tree.body:
        called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if called or isinstance(node, _STATEMENTS_THAT_WORK):
            yield source.breach(node.lineno, "the module works when it is imported")


def tokens_only(source: Source) -> Iterator[Breach]:
    """Colours and sizes have names, and the names live in the theme."""
    if (
        not is_in(source.module, ("app.ui", "app.application", "app.attendance"))
        or source.module == "app.ui.theme"
    ):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _holds_a_token(node.value) and not _is_statement(node, source):
                yield source.breach(node.lineno, f"{node.value.strip()[:40]!r} holds a colour or a size")
        elif (
            isinstance(node, ast.Call)
            and _GEOMETRY.fullmatch(_called(node))
            and any(map(_is_number, node.args))
        ):
            yield source.breach(node.lineno, f"{_called(node)} is given a bare number")


def _holds_a_token(text: str) -> bool:
    return _COLOUR.search(text) is not None or _PIXELS.search(text) is not None


def _is_statement(node: ast.Constant, source: Source) -> bool:
    """Docstrings may speak of colours."""
    return any(isinstance(other, ast.Expr) and other.value is node for other in ast.walk(source.tree))


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_number(node: ast.expr) -> bool:
    """Nothing (0) and "no limit" (-1) are no sizes."""
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value not in (0, True)
    )

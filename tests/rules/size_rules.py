"""How long modules, classes and functions may be."""

import ast
import statistics
from collections.abc import Iterator

from tests.rules.source import Breach, Source

LINES_IN_A_MODULE = 400
METHODS_IN_A_CLASS = 25
LINES_IN_A_FUNCTION = 40
MEDIAN_LINES_OF_FUNCTIONS = 9

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def short_modules(source: Source) -> Iterator[Breach]:
    """A module is read in one sitting."""
    lines = len(source.text.splitlines())
    if lines > LINES_IN_A_MODULE:
        yield source.breach(LINES_IN_A_MODULE, f"{lines} lines, more than {LINES_IN_A_MODULE}")


def small_classes(source: Source) -> Iterator[Breach]:
    """A class does one thing."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(child, _Function) for child in node.body)
            if methods > METHODS_IN_A_CLASS:
                yield source.breach(
                    node.lineno, f"{node.name} has {methods} methods, more than {METHODS_IN_A_CLASS}"
                )


def short_functions(source: Source) -> Iterator[Breach]:
    """A function fits on a screen, from its `def` to its last line."""
    for node in functions(source):
        if length(node) > LINES_IN_A_FUNCTION:
            message = f"{node.name} has {length(node)} lines, more than {LINES_IN_A_FUNCTION}"
            yield source.breach(node.lineno, message)


def short_on_the_whole(sources: list[Source]) -> Iterator[Breach]:
    """Half of the app's functions are very short."""
    lengths = [
        length(node) for source in sources if source.path.startswith("app/") for node in functions(source)
    ]
    median = statistics.median(lengths) if lengths else 0
    if median > MEDIAN_LINES_OF_FUNCTIONS:
        yield Breach(
            "app", 1, f"the median function has {median:g} lines, more than {MEDIAN_LINES_OF_FUNCTIONS}"
        )


def functions(source: Source) -> Iterator[_Function]:
    """Every function and method of a file, nested ones too."""
    return (node for node in ast.walk(source.tree) if isinstance(node, _Function))


def length(node: _Function) -> int:
    """Lines from `def` to the end."""
    return (node.end_lineno or node.lineno) - node.lineno + 1

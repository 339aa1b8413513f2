"""jinja2's immutable sandbox with limits on what a rendering may take: text, steps of its loops, and seconds."""

import functools
import operator
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

_STEPS_BETWEEN_LOOKS = 256
_COUNTED = "counted by the sandbox"
_CHAINED = "chained by the sandbox"
_KEPT = "kept by the sandbox"


@dataclass(frozen=True)
class Allowance:
    """What rendering may cost: `characters` of any one text, `steps` of all loops together, `seconds`.

    It holds for each rendering, or, `in_all`, for every rendering of a template together. Memory that one operation
    asks for at once is beyond it: the process that renders has limits of its own.
    """

    characters: int = 64_000_000
    steps: int = 2_000_000
    seconds: float = 5.0
    in_all: bool = False


class Meter:
    """Counts what was taken so far; raises SecurityError when that is more than allowed."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._steps = 0
        self._ends = time.monotonic() + allowance.seconds

    def joined(self, pieces: Iterable[str]) -> str:
        """The rendered text."""
        taken: list[str] = []
        length = 0
        for piece in pieces:
            length += len(piece)
            self.size(length)
            self.look()
            taken.append(piece)
        return "".join(taken)

    def counted(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items of a loop."""
        for item in items:
            self._steps += 1
            if self._steps > self._allowance.steps:
                raise SecurityError("the template loops too often")
            if self._steps % _STEPS_BETWEEN_LOOKS == 0:
                self.look()
            yield item

    def size(self, length: int) -> None:
        """A text of `length` characters, or a list of as many items, is about to exist."""
        if length > self._allowance.characters:
            raise SecurityError("the template makes too much text")

    def widths(self, form: str) -> None:
        """The widths that a format such as "%99d" or "{:99}" spells out."""
        self.size(sum(int(digits) for digits in re.findall(r"\d{1,18}", form)))

    def asked(self, arguments: Iterable[Any], named: Mapping[str, Any]) -> None:
        """What a function is about to be given: no number of it may be a size out of all proportion."""
        self.look()
        for value in (*arguments, *named.values()):
            if isinstance(value, int):
                self.size(value)

    def replaced(self, text: str, arguments: Sequence[Any]) -> None:
        """Text is about to be replaced."""
        if len(arguments) > 1 and all(isinstance(argument, str) for argument in arguments[:2]):
            self.size(text.count(arguments[0]) * len(arguments[1]))

    def given(self, result: Any) -> Any:
        """What a function has returned."""
        if isinstance(result, str | list | tuple):
            self.size(len(result))
        return result

    def look(self) -> None:
        """Looks at the clock."""
        if time.monotonic() > self._ends:
            raise SecurityError("the template takes too long")


class BoundedSandbox(ImmutableSandboxedEnvironment):
    """The sandbox in which a model's template runs; every rendering happens inside `running()`."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, allowance: Allowance, **options: Any) -> None:
        self._allowance = allowance
        self._meter: Meter | None = None
        super().__init__(**options)
        del self.globals["lipsum"]  # makes text out of nothing
        for name, function in self.filters.items():
            self.filters[name] = self._measured(name, function)
        self.filters[_COUNTED] = self._counted
        self.filters[_CHAINED] = self._chained
        self.filters[_KEPT] = self._kept

    def bounded(self, tree: nodes.Template) -> nodes.Template:
        """The parsed template with every loop counted and every chain of texts measured."""
        _Bounds().visit(tree)
        return tree

    @contextmanager
    def running(self) -> Iterator[Meter]:
        """One rendering, metered."""
        if self._meter is None or not self._allowance.in_all:
            self._meter = Meter(self._allowance)
        yield self._meter

    @property
    def _now(self) -> Meter:
        return self._meter or Meter(self._allowance)

    def _counted(self, items: Iterable[Any]) -> Iterator[Any]:
        return self._now.counted(items)

    def _chained(self, texts: Iterable[Any]) -> str:
        return self._now.joined(str(text) for text in texts)

    def _kept(self, text: Any) -> Any:
        return self._now.given(text)

    def _measured(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter that takes and returns no more than is allowed."""

        # The names that jinja2 marks a function with, to be given its context, go along.
        @functools.wraps(function)
        def measured(*arguments: Any, **named: Any) -> Any:
            self._now.asked(arguments, named)
            texts = [argument for argument in arguments if isinstance(argument, str)]
            if name == "replace" and texts:
                self._now.replaced(texts[0], texts[1:])
            elif name == "format" and texts:
                self._now.widths(texts[0])
            return self._now.given(function(*arguments, **named))

        return measured

    def call(self, __context: Context, __obj: Any, *arguments: Any, **named: Any) -> Any:
        """A call in the template: checked by the sandbox and timed, what it takes and returns measured."""
        self._now.asked(arguments, named)
        if getattr(__obj, "__name__", "") == "replace" and isinstance(getattr(__obj, "__self__", None), str):
            self._now.replaced(__obj.__self__, arguments)
        return self._now.given(super().call(__context, __obj, *arguments, **named))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Python's way to format text, whose widths are spelled in the text."""
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            self._now.widths(value.__self__)
        return wrapped

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 (jinja2's)
        """An operator that can make much out of little."""
        self._now.look()
        _SIZERS[operator](self._now, left, right)
        return _OPERATORS[operator](left, right)


class _Bounds(NodeTransformer):
    """Sends loops, chains of texts and kept blocks through filters that a template cannot name or replace."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 (jinja2's name)
        self.generic_visit(node)
        if isinstance(node.iter, nodes.Expr):
            node.iter = _filtered(node.iter, _COUNTED)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802 (jinja2's name)
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), _CHAINED)

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.AssignBlock:  # noqa: N802 (jinja2's name)
        self.generic_visit(node)
        node.filter = _filtered(node.filter, _KEPT)
        return node


def _filtered(node: nodes.Expr | None, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno if node is not None else 1)


def _sum_size(meter: Meter, left: Any, right: Any) -> None:
    if isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
        meter.size(len(left) + len(right))


def _product_size(meter: Meter, left: Any, right: Any) -> None:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, str | list | tuple) and isinstance(times, int):
            meter.size(len(sequence) * times)
    if isinstance(left, int) and isinstance(right, int):
        meter.size(left.bit_length() + right.bit_length())


def _power_size(meter: Meter, left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        # A number's digits take time to compute long before they take room.
        meter.size(left.bit_length() * max(right, 0) * 1000)


def _format_size(meter: Meter, left: Any, right: Any) -> None:
    if isinstance(left, str):
        meter.widths(left)
        # In "%*d" the width comes with the values.
        if "*" in left:
            meter.asked(right if isinstance(right, tuple) else (right,), {})


_SIZERS: dict[str, Callable[[Meter, Any, Any], None]] = {
    "+": _sum_size,
    "*": _product_size,
    "**": _power_size,
    "%": _format_size,
}
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "*": operator.mul,
    "**": operator.pow,
    "%": operator.mod,
}

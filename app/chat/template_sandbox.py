"""jinja2's immutable sandbox with limits on what a rendering may take, and without what no chat template needs."""

import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Environment
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, pass_environment
from jinja2.visitor import NodeTransformer

from app.chat.template_meter import FILTERS, ORDERING, Allowance, Meter

__all__ = ["Allowance", "BoundedSandbox"]

_COUNTED = "counted by the sandbox"
_CHAINED = "chained by the sandbox"
_KEPT = "kept by the sandbox"

# What makes much out of little, or takes long for it, inside one call, and what no chat template needs.
_REMOVED_FILTERS = ("pprint", "random", "striptags", "urlize", "wordwrap", "xmlattr")
_REMOVED_METHODS = frozenset({"encode", "expandtabs", "maketrans", "to_bytes", "translate"})


def _filtered(node: nodes.Expr | None, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno if node is not None else 1)


class _Compiler(CodeGenerator):
    """Has what a template puts together weighed, and looks at the clock when it compares."""

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802 (jinja2's name)
        self._through("weighed", super().visit_List, node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802 (jinja2's name)
        self._through("weighed", super().visit_Dict, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802 (jinja2's name)
        if node.ctx == "load":
            self._through("weighed", super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802 (jinja2's name)
        self._through("looked", super().visit_Compare, node, frame)

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802 (jinja2's name)
        self._through("looked", super().visit_Test, node, frame)

    def visit_NSRef(self, node: nodes.NSRef, frame: Frame) -> None:  # noqa: N802 (jinja2's name)
        self.write(f"environment.holder({frame.symbols.ref(node.name)})[{node.attr!r}]")

    def _through(self, name: str, visit: Callable[..., None], node: nodes.Node, frame: Frame) -> None:
        self.write(f"environment.{name}(")
        visit(node, frame)
        self.write(")")


class _Holder:
    """Puts values into a namespace, but no namespace: that could come to hold itself in many ways."""

    def __init__(self, namespace: Namespace, meter: Meter) -> None:
        self._namespace = namespace
        self._meter = meter

    def __setitem__(self, name: str, value: Any) -> None:
        self._meter.weigh(value)
        self._namespace[name] = value


class BoundedSandbox(ImmutableSandboxedEnvironment):
    """The sandbox in which a model's template runs; every rendering happens inside `running()`."""

    code_generator_class = _Compiler
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, allowance: Allowance, **options: Any) -> None:
        self._allowance = allowance
        self._meter: Meter | None = None
        super().__init__(finalize=self._shown, **options)
        del self.globals["lipsum"]  # makes text out of nothing
        for name in _REMOVED_FILTERS:
            del self.filters[name]
        self.filters["join"] = self._join()
        for name, function in self.filters.items():
            self.filters[name] = self._measured(name, function)
        self.filters[_COUNTED] = self._counted
        self.filters[_CHAINED] = self._chained
        self.filters[_KEPT] = self.weighed

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
        return self._now.joined(str(self._shown(text)) for text in texts)

    def _shown(self, value: Any) -> Any:
        """What is to be written out."""
        if isinstance(value, Namespace):
            self._now.weigh(value)
        return value

    # Compiled templates call these three by their names.

    def holder(self, namespace: Namespace) -> "_Holder":
        """A namespace that is to be changed."""
        if not isinstance(namespace, Namespace):
            raise TemplateRuntimeError("only a namespace's attributes can be set")
        return _Holder(namespace, self._now)

    def weighed(self, value: Any) -> Any:
        """A value that the template has put together."""
        return self._now.given(value)

    def looked(self, value: Any) -> Any:
        """What was found by comparing."""
        self._now.look()
        return value

    def _join(self) -> Callable[..., str]:
        """jinja2's filter of that name, which knows what it makes before it makes it."""

        @pass_environment
        def join(environment: Environment, value: Iterable[Any], d: str = "", attribute: Any = None) -> str:
            items = list(self._now.counted(value))
            if attribute is not None:
                items = list(map(make_attrgetter(environment, attribute), items))
            self._now.size(sum(map(self._now.weigh, items)) + len(str(d)) * len(items))
            return str(d).join(map(str, items))

        return join

    def _measured(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter that takes and returns no more than is allowed."""

        # The names that jinja2 marks a function with, to be given its context, go along.
        @functools.wraps(function)
        def measured(*arguments: Any, **named: Any) -> Any:
            if name in ORDERING:  # what comes one after the other is counted on its way into a list
                arguments = tuple(list(each) if isinstance(each, Iterator) else each for each in arguments)
            values = [value for value in arguments if not isinstance(value, _JINJAS_OWN)]
            self._asked(values, named)
            if name in FILTERS:
                FILTERS[name](self._now, values, named)
            return self._now.given(function(*arguments, **named))

        return measured

    def _asked(self, values: Iterable[Any], named: Mapping[str, Any]) -> None:
        values = [*values, *named.values()]
        self._now.asked(values, {})
        for value in values:
            self._shown(value)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may have an attribute."""
        return attr not in _REMOVED_METHODS and super().is_safe_attribute(obj, attr, value)

    def call(self, __context: Context, __obj: Any, *arguments: Any, **named: Any) -> Any:
        """A call in the template: checked by the sandbox and timed, what it takes and returns measured."""
        if isinstance(__obj, Macro):
            self._now.look()
        else:
            self._asked(arguments, named)
        text, name = getattr(__obj, "__self__", None), getattr(__obj, "__name__", "")
        if isinstance(text, str) and name == "replace":
            self._now.replaced(text, arguments)
        elif isinstance(text, str) and name == "join" and arguments:
            items = list(self._now.counted(arguments[0]))
            self._now.size(sum(map(self._now.weigh, items)) + len(text) * len(items))
            arguments = (items,)
        return self._now.given(super().call(__context, __obj, *arguments, **named))

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Python's way to format text, whose widths are spelled in the text."""
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None

        def measured(*arguments: Any, **named: Any) -> str:
            self._now.formatted(value.__self__, [*arguments, *named.values()])
            return wrapped(*arguments, **named)

        return measured

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 (jinja2's)
        """An operator that can make much out of little."""
        meter = self._now
        meter.look()
        if operator == "*":
            meter.product(left, right)
        elif operator == "**":
            meter.power(left, right)
        elif operator == "%" and isinstance(left, str):
            values = right if isinstance(right, tuple) else (right,)
            meter.formatted(left, values)
            meter.asked(values, {})  # in "%*d" the width comes with the values
        elif operator == "+" and isinstance(left, str) and isinstance(right, str):
            meter.size(len(left) + len(right))
        return meter.given(_OPERATORS[operator](left, right))


_JINJAS_OWN = (Context, Environment, EvalContext)
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "*": operator.mul,
    "**": operator.pow,
    "%": operator.mod,
}


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

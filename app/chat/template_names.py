"""What a template asks its caller: the names that it reads, and the words that it compares each of them with."""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

# Filters that pass a value on, so that what is compared afterwards is still the caller's word.
_CARRIERS = frozenset({"default", "d", "lower", "string", "trim"})


class TemplateNames:
    """The names in a parsed template."""

    def __init__(self, tree: nodes.Template) -> None:
        self._tree = tree
        self.read = frozenset(name.name for name in tree.find_all(nodes.Name) if name.ctx == "load")
        self._assigned = [(_key(node.target), node.node) for node in tree.find_all(nodes.Assign)]

    def words(self, name: str) -> tuple[str, ...]:
        """The words that `name`, or a name it is handed on to, is compared with or defaults to, in source order."""
        carriers = self._carriers(name)
        found: list[str] = []
        for key, value in self._assigned:
            if key in carriers:
                found.extend(_constants(value))
        for node in self._tree.find_all((nodes.Compare, nodes.Filter, nodes.Getitem)):
            found.extend(self._asked(node, carriers))
        return tuple(word for word in dict.fromkeys(found) if word)

    @cached_property
    def sought(self) -> frozenset[str]:
        """The texts that the template may look for in other texts: what it compares, hands on, and gives a name.

        Plain words (roles, names of fields) are among them only where they are surely looked for.
        """
        found: set[str] = set()
        for node in self._tree.find_all(_SEEKING):
            for part in _sought(node):
                found.update(_constants(part))
            for part in _handed_on(node):
                found.update(text for text in _constants(part) if not text.isidentifier())
        return frozenset(text for text in found if text.strip())

    def _carriers(self, name: str) -> frozenset[str]:
        carriers = {name}
        while True:
            more = {
                key
                for key, value in self._assigned
                if key and key not in carriers and _carries(value, carriers)
            }
            if not more:
                return frozenset(carriers)
            carriers |= more

    def _asked(self, node: nodes.Node, carriers: frozenset[str]) -> Iterator[str]:
        if isinstance(node, nodes.Compare):
            sides = [node.expr, *(operand.expr for operand in node.ops)]
            if any(_carries(side, carriers) for side in sides):
                for side in sides:
                    yield from _constants(self._resolved(side))
        elif isinstance(node, nodes.Filter):
            if node.name in ("default", "d") and _carries(node.node, carriers):
                for argument in node.args:
                    yield from _constants(argument)
        elif isinstance(node, nodes.Getitem) and _carries(node.arg, carriers):
            yield from _constants(self._resolved(node.node))

    def _resolved(self, node: nodes.Node) -> nodes.Node:
        """The list or dictionary that a name stands for, else the node itself."""
        key = _key(node)
        if key is not None:
            for assigned, value in self._assigned:
                if assigned == key and isinstance(value, nodes.List | nodes.Tuple | nodes.Dict):
                    return value
        return node


_SEEKING = (nodes.Compare, nodes.Call, nodes.Filter, nodes.Test, nodes.Assign, nodes.For, nodes.Macro)


def _sought(node: nodes.Node) -> Iterator[nodes.Node]:
    """The expressions that are surely looked for inside another text."""
    if isinstance(node, nodes.Compare) and any(operand.op in ("in", "notin") for operand in node.ops):
        yield node.expr
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr != "get":
        yield from node.args


def _handed_on(node: nodes.Node) -> Iterator[nodes.Node]:
    """The expressions that may be meant for a comparison, here or where a name carries them."""
    if isinstance(node, nodes.Compare):
        yield node.expr
        yield from (operand.expr for operand in node.ops)
    elif isinstance(node, nodes.Call | nodes.Filter | nodes.Test):
        yield from node.args
        yield from (pair.value for pair in node.kwargs)
    elif isinstance(node, nodes.Assign):
        yield node.node
    elif isinstance(node, nodes.For):
        yield node.iter
    elif isinstance(node, nodes.Macro):
        yield from node.defaults


def _key(node: nodes.Node | None) -> str | None:
    """A name, or an attribute of a namespace, as one text."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.NSRef):
        return f"{node.name}.{node.attr}"
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return None


def _carries(node: nodes.Node | None, carriers: Collection[str | None]) -> bool:
    """Whether an expression's value can be that of one of `carriers`."""
    if _key(node) in carriers:
        return True
    if isinstance(node, nodes.Filter):
        return node.name in _CARRIERS and _carries(node.node, carriers)
    if isinstance(node, nodes.CondExpr):
        return _carries(node.expr1, carriers) or _carries(node.expr2, carriers)
    if isinstance(node, nodes.Or | nodes.And):
        return _carries(node.left, carriers) or _carries(node.right, carriers)
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        return node.node.attr in ("lower", "strip") and _carries(node.node.node, carriers)
    return False


def _constants(node: nodes.Node) -> Iterator[str]:
    """The words that a node spells out, alone, in a list, or as keys."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.List | nodes.Tuple):
        for item in node.items:
            yield from _constants(item)
    elif isinstance(node, nodes.Dict):
        for pair in node.items:
            yield from _constants(pair.key)


# Tests that are false of a name that nobody sets.
_FALSE_OF_UNSET = frozenset({"defined", "mapping", "string", "number", "true"})


def reachable(tree: nodes.Template, ungiven: Collection[str]) -> nodes.Template:
    """The template without what only shows where one of `ungiven` is given, and without macros that nothing calls.

    Whoever never gives them gets the same from it, errors too, and compiles less.
    """
    stored = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
    _Branches(frozenset(ungiven) - stored).visit(tree)
    macros = {node.name: node for node in tree.body if isinstance(node, nodes.Macro)}
    called = _loaded(node for node in tree.body if not isinstance(node, nodes.Macro))
    waiting = called & macros.keys()
    while waiting:
        more = _loaded([macros[waiting.pop()]]) - called
        called |= more
        waiting |= more & macros.keys()
    tree.body = [node for node in tree.body if not isinstance(node, nodes.Macro) or node.name in called]
    return tree


def _loaded(parts: Iterable[nodes.Node]) -> set[str]:
    return {
        name.name
        for part in parts
        for name in ([part] if isinstance(part, nodes.Name) else part.find_all(nodes.Name))
    }


class _Branches(NodeTransformer):
    """Takes out branches whose conditions cannot hold, because they ask for names that nobody sets."""

    def __init__(self, unset: frozenset[str]) -> None:
        self._unset = unset

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:  # noqa: N802 (jinja2's name)
        """A condition with its branches, or what is left of it."""
        if not self._fails(node.test):
            return self.generic_visit(node)
        if node.elif_:
            first = node.elif_[0]
            left: list[nodes.Node] = [
                nodes.If(first.test, first.body, node.elif_[1:], node.else_, lineno=first.lineno)
            ]
        else:
            left = list(node.else_)
        return [kept for part in left for kept in self.visit_list(part)]

    def _fails(self, test: nodes.Node) -> bool:
        """Whether a condition is false before anything of it is looked at that could fail."""
        if isinstance(test, nodes.Name):
            return test.name in self._unset
        if isinstance(test, nodes.And):
            return self._fails(test.left)
        if isinstance(test, nodes.Or):
            return self._fails(test.left) and self._fails(test.right)
        return isinstance(test, nodes.Test) and test.name in _FALSE_OF_UNSET and self._fails(test.node)

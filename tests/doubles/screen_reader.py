"""Assistive technology: reads windows and acts on them over the desktop's accessibility bus, by names alone.

    python3 tests/doubles/screen_reader.py

Runs in the system's Python, which has the bus's library. Each line of its input is a JSON array, a command and its
arguments; each is answered by a line of JSON. It sees only what a person could come to: what is showing.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import gi  # type: ignore[import-not-found]  # the system's Python has it

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # type: ignore[import-not-found]  # noqa: E402

Node = Any
_STATES = {
    getattr(Atspi.StateType, name.upper()): name
    for name in (
        *("focusable", "focused", "checked", "checkable", "selected", "selectable", "expanded", "expandable"),
        *("editable", "enabled", "showing", "busy", "pressed", "has_popup", "modal", "active", "read_only"),
    )
}

# Qt tells of these that they have the focus while what they belong to has it, or would have it.
_PARTS = ("list item", "filler")


class Reader:
    """What a person with a screen reader is told, and can do."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.passed: list[str] = []
        self._last: Node | None = None
        self._listener = Atspi.EventListener.new(self._on_event)
        for kind in ("object:announcement", "object:state-changed:focused"):
            self._listener.register(kind)

    def tree(self, pid: int) -> Any:
        """Everything that is showing in the windows of a process."""
        app = _application(pid)
        return None if app is None else [_told(window) for window in _children(app)]

    def focus(self, pid: int) -> Any:
        """What has the focus, with the names of what it lies in; of a list, also the row that the keys move."""
        app = _application(pid)
        if app is None:
            return None
        found = self._last if self._still_there(pid) else None
        found = found or next((node for node, _ in _walk(app, ()) if _has_focus(node)), None)
        if found is None:
            return None
        row = next((child for child in _children(found) if _is(child, Atspi.StateType.FOCUSED)), None)
        return {**_described(found), "within": _around(found), "row": row.get_name() if row else ""}

    def _still_there(self, pid: int) -> bool:
        """Whether the focus is where it was last told to have come to: asking that is quick."""
        try:
            return self._last is not None and self._last.get_process_id() == pid and _has_focus(self._last)
        except GLib.Error:
            return False

    def find(self, pid: int, name: str, role: str, within: str) -> Any:
        """What is called so; of several, the last on the page."""
        found = _find(pid, name, role, within)
        return None if found is None else _described(found)

    def act(self, pid: int, name: str, role: str, within: str, action: str) -> bool:
        """Does what a thing offers: its first action, or that of this name."""
        node = _find(pid, name, role, within)
        if node is None or not _is(node, Atspi.StateType.ENABLED):
            return False
        offered = [Atspi.Action.get_action_name(node, n) for n in range(Atspi.Action.get_n_actions(node))]
        if action and action not in offered:
            return False
        return bool(Atspi.Action.do_action(node, offered.index(action) if action else 0))

    def write(self, pid: int, name: str, text: str) -> bool:
        """Writes into a field in place of what is there."""
        node = _find(pid, name, "", "")
        return node is not None and bool(Atspi.EditableText.set_text_contents(node, text))

    def take_focus(self, pid: int, name: str, role: str, within: str) -> bool:
        """Moves the focus to a thing."""
        node = _find(pid, name, role, within)
        return node is not None and bool(Atspi.Component.grab_focus(node))

    def announced(self, _pid: int) -> list[str]:
        """What was said aloud since the last time."""
        heard, self.heard = self.heard, []
        return heard

    def reached(self, _pid: int) -> list[str]:
        """What the focus came to since the last time, also what no window holds: the lines of a menu."""
        passed, self.passed = self.passed, []
        return passed

    def _on_event(self, event: Any) -> None:
        if event.type == "object:announcement":
            self.heard.append(str(event.any_data))
        elif event.detail1:
            self._last = event.source
            self.passed.append(f"{event.source.get_role_name()}: {event.source.get_name()}")


def _is(node: Node, state: Any) -> bool:
    return bool(node.get_state_set().contains(state))


def _has_focus(node: Node) -> bool:
    here = node.get_role_name() not in _PARTS and _is(node, Atspi.StateType.FOCUSED)
    return here and _is(node, Atspi.StateType.SHOWING)


def _around(node: Node) -> list[str]:
    """The names of what a thing lies in, from the window on."""
    names: list[str] = []
    parent = node.get_parent()
    while parent is not None and parent.get_role() != Atspi.Role.APPLICATION:
        names.insert(0, parent.get_name())
        parent = parent.get_parent()
    return names


def _application(pid: int) -> Node | None:
    desktop = Atspi.get_desktop(0)
    for app in _children(desktop, hidden=True):
        if app.get_process_id() == pid:
            app.set_cache_mask(Atspi.Cache.NONE)
            return app
    return None


def _children(node: Node, *, hidden: bool = False) -> Iterator[Node]:
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None and (hidden or _is(child, Atspi.StateType.SHOWING)):
            yield child


def _walk(node: Node, within: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    for child in _children(node):
        yield child, within
        yield from _walk(child, (*within, child.get_name()))


def _find(pid: int, name: str, role: str, within: str) -> Node | None:
    app = _application(pid)
    found = None
    for node, around in _walk(app, ()) if app is not None else ():
        right = node.get_name() == name and (not role or node.get_role_name() == role)
        # Words that stand on a button are called as it is.
        right = right and not (found is not None and node.get_role_name() == "label")
        if right and (not within or within in around):
            found = node
    return found


def _described(node: Node) -> dict[str, Any]:
    states = node.get_state_set()
    told = {
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "states": [name for state, name in _STATES.items() if states.contains(state)],
    }
    if "Text" in node.get_interfaces():
        told["text"] = Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
    if "Value" in node.get_interfaces():
        told["value"] = Atspi.Value.get_current_value(node)
    return told


def _told(node: Node) -> dict[str, Any]:
    return {**_described(node), "children": [_told(child) for child in _children(node)]}


def _answer(reader: Reader, line: str) -> Any:
    command, *arguments = json.loads(line)
    try:
        return getattr(reader, command)(*arguments)
    except (GLib.Error, AttributeError, TypeError) as error:
        # What was just there may be gone: whoever asks asks again.
        return {"gone": str(error)}


def main() -> None:
    """Answers until its input ends."""
    reader = Reader()

    def on_line(source: Any, _condition: Any) -> bool:
        line = source.readline()
        if not line:
            Atspi.event_quit()
            return False
        sys.stdout.write(json.dumps(_answer(reader, line)) + "\n")
        sys.stdout.flush()
        return True

    GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, on_line)
    Atspi.event_main()


if __name__ == "__main__":
    main()

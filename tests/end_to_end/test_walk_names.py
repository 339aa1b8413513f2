"""A walk through the real app on a real X server, by accessible names alone, from outside of its process."""

from functools import partial
from pathlib import Path

from tests.doubles.screen import Screen

SECTIONS = (
    "Generation",
    "System prompt",
    "Models",
    "Conversations and backups",
    "Privacy",
    "Shortcuts",
    "Appearance",
    "About",
)

LONG = "Sort 9, 2, 5, 7, 1, 8, 3, 6, 4"


def _is_checked(screen: Screen, section: str) -> bool:
    return "checked" in screen.wait_for(section, "radio button")["states"]


def _nothing_is_nameless(screen: Screen) -> None:
    """Everything that takes the focus says what it is called and what it is."""
    stops = [thing for thing in screen.things() if "focusable" in thing["states"]]
    assert stops
    assert [thing for thing in stops if not thing["name"] or thing["role"] in ("filler", "unknown")] == []


def test_a_conversation_and_the_settings_by_names(screen: Screen, tmp_path: Path) -> None:
    screen.start(tmp_path)
    screen.wait_for_focus("Try the tiny demo model now")
    _nothing_is_nameless(screen)
    screen.act("Try the tiny demo model now", "push button")
    screen.wait_for_focus("Message")
    screen.ask("write", "Message", "12 + 35")
    screen.act("Send")
    screen.wait_for("12 + 35 = 47.", "paragraph")
    screen.act("Thinking", "check box")
    screen.wait(lambda: "checked" in screen.wait_for("Thinking")["states"], "the open thinking")
    screen.act("Edit")
    screen.wait(lambda: screen.wait_for("Message")["text"] == "12 + 35", "the question, to edit it")
    screen.ask("write", "Message", "20 + 22")
    screen.act("Send")
    screen.wait_for("20 + 22 = 42.", "paragraph")
    screen.act("Previous version")
    screen.wait_for("12 + 35 = 47.", "paragraph")
    screen.act("Next version")
    screen.wait_for("20 + 22 = 42.", "paragraph")
    assert "enabled" not in screen.wait_for("Send")["states"]
    _nothing_is_nameless(screen)
    _what_a_reply_is_asked_with_and_what_it_cost(screen)
    said = screen.ask("announced")
    assert said.count("Demo model (tiny) has answered") == 2
    screen.act("Settings")
    screen.wait_for("Search settings")
    for section in SECTIONS:
        screen.act(section, "radio button")
        screen.wait(partial(_is_checked, screen, section), section)
        _nothing_is_nameless(screen)
    screen.act("Conversations", "push button")
    screen.wait_for("Message")
    screen.act("New conversation")
    screen.wait(lambda: screen.find("Regenerate") is None, "an empty conversation")


def _what_a_reply_is_asked_with_and_what_it_cost(screen: Screen) -> None:
    """Sampling is changed and reset, and the details are looked at, by names alone."""
    screen.act("Sampling")
    screen.wait_for("Sampling", "dialog")
    screen.ask("write", "Temperature", "0.5")
    screen.wait_for("this conversation", "label")
    _nothing_is_nameless(screen)
    screen.act("Reset: Temperature")
    screen.wait(lambda: screen.find("this conversation", "label") is None, "the model's own number")
    screen.wait_for_focus("Temperature")
    screen.press("Escape")
    screen.wait(lambda: screen.find("Sampling", "dialog") is None, "no card any more")
    screen.act("Details")
    told = screen.wait_for("Details", "dialog")["description"]
    assert "Ended: The answer is complete" in told
    assert "Prompt: " in told
    screen.act("Copy the details")
    screen.press("Escape")
    screen.wait(lambda: screen.find("Details", "dialog") is None, "no card any more")


def _rows(screen: Screen) -> list[str]:
    return [thing["name"] for thing in screen.things() if "selectable" in thing["states"]]


def _row(screen: Screen, *told: str) -> str:
    """The row that says all of this, as soon as there is one."""
    screen.wait(lambda: any(all(word in row for word in told) for row in _rows(screen)), f"a row: {told}")
    return next(row for row in _rows(screen) if all(word in row for word in told))


def _ask(screen: Screen, text: str) -> None:
    screen.ask("write", "Message", text)
    screen.act("Send")
    screen.wait_for(text, "paragraph")


def _the_menus_are_gone_through(screen: Screen) -> None:
    for name in ("Thinking effort", "Model"):
        screen.ask("reached")
        screen.act(name)
        screen.press("Down")
        screen.wait(
            lambda: any("menu item: " in told for told in screen.ask("reached")), f"the menu {name}", 8
        )
        if name == "Thinking effort":
            screen.press("Up")
            screen.wait(lambda: "Think in my language." in str(screen.ask("reached")), "the last item", 8)
        screen.press("Escape")


def test_replies_at_work_the_menus_and_an_export_by_names(screen: Screen, tmp_path: Path) -> None:
    screen.start(tmp_path)
    screen.act("Try the tiny demo model now", "push button")
    screen.wait_for("Message")
    for name in ("Model", "Thinking effort", "Sampling", "More"):
        assert "has_popup" in screen.wait_for(name)["states"], name
    screen.hold_engine(True)
    _ask(screen, LONG)
    screen.act("New conversation", "push button")
    screen.wait_for("Demo model (tiny) is ready")
    _ask(screen, "Sort 3, 1")
    _row(screen, LONG, "answering")
    _row(screen, "Sort 3, 1", "waiting to be answered")
    screen.act(_row(screen, LONG), "list item")
    screen.act("Stop")
    screen.hold_engine(False)
    screen.wait_for("Send")
    _row(screen, "Sort 3, 1", "unread")
    said: list[str] = []

    def is_told() -> bool:
        said.extend(screen.ask("announced"))
        return any("Sort 3, 1" in one for one in said)

    # The row and the announcement reach the reader each in its own time.
    screen.wait(is_told, "the reply that is out of sight")
    _the_menus_are_gone_through(screen)
    screen.act("Export")
    screen.wait_for("Preview")
    _nothing_is_nameless(screen)
    screen.act("Cancel", "push button")
    screen.wait(lambda: screen.find("Preview") is None, "no dialog any more")
    assert sum("Sort 3, 1" in one for one in (*said, *screen.ask("announced"))) == 1

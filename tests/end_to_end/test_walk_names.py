"""A walk through the real app on a real X server, by accessible names alone, from outside of its process."""

from functools import partial
from pathlib import Path

from tests.doubles.screen import Screen

SECTIONS = ("Generation", "System prompt", "Models", "Privacy", "Shortcuts", "Appearance")


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

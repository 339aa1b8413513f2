"""A walk through the real app on a real X server, by keyboard alone."""

from pathlib import Path

from tests.doubles.screen import Screen

MESSAGE = "Message"
TITLES = ("Sorted", "3 + 4", "12 + 35")


def _begin(screen: Screen, data: Path) -> None:
    """Starts the app for the first time, and takes the demo model."""
    screen.start(data)
    screen.wait_for_focus("Try the tiny demo model now")
    screen.press("Return")
    screen.wait_for_focus(MESSAGE)


def _ask(screen: Screen, text: str) -> None:
    screen.type(text)
    screen.press("Return")


def _answered(screen: Screen, answer: str) -> None:
    screen.wait_for(answer, "paragraph")
    screen.wait_for("Regenerate")


def _tab_to(screen: Screen, name: str, key: str = "Tab") -> None:
    """Presses Tab until something has the focus; AssertionError once it has gone round."""
    for _ in range(40):
        if screen.focus()["name"] == name:
            return
        before = screen.focus()
        screen.press(key)
        screen.wait(lambda before=before: screen.focus() != before, "the next stop", 10)  # type: ignore[misc]
    raise AssertionError(f"no Tab leads to “{name}”")


def _rows(screen: Screen) -> list[str]:
    things = screen.things()
    return [thing["name"] for thing in things if {"selectable"} <= set(thing["states"])]


def test_the_first_start_and_a_conversation(screen: Screen, tmp_path: Path) -> None:
    screen.start(tmp_path)
    screen.wait_for_focus("Try the tiny demo model now")
    screen.press("Tab")
    screen.wait_for_focus("Use a file I already have")
    screen.press("shift+Tab")
    screen.wait_for_focus("Try the tiny demo model now")
    screen.press("Return")
    screen.wait_for_focus(MESSAGE)
    # At once: nothing that is typed while the page is still being made may be lost.
    _ask(screen, "12 + 35")
    _answered(screen, "12 + 35 = 47.")
    screen.press("Up")
    screen.wait(lambda: screen.focus()["text"] == "12 + 35", "the question, to edit it")
    screen.press("Escape")
    screen.wait(lambda: screen.focus()["text"] == "", "no question any more")
    screen.press("Up", "ctrl+a")
    _ask(screen, "20 + 22")
    _answered(screen, "20 + 22 = 42.")
    _tab_to(screen, "Previous version")
    screen.press("Return")
    _answered(screen, "12 + 35 = 47.")
    screen.wait_for_focus("Next version")
    screen.press("alt+Right")
    _answered(screen, "20 + 22 = 42.")
    _tab_to(screen, "Regenerate")
    screen.press("Return")
    screen.wait(lambda: len(_versions(screen)) == 2, "a second version of the reply")
    assert _versions(screen) == ["Version 2 of 2"] * 2
    screen.press("ctrl+l")
    screen.wait_for_focus(MESSAGE)
    _sample_otherwise(screen)
    _look_at_details(screen)


def _sample_otherwise(screen: Screen) -> None:
    """Gives this conversation another temperature, the model's own again, and another, without a pointer."""
    _tab_to(screen, "Sampling")
    screen.press("Return")
    screen.wait_for_focus("Temperature")
    screen.press("ctrl+a")
    screen.type("0.4")
    screen.wait_for("this conversation", "label")
    screen.press("shift+Tab")
    screen.wait_for_focus("Reset: Temperature")
    screen.press("Return")
    screen.wait_for_focus("Temperature")
    screen.press("Up", "shift+Tab", "shift+Tab", "shift+Tab")
    screen.wait_for_focus("Seed")
    screen.press("Escape")
    screen.wait_for_focus("Sampling")
    screen.wait(lambda: "changed here" in screen.focus()["description"], "the summary")


def _look_at_details(screen: Screen) -> None:
    _tab_to(screen, "Details", "shift+Tab")
    screen.press("Return")
    screen.wait_for_focus("Copy the details")
    assert screen.find("First token after", "label") is not None
    screen.press("Tab")
    screen.press("Escape")
    screen.wait_for_focus("Details")


def _versions(screen: Screen) -> list[str]:
    things = screen.things()
    return [thing["name"] for thing in things if thing["role"] == "label" and "Version" in thing["name"]]


def test_several_conversations(screen: Screen, tmp_path: Path) -> None:
    _begin(screen, tmp_path)
    _ask_three(screen)
    screen.press("ctrl+k")
    screen.wait_for_focus("Search conversations")
    screen.type("sort")
    screen.wait(lambda: len(_rows(screen)) == 1, "what was found")
    screen.press("Down")
    screen.wait_for_focus("Conversations")
    # Not the open conversation's title, but the row's.
    _rename(screen, "Never", "Escape")
    assert _rows(screen)[0].startswith("Sort 9, 2, 5")
    _rename(screen, "Sorted", "Return")
    screen.wait(lambda: _rows(screen)[0].startswith("Sorted"), "the new title")
    screen.wait_for_focus("Conversations")
    screen.press("Delete")
    screen.wait_for("Conversation deleted")
    # The list is empty now: whoever was in it goes on in the composer.
    screen.wait_for_focus(MESSAGE)
    screen.press("ctrl+z")
    screen.wait(lambda: len(_rows(screen)) == 1, "the conversation, back again")
    assert screen.focus()["text"] == ""
    screen.press("ctrl+k", "Escape")
    screen.wait(lambda: len(_rows(screen)) == 3, "every conversation")
    assert all(row.startswith(TITLES) for row in _rows(screen))


def test_everything_is_where_it_was_the_next_time(screen: Screen, tmp_path: Path) -> None:
    _begin(screen, tmp_path)
    _ask_three(screen)
    screen.press("ctrl+shift+n")
    _ask(screen, "1 + 1")
    _answered(screen, "1 + 1 = 2.")
    assert screen.find("1 + 1, temporary", "label") is not None
    screen.press("alt+Down")
    screen.wait(lambda: screen.find("1 + 1 = 2.") is None, "another conversation")
    screen.wait_for_focus(MESSAGE)
    screen.press("ctrl+e")
    screen.wait_for_focus("This conversation")
    screen.to_front("Export")
    screen.press("Escape")
    screen.wait(lambda: screen.find("Preview") is None, "no dialog any more")
    screen.to_front()
    screen.wait_for_focus(MESSAGE)
    open_title = next(title for title in _rows(screen) if screen.find(title, "label"))
    screen.type("And now")
    screen.place(40, 60, 1200, 780)
    stood = screen.stands()
    screen.press("ctrl+q")
    assert screen.end() == 0
    screen.start(tmp_path)
    screen.wait(lambda: screen.focus().get("text") == "And now", "the draft")
    assert screen.find(open_title, "label") is not None
    screen.wait(lambda: len(_rows(screen)) == 3, "every conversation but the temporary one")
    assert screen.find("1 + 1, temporary") is None
    assert screen.stands() == stood


def _ask_three(screen: Screen) -> None:
    """Asks in three conversations, the third whether or not the second has its answer."""
    _ask(screen, "12 + 35")
    _answered(screen, "12 + 35 = 47.")
    screen.press("ctrl+n")
    _ask(screen, "Sort 9, 2, 5")
    screen.wait_for("Sort 9, 2, 5", "paragraph")
    screen.press("ctrl+n")
    _ask(screen, "3 + 4")
    _answered(screen, "3 + 4 = 7.")


def _rename(screen: Screen, title: str, end: str) -> None:
    """Types a title over the current row."""
    screen.press("F2")
    screen.wait_to_reach("text: Title")
    screen.press("ctrl+a")
    screen.type(title)
    screen.press(end)
    screen.wait_for_focus("Conversations")


def test_a_title_is_typed_in_the_header_and_the_focus_comes_back(screen: Screen, tmp_path: Path) -> None:
    _begin(screen, tmp_path)
    _ask(screen, "12 + 35")
    _answered(screen, "12 + 35 = 47.")
    for end, title in (("Return", "Sums"), ("Escape", "Sums")):
        screen.press("F2")
        screen.wait_for_focus("Title")
        screen.press("ctrl+a")
        screen.type(title if end == "Return" else "Never")
        screen.press(end)
        screen.wait_for_focus(MESSAGE)
        screen.wait_for(title, "label")


def test_settings_are_found_changed_and_reset(screen: Screen, tmp_path: Path) -> None:
    _begin(screen, tmp_path)
    _ask(screen, "12 + 35")
    _answered(screen, "12 + 35 = 47.")
    screen.press("ctrl+comma")
    screen.wait_for_focus("Search settings")
    screen.type("text size")
    screen.press("Down")
    screen.wait_for_focus("Text size")
    screen.press("Return")
    screen.wait(lambda: screen.focus()["role"] == "slider", "the slider")
    screen.press("Right")
    screen.wait(lambda: screen.focus()["value"] > 100, "larger text")
    screen.press("shift+Tab")
    screen.wait_for_focus("Back to the default: Text size")
    screen.press("Return")
    screen.wait(lambda: (screen.find("Text size", "slider") or {})["value"] == 100, "the default")
    screen.press("ctrl+comma", "ctrl+a")
    screen.type("regenerate")
    screen.press("Return")
    screen.wait_for_focus("Regenerate the last reply")
    screen.press("Return")
    screen.wait(lambda: screen.focus()["description"] == "Press the keys", "the field that waits for keys")
    screen.press("ctrl+j")
    screen.wait(lambda: screen.focus()["description"] == "Ctrl+J", "the new keys")
    screen.press("Escape")
    screen.wait_for_focus(MESSAGE)
    screen.press("ctrl+j")
    screen.wait(lambda: bool(_versions(screen)), "a second version of the reply")
    screen.press("ctrl+comma")
    _tab_to(screen, "Conversations", "shift+Tab")
    screen.press("Return")
    screen.wait_for_focus(MESSAGE)


def test_in_a_narrow_window_list_and_sections_slide_over(screen: Screen, tmp_path: Path) -> None:
    _begin(screen, tmp_path)
    _ask(screen, "12 + 35")
    _answered(screen, "12 + 35 = 47.")
    screen.place(0, 0, 900, 700)
    _tab_to(screen, "Show the list")
    screen.press("Return")
    screen.wait_for_focus("Conversations")
    screen.press("Escape")
    screen.wait_for_focus("Show the list")
    screen.press("ctrl+comma")
    screen.wait_for_focus("Show the sections")
    screen.press("Return")
    screen.wait_for_focus("Search settings")
    screen.press("Down", "Down", "Down")
    screen.wait_for_focus("System prompt")
    screen.press("Return")
    screen.wait_for_focus("Show the sections")
    assert screen.focus()["within"][-4:].count("System prompt") or screen.find("System prompt", "text")
    screen.press("Escape")
    screen.wait_for_focus(MESSAGE)

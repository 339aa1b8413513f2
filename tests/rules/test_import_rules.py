"""The import rules find a library outside its room, however it is imported."""

import pytest

from tests.rules.import_rules import ALLOWED, libraries_in_their_rooms
from tests.rules.source import Source


@pytest.mark.parametrize("name", ALLOWED)
def test_a_library_outside_its_rooms_is_found(name: str) -> None:
    assert list(libraries_in_their_rooms(Source.of_code("app/settings.py", f"import {name}\n")))


@pytest.mark.parametrize(
    ("name", "room"), [(name, room) for name, rooms in ALLOWED.items() for room in rooms]
)
def test_a_library_in_its_room_is_left_alone(name: str, room: str) -> None:
    path = room.replace(".", "/") + ".py"
    assert not list(libraries_in_their_rooms(Source.of_code(path, f"import {name}\n")))


@pytest.mark.parametrize(
    "text",
    [
        "from PySide6 import QtWidgets",
        "from PySide6.QtWidgets import QLabel",
        "import PySide6.QtWidgets as widgets",
        "def f():\n    from PySide6.QtWidgets import QLabel",
        "if TYPE_CHECKING:\n    from PySide6.QtWidgets import QLabel",
    ],
)
def test_widgets_are_found_in_a_service_in_every_spelling(text: str) -> None:
    assert list(libraries_in_their_rooms(Source.of_code("app/services/conversations/chat_service.py", text)))


def test_a_part_of_qt_that_nobody_named_belongs_nowhere() -> None:
    assert list(
        libraries_in_their_rooms(Source.of_code("app/ui/page.py", "from PySide6.QtQml import QQmlEngine"))
    )


def test_a_part_of_urllib_that_connects_to_nothing_is_free() -> None:
    assert not list(
        libraries_in_their_rooms(Source.of_code("app/paths.py", "from urllib.parse import urlsplit"))
    )


def test_a_room_with_a_similar_name_is_another_room() -> None:
    assert list(libraries_in_their_rooms(Source.of_code("app/networking.py", "import socket")))


def test_tests_may_import_what_they_like() -> None:
    assert not list(libraries_in_their_rooms(Source.of_code("tests/test_a.py", "import socket")))

"""A transcript on the screen, without motion."""

from collections.abc import Callable

import pytest

from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.view import TranscriptView
from tests.ui.conftest import Show

Press = Callable[..., None]


@pytest.fixture
def view(theme: Theme, icons: Icons, show: Show) -> TranscriptView:
    """An empty transcript of 1016x640 pixels."""
    theme.set_reduced_motion(True)
    view = TranscriptView(theme, icons)
    view.resize(1016, 640)
    show(view)
    return view


@pytest.fixture
def press(view: TranscriptView) -> Press:
    """Presses a button of a message, which must be near the viewport."""

    def press_it(message: int, kind: ControlKind, section: int = -1, block: int = -1) -> None:
        button = view.stage.tools.widget(Key(message, kind, section, block))
        assert button is not None, f"no {kind} at message {message}"
        view.stage.tools.clicked.emit(Key(message, kind, section, block))

    return press_it

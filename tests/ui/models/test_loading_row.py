"""Loading is told in words and per cent, and can be stopped."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.models.engine_service import EngineState
from app.ui.controls.buttons import Button
from app.ui.controls.progress import ThinBar
from app.ui.models.loading_row import LoadingRow
from app.ui.theme import Theme


@pytest.fixture
def row(theme: Theme) -> LoadingRow:
    return LoadingRow(theme)


def test_it_follows_a_load(row: LoadingRow) -> None:
    row.show_state(EngineState("loading", "/m/q.gguf", "Qwen3 8B", 0.46))
    assert not row.isHidden()
    assert row.text == "Loading Qwen3 8B, 46\N{NO-BREAK SPACE}%"
    (bar,) = row.findChildren(ThinBar)
    assert bar.share == 0.46
    assert bar.accessibleName() == "Loading Qwen3 8B"
    row.show_state(EngineState("failed", "/m/q.gguf", "Qwen3 8B"))
    assert row.isHidden()


def test_cancel_says_so(row: LoadingRow) -> None:
    heard: list[bool] = []
    row.cancel_requested.connect(lambda: heard.append(True))
    (button,) = row.findChildren(Button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Cancel"
    assert heard == [True]

"""Progress is told in numbers as well as drawn, and nothing turns for who wants no motion."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage

from app.ui.controls.progress import LoadingRing, ThinBar
from app.ui.theme import Theme
from tests.ui.conftest import Show


def _bar(theme: Theme, share: float) -> ThinBar:
    bar = ThinBar(theme, "Loading")
    bar.setFixedWidth(100)
    bar.set_share(share)
    return bar


def _filled(theme: Theme, bar: ThinBar) -> list[int]:
    image: QImage = bar.grab().toImage()
    return [x for x in range(image.width()) if image.pixelColor(x, 2) == theme.tokens.accent]


def test_a_bar_fills_from_the_start_of_the_line(theme: Theme) -> None:
    bar = _bar(theme, 0.4)
    filled = _filled(theme, bar)
    assert 36 <= len(filled) <= 41
    assert max(filled) < 41
    bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert min(_filled(theme, bar)) >= 59


@pytest.mark.parametrize(("share", "shown"), [(-1.0, 0.0), (0.0, 0.0), (1.0, 1.0), (7.0, 1.0)])
def test_a_bar_never_leaves_its_track(theme: Theme, share: float, shown: float) -> None:
    assert _bar(theme, share).share == shown


def test_an_empty_bar_is_track_alone(theme: Theme) -> None:
    assert _filled(theme, _bar(theme, 0.0)) == []


def test_a_bar_tells_its_value_to_assistive_technology(theme: Theme) -> None:
    bar = _bar(theme, 0.46)
    interface = QAccessible.queryAccessibleInterface(bar)
    assert interface.role() == QAccessible.Role.ProgressBar
    assert interface.text(QAccessible.Text.Name) == "Loading"
    assert interface.valueInterface().currentValue() == 46


def test_the_ring_turns_only_while_it_is_seen(theme: Theme, show: Show) -> None:
    ring = LoadingRing(theme, "Loading")
    turning = [ring.turning]
    show(ring)
    turning.append(ring.turning)
    ring.hide()
    turning.append(ring.turning)
    assert turning == [False, True, False]


def test_the_ring_stands_still_where_motion_is_reduced(theme: Theme, show: Show) -> None:
    theme.set_reduced_motion(True)
    ring = LoadingRing(theme, "Loading")
    show(ring)
    turning = [ring.turning]
    assert ring.grab().toImage() == ring.grab().toImage()
    theme.set_reduced_motion(False)
    turning.append(ring.turning)
    assert turning == [False, True]


def test_the_ring_is_open(theme: Theme, show: Show) -> None:
    theme.set_reduced_motion(True)
    ring = LoadingRing(theme, "Loading", 28)
    show(ring)
    image = ring.grab().toImage()
    ink = theme.tokens.accent_text
    side = image.width() - 1
    quarters = [(x, y) for x in (0, 1) for y in (0, 1)]
    inked = [
        any(
            abs(image.pixelColor(min(side, 14 * x + dx), min(side, 14 * y + dy)).red() - ink.red()) < 20
            for dx in range(14)
            for dy in range(14)
        )
        for x, y in quarters
    ]
    assert inked.count(True) == 4
    top_right = [(20 + d, 7 - d) for d in range(-1, 2)]
    assert all(abs(image.pixelColor(x, y).red() - ink.red()) > 60 for x, y in top_right)

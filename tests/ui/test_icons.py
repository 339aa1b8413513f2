"""Icons are drawn from their files in the colour that is asked for, at the screen's ratio."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication, QToolButton

from app.paths import resources
from app.ui.icons import Icons
from app.ui.theme import Theme

NAMES = sorted(file.stem for file in (resources() / "icons").glob("*.svg"))


@pytest.fixture
def right_to_left(qt_app: QApplication) -> Iterator[None]:
    qt_app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qt_app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def _image(icons: Icons, name: str, color: str = "#ff0000", ratio: float = 1.0) -> QImage:
    return icons.pixmap(name, 16, QColor(color), ratio).toImage()


def _inked(image: QImage) -> list[QColor]:
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return [color for color in colours if color.alpha() > 200]


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_colour_asked_for(icons: Icons, name: str) -> None:
    inked = _inked(_image(icons, name))
    assert inked
    assert all(color.red() > 240 and color.green() < 15 and color.blue() < 15 for color in inked)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_that_is_shipped_is_used(name: str) -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in _modules())
    assert re.search(rf'"{name}"', source), "an icon that nobody draws only makes the package larger"


def _modules() -> Iterator[Path]:
    return (resources().parent / "app" / "ui").rglob("*.py")


def test_the_ratio_of_the_screen_decides_how_many_pixels_there_are(icons: Icons) -> None:
    pixmap = icons.pixmap("copy", 16, QColor("black"), 1.5)
    assert pixmap.width() == 24
    assert pixmap.deviceIndependentSize().width() == 16


def test_a_small_icon_has_a_thicker_stroke(icons: Icons) -> None:
    def darkness(size: int) -> float:
        image = icons.pixmap("x", size, QColor("black"), 4.0).toImage()
        alphas = [image.pixelColor(x, y).alphaF() for x in range(size * 4) for y in range(size * 4)]
        return sum(alphas) / len(alphas)

    assert darkness(14) > darkness(16) > darkness(20)


def test_what_was_drawn_is_kept(icons: Icons) -> None:
    first = icons.pixmap("copy", 16, QColor("black"), 1.0)
    assert icons.pixmap("copy", 16, QColor("black"), 1.0).cacheKey() == first.cacheKey()


def test_arrows_along_the_line_turn_round_and_others_do_not(icons: Icons, right_to_left: None) -> None:
    QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    straight = {name: _image(icons, name) for name in ("chevron-right", "copy")}
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert _image(icons, "chevron-right") != straight["chevron-right"]
    assert _image(icons, "copy") == straight["copy"]


def test_a_dressed_button_and_a_dressed_action_follow_the_theme(theme: Theme, icons: Icons) -> None:
    button, action = QToolButton(), QAction("Copy")
    icons.put(button, "copy")
    icons.put(action, "copy")
    theme.set_scheme("dark")
    for icon in (button.icon(), action.icon()):
        colours = _inked(icon.pixmap(16, 16).toImage())
        assert colours
        assert all(abs(color.red() - theme.tokens.muted.red()) < 12 for color in colours)


def test_a_button_that_is_gone_is_forgotten(theme: Theme, icons: Icons) -> None:
    button = QToolButton()
    icons.put(button, "copy")
    del button
    theme.set_scheme("dark")


def test_a_disabled_icon_is_pale_and_a_tinted_one_keeps_its_tint(theme: Theme, icons: Icons) -> None:
    icon = icons.icon("copy", tint="danger")
    normal = _inked(icon.pixmap(16, 16, QIcon.Mode.Normal).toImage())
    pale = _inked(icon.pixmap(16, 16, QIcon.Mode.Disabled).toImage())
    assert abs(normal[0].red() - theme.tokens.danger.red()) < 12
    assert abs(pale[0].red() - theme.tokens.disabled.red()) < 12

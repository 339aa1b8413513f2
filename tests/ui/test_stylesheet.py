"""The style sheet is understood by Qt and leaves fonts alone."""

import re

import pytest
from PySide6.QtWidgets import QWidget

from app.ui.stylesheet import stylesheet
from app.ui.theme import Theme, tokens


@pytest.mark.parametrize("dark", [False, True])
def test_qt_takes_the_style_sheet_without_complaint(theme: Theme, dark: bool) -> None:
    widget = QWidget()
    widget.setStyleSheet(stylesheet(tokens(dark)))
    widget.ensurePolished()


def test_it_sets_no_font_because_that_would_win_over_the_fonts_of_the_widgets() -> None:
    assert not re.search(r"\bfont", stylesheet(tokens(dark=False)))


def test_light_and_dark_differ_in_colours_alone() -> None:
    light, dark = (re.sub(r"#[0-9a-f]{6}", "#", stylesheet(tokens(one))) for one in (False, True))
    assert light == dark

"""A title of one line ends in an ellipsis where it has no room, and is told whole."""

from app.ui.controls.elided_label import ElidedLabel
from app.ui.theme import Theme


def _label(theme: Theme, width: int) -> ElidedLabel:
    label = ElidedLabel(theme)
    label.set_text("Caffeine,\n half-lives   and sleep")
    label.resize(width, 20)
    label.grab()
    return label


def test_the_whole_text_is_its_name_on_one_line(theme: Theme) -> None:
    assert _label(theme, 100).accessibleName() == "Caffeine, half-lives and sleep"


def test_a_tooltip_has_the_whole_text_only_where_it_is_cut(theme: Theme) -> None:
    assert _label(theme, 100).toolTip() == "Caffeine, half-lives and sleep"
    assert _label(theme, 400).toolTip() == ""

"""The look's numbers are those of the look, and its fonts are whole."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette, QRawFont

from app.ui.theme import Reading, Role, Theme, tokens
from app.ui.tokens import Tokens

# What the style sheet of the look calls differently.
_RENAMED = {
    "code_keyword": "syn-keyword",
    "code_string": "syn-string",
    "code_number": "syn-number",
    "code_comment": "syn-comment",
    "code_function": "syn-function",
    "bar_working": "bar-work",
}


def _luminance(color: QColor) -> float:
    channels = [color.redF(), color.greenF(), color.blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _css_colours(css: str, dark: bool) -> dict[str, str]:
    blocks = re.findall(r"\{([^}]*--window:[^}]*)\}", css)
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", blocks[1 if dark else 0]))


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_is_the_one_of_the_look(shared: Path, dark: bool) -> None:
    wanted = _css_colours((shared / "look" / "look.css").read_text(encoding="utf-8"), dark)
    ours = tokens(dark)
    for ours_name in Tokens._fields:
        if ours_name == "shadow":
            continue
        name = _RENAMED.get(ours_name, ours_name.replace("_", "-"))
        assert getattr(ours, ours_name).name().upper() == wanted[name].upper(), name


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("ink", "grounds", "least"),
    [
        ("text", ("page", "raised", "sunken", "hover", "selection", "hit"), 6.5),
        ("muted", ("page", "raised", "sunken", "hover"), 4.5),
        ("thinking_text", ("page",), 6.0),
        ("on_accent", ("accent", "accent_hover"), 6.0),
        ("accent_text", ("page", "raised", "note"), 6.0),
        ("danger", ("danger_soft", "page"), 5.6),
        ("warning", ("warning_soft", "page"), 5.9),
        ("success", ("success_soft", "page"), 5.6),
        ("focus", ("page", "raised", "window"), 5.0),
    ],
)
def test_words_stand_out_from_every_surface_below_them(
    dark: bool, ink: str, grounds: tuple[str, ...], least: float
) -> None:
    colours = tokens(dark)
    for ground in grounds:
        assert _contrast(getattr(colours, ink), getattr(colours, ground)) >= least, ground


def test_high_contrast_makes_faint_lines_and_words_strong() -> None:
    colours = tokens(dark=False, high_contrast=True)
    assert colours.border_control == colours.border_strong
    assert colours.muted == colours.thinking_text == colours.text_2


def test_a_scheme_repaints_at_once_and_says_so(theme: Theme) -> None:
    heard: list[bool] = []
    theme.changed.connect(lambda: heard.append(theme.dark))
    theme.set_scheme("dark")
    theme.set_scheme("light")
    assert heard == [True, False]
    assert theme.tokens == tokens(dark=False)


def test_the_system_is_followed_until_a_scheme_is_chosen(theme: Theme) -> None:
    theme.set_scheme("system")
    assert theme.tokens == tokens(theme.dark)


def test_motion_is_reduced_when_the_person_says_so(theme: Theme) -> None:
    theme.set_reduced_motion(True)
    assert theme.reduced_motion
    theme.set_reduced_motion(False)
    assert not theme.reduced_motion


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_the_bundled_font_in_its_size_and_weight(theme: Theme, role: Role) -> None:
    font = theme.font(role)
    family = "JetBrains Mono" if role is Role.CODE else "Inter"
    assert QRawFont.fromFont(font).familyName() == family
    assert font.pixelSize() <= theme.line_height(role)


def test_the_three_weights_are_really_drawn_differently(theme: Theme) -> None:
    widths = []
    for weight in (400, 500, 600):
        font = theme.font(Role.READING)
        font.setWeight(QFont.Weight(weight))
        widths.append(QFontMetricsF(font).horizontalAdvance("Hamburgefonstiv"))
    assert widths[0] < widths[1] < widths[2]


def test_italics_are_drawn_and_not_slanted_by_machine(theme: Theme) -> None:
    font = theme.font(Role.READING)
    font.setItalic(True)
    assert QRawFont.fromFont(font).styleName() == "Italic"


@pytest.mark.parametrize("role", [Role.READING, Role.CODE])
def test_the_fonts_are_whole(theme: Theme, role: Role) -> None:
    raw = QRawFont.fromFont(theme.font(role))
    assert [sign for sign in "√≈→ő−×ЖΩ…“" if not raw.supportsCharacter(ord(sign))] == []


def test_tabular_figures_all_have_one_width(theme: Theme) -> None:
    plain = QFontMetricsF(theme.font(Role.LABEL))
    tabular = QFontMetricsF(theme.font(Role.LABEL, tabular=True))
    assert plain.horizontalAdvance("1111") < plain.horizontalAdvance("0000")
    assert tabular.horizontalAdvance("1111") == tabular.horizontalAdvance("0000")


def test_a_line_of_reading_text_breaks_where_the_look_breaks_it(theme: Theme) -> None:
    line = "is ordinary: smoking shortens it, while pregnancy, liver disease and some"
    assert QFontMetricsF(theme.font(Role.READING)).horizontalAdvance(line) == pytest.approx(516, abs=1)


def test_code_has_no_ligatures(theme: Theme) -> None:
    metrics = QFontMetricsF(theme.font(Role.CODE))
    assert metrics.horizontalAdvance("!=") == pytest.approx(2 * metrics.horizontalAdvance("!"))
    assert not theme.font(Role.CODE).featureValue(QFont.Tag("calt"))


def test_a_font_that_was_handed_out_can_be_changed_without_changing_the_next(theme: Theme) -> None:
    theme.font(Role.READING).setPixelSize(40)
    assert theme.font(Role.READING).pixelSize() == 15


def test_the_palette_carries_the_colours_to_what_no_style_sheet_reaches(theme: Theme) -> None:
    theme.set_scheme("dark")
    palette = theme.palette()
    assert palette.color(QPalette.ColorRole.Window) == theme.tokens.page
    assert palette.color(QPalette.ColorRole.Text) == theme.tokens.text
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == theme.tokens.disabled


def test_what_is_read_has_a_size_of_its_own_and_the_interface_keeps_its_own(theme: Theme) -> None:
    heard: list[Reading] = []
    theme.reading_changed.connect(lambda: heard.append(theme.reading))
    theme.set_text_size(150)
    theme.set_text_size(150)
    assert heard == [Reading(150, 544)]
    assert theme.reading_font(Role.TRACE).pixelSize() == 20
    assert theme.reading_line(Role.READING) == 36
    assert theme.font(Role.TRACE).pixelSize() == 13
    assert theme.line_height(Role.READING) == 24


@pytest.mark.parametrize(("asked", "given"), [(10, 85), (85, 85), (200, 200), (900, 200)])
def test_the_text_size_stays_within_its_bounds(theme: Theme, asked: int, given: int) -> None:
    theme.set_text_size(asked)
    assert theme.reading.percent == given


def test_the_column_grows_with_the_text_and_with_the_chosen_width(theme: Theme) -> None:
    assert (theme.reading.column, theme.reading.trace, theme.surface_width) == (544, 472, 584)
    theme.set_reading_width(640)
    assert theme.surface_width == 680
    theme.set_text_size(200)
    assert theme.surface_width == 1320

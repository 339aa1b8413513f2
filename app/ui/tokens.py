"""The names of all colours, by what they are for."""

from typing import NamedTuple

from PySide6.QtGui import QColor

# A named tuple: to make a frozen data class of so many fields takes a fiftieth of the time to the first window.


class Tokens(NamedTuple):
    """Every colour that the window may use, by what it is for."""

    window: QColor
    page: QColor
    raised: QColor
    sunken: QColor
    code: QColor
    chip: QColor
    hover: QColor
    pressed: QColor
    selected: QColor
    selection: QColor
    hit: QColor
    border: QColor
    border_control: QColor
    border_strong: QColor
    track: QColor
    text: QColor
    text_2: QColor
    muted: QColor
    thinking_text: QColor
    disabled: QColor
    accent: QColor
    accent_hover: QColor
    accent_pressed: QColor
    on_accent: QColor
    accent_text: QColor
    note: QColor
    accent_soft: QColor
    focus: QColor
    danger: QColor
    danger_soft: QColor
    danger_fill: QColor
    on_danger: QColor
    warning: QColor
    warning_soft: QColor
    success: QColor
    success_soft: QColor
    code_keyword: QColor
    code_string: QColor
    code_number: QColor
    code_comment: QColor
    code_function: QColor
    bar_weights: QColor
    bar_kv: QColor
    bar_working: QColor
    shadow: QColor

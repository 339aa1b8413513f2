"""The style sheet that dresses what Qt draws: buttons, menus, scroll bars and tooltips.

Fonts are never set here: a style sheet knows neither tabular figures nor letter spacing, and it would win over the
fonts that widgets were given.
"""

from PySide6.QtGui import QColor

from app.ui.theme import Radius, Size, Space
from app.ui.tokens import Tokens


def stylesheet(tokens: Tokens) -> str:
    """The style sheet of a top-level window in these colours."""
    return "\n".join(
        (
            _frame(tokens),
            _buttons(tokens),
            _fields(tokens),
            _settings(tokens),
            _menus(tokens),
            _scroll_bars(tokens),
            _tooltips(tokens),
        )
    )


def _frame(t: Tokens) -> str:
    return f"""
    QMainWindow, #page {{ background: {_css(t.page)}; }}
    #header {{ background: {_css(t.page)}; border-bottom: {Space.HAIR}px solid transparent; }}
    #modelBar {{
        background: {_css(t.raised)}; border: {Space.HAIR}px solid {_css(t.border_control)};
        border-radius: {Radius.BUTTON}px;
    }}
    #sidebar {{ background: {_css(t.window)}; }}
    #sidebarFoot {{ border-top: {Space.HAIR}px solid transparent; }}
    #conversations {{ background: {_css(t.window)}; border: none; outline: none; }}
    #renameField {{
        background: {_css(t.raised)}; color: {_css(t.text)}; border: {Size.FOCUS}px solid {_css(t.focus)};
        border-radius: {Radius.BUTTON}px; padding: 0 {Space.XS}px;
        selection-background-color: {_css(t.selection)}; selection-color: {_css(t.text)};
    }}
    #divider {{ background: {_css(t.border)}; }}
    #composer {{
        background: {_css(t.raised)}; border: {Space.HAIR}px solid {_css(t.border_control)};
        border-radius: {Radius.COMPOSER}px;
    }}
    #composer QTextEdit {{
        background: transparent; border: none; color: {_css(t.text)};
        selection-background-color: {_css(t.selection)}; selection-color: {_css(t.text)};
    }}
    QLabel {{ background: transparent; color: {_css(t.text)}; }}
    QLabel[tone="quiet"] {{ color: {_css(t.muted)}; }}
    QLabel[tone="second"] {{ color: {_css(t.text_2)}; }}
    QLabel[tone="success"] {{ color: {_css(t.success)}; }}
    QLabel[tone="warning"] {{ color: {_css(t.warning)}; }}
    QLabel[tone="danger"] {{ color: {_css(t.danger)}; }}
    """


def _buttons(t: Tokens) -> str:
    padding = f"padding: 0 {Space.M}px; border-radius: {Radius.BUTTON}px;"
    return f"""
    QPushButton {{ outline: none; }}
    QPushButton[kind="plain"] {{
        {padding} background: {_css(t.raised)}; color: {_css(t.text)};
        border: {Space.HAIR}px solid {_css(t.border_control)};
    }}
    QPushButton[kind="ghost"] {{ {padding} background: transparent; border: none; color: {_css(t.text_2)}; }}
    QPushButton[kind="ghost"][tint="accent"] {{ color: {_css(t.accent_text)}; }}
    QPushButton[kind="plain"][tint="accent"] {{ color: {_css(t.accent_text)}; border-color: {_css(t.focus)}; }}
    QPushButton[kind="plain"][tint="danger"] {{ color: {_css(t.danger)}; }}
    QPushButton[kind="plain"]:hover, QPushButton[kind="ghost"]:hover {{ background: {_css(t.hover)}; }}
    QPushButton[kind="plain"]:pressed, QPushButton[kind="ghost"]:pressed {{ background: {_css(t.pressed)}; }}
    QPushButton[kind="primary"] {{ {padding} background: {_css(t.accent)}; border: none; color: {_css(t.on_accent)}; }}
    QPushButton[kind="primary"]:hover {{ background: {_css(t.accent_hover)}; }}
    QPushButton[kind="primary"]:pressed {{ background: {_css(t.accent_pressed)}; }}
    QPushButton[kind="danger"] {{
        {padding} background: {_css(t.danger_fill)}; border: none; color: {_css(t.on_danger)};
    }}
    QPushButton[kind]:disabled {{ background: transparent; color: {_css(t.disabled)}; }}
    """


def _fields(t: Tokens) -> str:
    frame = f"border: {Space.HAIR}px solid {_css(t.border_control)}; border-radius: {Radius.BUTTON}px;"
    return f"""
    QLineEdit[kind="field"], QPlainTextEdit[kind="field"] {{
        {frame} background: {_css(t.raised)}; color: {_css(t.text)}; placeholder-text-color: {_css(t.muted)};
        selection-background-color: {_css(t.selection)}; selection-color: {_css(t.text)};
    }}
    QLineEdit[kind="field"] {{ padding: 0 {Space.S}px; }}
    QPlainTextEdit[kind="field"] {{ padding: {Space.S}px {Space.S}px; }}
    QLineEdit[kind="field"][wrong="true"] {{ border-color: {_css(t.danger)}; }}
    QLineEdit[kind="field"]:disabled {{ background: transparent; color: {_css(t.disabled)}; }}
    """


def _settings(t: Tokens) -> str:
    return f"""
    #rail {{ background: {_css(t.window)}; }}
    #settingsPage, #settingsColumn {{ background: {_css(t.page)}; border: none; }}
    #dialog {{ background: {_css(t.raised)}; }}
    """


def _menus(t: Tokens) -> str:
    return f"""
    QMenu {{
        background: {_css(t.raised)}; color: {_css(t.text)}; border: {Space.HAIR}px solid {_css(t.border)};
        border-radius: {Radius.MENU}px; padding: {Space.XS}px;
    }}
    QMenu::item {{
        padding: {Space.MENU_ITEM}px {Space.BAR_PADDING}px; border-radius: {Radius.CHIP}px;
    }}
    QMenu::item:selected {{ background: {_css(t.hover)}; }}
    QMenu::item:disabled {{ color: {_css(t.disabled)}; background: transparent; }}
    QMenu::icon {{ padding: 0 {Space.XS}px 0 {Space.BAR_PADDING}px; }}
    QMenu::right-arrow {{ image: none; width: 0; height: 0; }}
    QMenu::separator {{
        height: {Space.HAIR}px; background: {_css(t.border)}; margin: {Space.XS}px {Space.BAR_PADDING}px;
    }}
    """


def _scroll_bars(t: Tokens) -> str:
    inset, thickness = Size.SCROLL_THUMB_INSET, Size.SCROLL_BAR
    radius = (thickness - 2 * inset) // 2
    return f"""
    QScrollBar {{ background: transparent; border: none; margin: 0; }}
    QScrollBar:vertical {{ width: {thickness}px; }}
    QScrollBar:horizontal {{ height: {thickness}px; }}
    QScrollBar::handle {{ background: {_css(t.border_control)}; border-radius: {radius}px; margin: {inset}px; }}
    QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {_css(t.border_strong)}; }}
    QScrollBar::handle:vertical {{ min-height: {Size.SCROLL_THUMB_MIN}px; }}
    QScrollBar::handle:horizontal {{ min-width: {Size.SCROLL_THUMB_MIN}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; background: none; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    """


def _tooltips(t: Tokens) -> str:
    # Qt adds the wider of the paddings on every side once more.
    return f"""
    QToolTip {{
        background: {_css(t.text)}; color: {_css(t.page)}; border: none; border-radius: {Radius.CHIP}px;
        padding: 0 {Space.XS}px;
    }}
    """


def _css(color: QColor) -> str:
    return color.name()

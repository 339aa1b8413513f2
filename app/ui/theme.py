"""The look in numbers: colours, type, spaces, sizes and motion; the only module that spells a colour or a pixel."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication

from app.paths import resources
from app.ui.fonts import font
from app.ui.tokens import Tokens

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette

# In the order of Tokens' fields; the last is the shadow, with its opacity in front.
_LIGHT: Final = """
    #F3F4F1 #FCFCFB #FFFFFF #F4F5F2 #F7F8F6 #EEF0EC #E7E9E4 #DDE0D9 #DDE8E8 #BFDDE1 #F6E3A8
    #E3E5DF #CBCFC7 #858B83 #E3E5DF #1D211F #474D49 #60665F #5C625C #A3A8A0
    #1F6470 #1A5660 #154852 #FFFFFF #1B5C67 #E4EEEF #E4EEEF #1F6470
    #AB3126 #FAECEA #B3372B #FFFFFF #7F5200 #FAF1DE #2A6A41 #E7F2EA
    #1B5C67 #3F6B2E #8A4B12 #666C65 #5A3F86 #1F6470 #5B98A2 #8B8F6A #1F1D211F
"""
_DARK: Final = """
    #131514 #191C1A #222624 #202422 #151816 #2D322F #2D322F #373D39 #21383B #2C555B #5A4A16
    #2C312E #414743 #7A817B #343936 #E6E9E5 #C0C6C0 #989F98 #A0A7A0 #646A65
    #6DB3BC #7FC0C8 #5EA3AC #08191C #88C7CF #1F3538 #1F3538 #7FC0C8
    #F08F82 #38211E #E07B6D #220907 #DDB566 #332A17 #86C79B #1C3024
    #88C7CF #A5C98F #E0AE7C #8C938C #C0ADE6 #6DB3BC #4B838B #A5A980 #73000000
"""


def tokens(dark: bool, high_contrast: bool = False) -> Tokens:
    """The colours of one theme; with high contrast, faint lines and faint words become strong ones."""
    values = dict(zip(Tokens._fields, (_DARK if dark else _LIGHT).split(), strict=True))
    if high_contrast:
        values["border_control"] = values["border_strong"]
        values["muted"] = values["thinking_text"] = values["text_2"]
    return Tokens(**{name: QColor(value) for name, value in values.items()})


class Role(StrEnum):
    """What a text is; each role has one font and one line height."""

    FIRST_RUN_TITLE = "first-run title"
    PAGE_TITLE = "page title"
    H1 = "h1"
    H2 = "h2"
    H3 = "h3"
    DIALOG_TITLE = "dialog title"
    TITLE = "title"
    READING = "reading"
    TRACE = "trace"
    INTERFACE = "interface"
    CONTROL = "control"
    TABLE = "table"
    TABLE_HEAD = "table head"
    CODE = "code"
    CARD_TITLE = "card title"
    CARD = "card"
    LABEL = "label"
    LABEL_MEDIUM = "label medium"


class _Type(NamedTuple):
    size: int
    line: int
    weight: int = 400
    spacing: float = 0.0


_TYPES: Final = {
    Role.FIRST_RUN_TITLE: _Type(26, 34, 600, -0.4),
    Role.PAGE_TITLE: _Type(20, 28, 600, -0.2),
    Role.H1: _Type(19, 26, 600),
    Role.H2: _Type(17, 24, 600),
    Role.H3: _Type(15, 24, 600),
    Role.DIALOG_TITLE: _Type(16, 24, 600),
    Role.TITLE: _Type(14, 20, 600),
    Role.READING: _Type(15, 24),
    Role.TRACE: _Type(13, 21),
    Role.INTERFACE: _Type(13, 20),
    Role.CONTROL: _Type(13, 20, 500),
    Role.TABLE: _Type(14, 22),
    Role.TABLE_HEAD: _Type(13, 22, 500),
    Role.CODE: _Type(13, 20),
    Role.CARD_TITLE: _Type(13, 20, 600),
    Role.CARD: _Type(12, 18),
    Role.LABEL: _Type(12, 16),
    Role.LABEL_MEDIUM: _Type(12, 16, 500),
}


class Space:
    """Distances in pixels, on a base of four."""

    HAIR: Final = 1
    XXS: Final = 2
    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    PAGE: Final = 24
    HANG: Final = 20
    HANG_RULE: Final = 2
    ICON_PULL: Final = 6
    MESSAGE_GAP: Final = 24
    PARAGRAPH_GAP: Final = 12
    BLOCK_GAP: Final = 14
    COLUMN_TOP: Final = 28
    COLUMN_TOP_SHORT: Final = 20
    COLUMN_BOTTOM: Final = 52
    SPEAKER_GAP: Final = 16
    COMPOSER_OVERLAP: Final = 16
    BESIDE_ICON: Final = 6
    FOCUS_GAP: Final = 1
    BAR_PADDING: Final = 10
    COMPOSER_TOP: Final = 10
    COMPOSER_TEXT_BOTTOM: Final = 8
    MENU_ITEM: Final = 9
    FIRST_RUN_TOP: Final = 56


class Size:
    """Widths and heights of things in pixels."""

    COLUMN: Final = 544
    TRACE_COLUMN: Final = 472
    SPEAKER: Final = 132
    SURFACE: Final = 584
    CONTROL: Final = 32
    SWITCH: Final = (36, 20)
    SWITCH_KNOB: Final = 14
    SLIDER: Final = 200
    SLIDER_KNOB: Final = 16
    NUMBER_FIELD: Final = 120
    NUMBER_COMPACT: Final = 104
    TEXT_AREA: Final = 240
    TEXT_AREA_MOST: Final = 560
    DIALOG: Final = 420
    SETTINGS_COLUMN: Final = 720
    FIRST_RUN_COLUMN: Final = 680
    FIRST_RUN_LEAD: Final = 560
    FIRST_RUN_STACKS: Final = 600
    MARK: Final = 40
    PLACEHOLDER: Final = (112, 10)
    SETTING_WORDS: Final = 520
    SETTINGS_BOTTOM: Final = 40
    FIGURE: Final = 52
    KEYS: Final = 148
    COMPACT: Final = 28
    HEADER: Final = 52
    STATUS: Final = 32
    STATUS_SHORT: Final = 28
    STATUS_BUTTON: Final = 24
    TOAST: Final = 40
    ICON: Final = 16
    ICON_SMALL: Final = 14
    ICON_BUTTON: Final = 28
    VERSION_STEP: Final = 24
    SEND: Final = 32
    BAR: Final = 4
    GAUGE: Final = 36
    SEGMENT: Final = 30
    ROW: Final = 30
    GROUP: Final = 28
    DOT: Final = 6
    SIDEBAR: Final = 264
    SIDEBAR_MIN: Final = 200
    SIDEBAR_MAX: Final = 400
    GRIP: Final = 7
    SEGMENT_MIN: Final = 56
    TITLE_MIN: Final = 96
    RING_STROKE: Final = 1.5
    SCROLL_BAR: Final = 12
    SCROLL_THUMB_INSET: Final = 3
    SCROLL_THUMB_MIN: Final = 32
    FOCUS: Final = 2
    MENU: Final = 200
    MODEL_NAME: Final = 220
    JUMP: Final = 32
    JUMP_GAP: Final = 10
    NARROW_WINDOW: Final = 1080
    NARROW_TRANSCRIPT: Final = 760
    SHORT_WINDOW: Final = 680
    # The least and the most that the text size can be, in per cent, and the widths to choose from for reading.
    TEXT: Final = (85, 200)
    READING: Final = (480, 544, 640, 760)
    WINDOW: Final = (1280, 840)
    WINDOW_MIN: Final = (640, 480)


class Radius:
    """Corners in pixels."""

    BAR: Final = 2
    CHIP: Final = 5
    BUTTON: Final = 6
    SEND: Final = 8
    MENU: Final = 8
    NOTICE: Final = 8
    CARD: Final = 10
    COMPOSER: Final = 12


class Motion:
    """Times in milliseconds."""

    FOLD: Final = 140
    SLIDE: Final = 140
    SLOW_LOAD: Final = 300
    SETTLED: Final = 150
    CLOCK: Final = 60_000
    REMEMBER: Final = 1000
    MENU: Final = 90
    TOAST: Final = 160
    TOAST_STAYS: Final = 6000
    RING_TURN: Final = 1200
    FRAME: Final = 33
    DONE_STAYS: Final = 1500
    DRAFT: Final = 300
    HIT_STAYS: Final = 3000
    MEMORY: Final = 2000
    CLOSING: Final = 50
    SESSION_END: Final = 60_000


class Shadow:
    """The one soft shadow of menus, toasts and dialogs: distance down and blur in pixels."""

    OFFSET_LIGHT: Final = 6
    BLUR_LIGHT: Final = 20
    OFFSET_DARK: Final = 8
    BLUR_DARK: Final = 24


class Reading(NamedTuple):
    """How large what is read is set: the text in per cent, the width of its column in pixels at 100 %."""

    percent: int = 100
    width: int = Size.COLUMN

    def scaled(self, pixels: float) -> int:
        """A length that grows with the text."""
        return round(pixels * self.percent / 100)

    @property
    def column(self) -> int:
        """The width of the text."""
        return self.scaled(self.width)

    @property
    def trace(self) -> int:
        """The width of a trace's smaller text, whose lines hold as many characters."""
        return self.scaled(self.width * Size.TRACE_COLUMN / Size.COLUMN)

    @property
    def surface(self) -> int:
        """The width of what hangs over the text on both sides: question, code, composer."""
        return self.column + 2 * Space.HANG


class Theme(QObject):
    """The current colours and fonts; needs a running QGuiApplication.

    Attributes: `tokens` (colours), `dark`, `reduced_motion`, `reading` (text size, reading width). Signals: `changed`
    when one of the first three did: whoever paints by hand repaints then; `reading_changed` when the last one did.
    """

    changed = Signal()
    reading_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheme = "system"
        self._reduced_motion: bool | None = None
        self._fonts: dict[tuple[Role, bool, int], QFont] = {}
        self._reading = Reading()
        self._waiting_fonts = set((resources() / "fonts").glob("*.[ot]tf"))
        self._load_fonts("Inter-[!I]*")
        self._tokens = self._current_tokens()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        # Qt tells contrast since 6.10 and motion since 6.12; before that there is nothing to ask.
        if hasattr(hints, "accessibility"):
            for name in ("contrastPreferenceChanged", "motionPreferenceChanged"):
                signal = getattr(hints.accessibility(), name, None)
                if signal is not None:
                    signal.connect(self._on_system_changed)

    @property
    def tokens(self) -> Tokens:
        """The colours now."""
        return self._tokens

    @property
    def dark(self) -> bool:
        """Whether the colours are the dark ones."""
        if self._scheme not in ("light", "dark"):
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._scheme == "dark"

    @property
    def reduced_motion(self) -> bool:
        """Whether everything should happen at once: as chosen, else as the system asks."""
        if self._reduced_motion is not None:
            return self._reduced_motion
        return _system_prefers("motionPreference", "ReducedMotion")

    def set_scheme(self, scheme: str) -> None:
        """Stays "light" or "dark"; any other word follows the system. Repaints at once."""
        self._scheme = scheme
        self._on_system_changed()

    def set_reduced_motion(self, reduced: bool | None) -> None:
        """Chooses motion; None follows the system."""
        self._reduced_motion = reduced
        self.changed.emit()

    @property
    def reading(self) -> Reading:
        """How large the transcript and the composer's text are set."""
        return self._reading

    @property
    def surface_width(self) -> int:
        """How wide the composer is where there is room: as a question's surface."""
        return self._reading.surface

    def set_text_size(self, percent: int) -> None:
        """Sets what is read in another size, 85 to 200 per cent; the interface stays as it is."""
        self._set_reading(self._reading._replace(percent=min(max(percent, Size.TEXT[0]), Size.TEXT[1])))

    def set_reading_width(self, pixels: int) -> None:
        """Gives the text a column of so many pixels at 100 %."""
        self._set_reading(self._reading._replace(width=pixels))

    def font(self, role: Role, *, tabular: bool = False) -> QFont:
        """The role's font; `tabular` gives every figure the same width, for numbers that change or stand in columns."""
        return self._sized_font(role, tabular, _TYPES[role].size)

    def reading_font(self, role: Role, *, tabular: bool = False) -> QFont:
        """The role's font in the size of what is read."""
        return self._sized_font(role, tabular, self._reading.scaled(_TYPES[role].size))

    def reading_line(self, role: Role) -> int:
        """The distance between the role's lines in the size of what is read, in pixels."""
        return self._reading.scaled(_TYPES[role].line)

    def _sized_font(self, role: Role, tabular: bool, size: int) -> QFont:
        key = (role, tabular, size)
        if key not in self._fonts:
            kind = _TYPES[role]
            self._fonts[key] = font(size, kind.weight, kind.spacing, mono=role is Role.CODE, tabular=tabular)
        return QFont(self._fonts[key])

    def _set_reading(self, reading: Reading) -> None:
        if reading != self._reading:
            self._reading = reading
            self.reading_changed.emit()

    def load_remaining_fonts(self) -> None:
        """Makes italics and code's fonts known, which the first picture does without."""
        self._load_fonts("*")

    def _load_fonts(self, pattern: str) -> None:
        for file in sorted(path for path in self._waiting_fonts if path.match(pattern)):
            QFontDatabase.addApplicationFont(str(file))
            self._waiting_fonts.discard(file)

    def line_height(self, role: Role) -> int:
        """The distance between the role's lines in pixels."""
        return _TYPES[role].line

    def stylesheet(self) -> str:
        """The style sheet of a top-level window, in the current colours."""
        from app.ui.stylesheet import stylesheet

        return stylesheet(self._tokens)

    def palette(self) -> "QPalette":
        """The colours for what no style sheet reaches, such as a file dialog drawn by Qt."""
        from app.ui.palette import palette

        return palette(self._tokens)

    def _current_tokens(self) -> Tokens:
        return tokens(self.dark, _system_prefers("contrastPreference", "HighContrast"))

    def _on_system_changed(self) -> None:
        self._tokens = self._current_tokens()
        self.changed.emit()


def _system_prefers(what: str, value: str) -> bool:
    # The hints are asked for anew each time: their wrapper does not outlive the call.
    hints = QGuiApplication.styleHints()
    preference = getattr(hints.accessibility(), what, None) if hasattr(hints, "accessibility") else None
    return preference is not None and getattr(preference(), "name", "") == value

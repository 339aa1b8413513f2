"""Notices: banners that stay where they concern something, and toasts that say what was done."""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QPropertyAnimation, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.errors import AppError
from app.services.words.explanation import Explanation
from app.services.words.messages import explain, notice
from app.ui.announce import announce
from app.ui.controls.buttons import Button, IconButton
from app.ui.controls.margins import set_margins
from app.ui.controls.paragraph import Paragraph
from app.ui.icons import Icons
from app.ui.shadow import paint_shadow, shadow_margin
from app.ui.theme import Motion, Radius, Role, Size, Space, Theme
from app.ui.tokens import Tokens

Tone = Literal["quiet", "warning", "danger"]

_ICONS: Final[dict[Tone, str]] = {"quiet": "info", "warning": "triangle-alert", "danger": "circle-alert"}
# What is not a failure of anything: it concerns a limit, or there is another way already.
_WARNINGS: Final = frozenset(
    {
        *("context_full", "device_failed", "no_model", "engine_busy", "prompt_empty"),
        *("store_newer", "conversation_missing"),
    }
)


class Action(NamedTuple):
    """The one button that a notice may have: its verb and what it does."""

    text: str
    run: Callable[[], None]


class Notices(QWidget):
    """The banners of one place, one for each code, newest last. Signal: `changed` when its height may have."""

    changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._banners: dict[str, Banner] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self.setVisible(False)

    @property
    def banners(self) -> dict[str, "Banner"]:
        """What is shown now, by code."""
        return dict(self._banners)

    def show_error(self, error: AppError, action: Action | None = None) -> None:
        """Shows a failure in words, with at most one button."""
        tone: Tone = "warning" if error.code in _WARNINGS else "danger"
        self.show_banner(error.code, explain(error), tone, action)

    def show_notice(self, code: str) -> None:
        """Tells once about something that works all the same."""
        self.show_banner(code, notice(code), "warning" if code in _WARNINGS else "quiet", None)

    def show_banner(self, code: str, words: Explanation, tone: Tone, action: Action | None) -> None:
        """Shows a banner in place of an older one with the same code."""
        self.clear(code)
        banner = Banner(self._theme, self._icons, words, tone, action, self)
        banner.dismissed.connect(lambda: self.clear(code))
        self._banners[code] = banner
        self._column.addWidget(banner)
        self.setVisible(True)
        self.changed.emit()
        announce(banner, words.text, urgent=tone == "danger")

    def clear(self, *codes: str) -> None:
        """Takes away the banners with these codes, or all."""
        for code in codes or tuple(self._banners):
            banner = self._banners.pop(code, None)
            if banner is not None:
                self._column.removeWidget(banner)
                banner.hide()
                banner.deleteLater()
        self.setVisible(bool(self._banners))
        self.changed.emit()


class Banner(QFrame):
    """What is wrong and what to do. Signal: `dismissed` when its button was pressed."""

    dismissed = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        words: Explanation,
        tone: Tone,
        action: Action | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._tone = tone
        self._words = words
        self.setAccessibleName(words.title)
        self.setAccessibleDescription(words.advice)
        self._icon = QLabel(self)
        self._icon.setFixedSize(Size.ICON, Size.COMPACT)
        self._text = Paragraph(theme, Role.INTERFACE, self)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        # One line of text, the icon and the button share a middle; Qt adds a line's room above its glyphs only.
        set_margins(
            row, Space.M, Space.BESIDE_ICON, Space.M if action else Space.BESIDE_ICON, Space.BESIDE_ICON
        )
        self._text.setContentsMargins(0, Space.XXS, 0, Space.BESIDE_ICON)
        row.setSpacing(Space.BAR_PADDING)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.button = self._make_button(action)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def text(self) -> str:
        """Both sentences."""
        return self._words.text

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the tinted surface."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_fills(self._theme.tokens)[self._tone][0])
        painter.drawRoundedRect(QRectF(self.rect()), Radius.NOTICE, Radius.NOTICE)
        painter.end()

    def _make_button(self, action: Action | None) -> QWidget:
        """The verb; or, where there is nothing to do, the way to put the banner away."""
        if action is None:
            close = IconButton(self._theme, self._icons, "x", self.tr("Dismiss"), parent=self)
            close.clicked.connect(self.dismissed)
            return close
        run = action.run
        button = Button(self._theme, action.text, compact=True, parent=self)
        # First away with it: what it does may show another.
        button.clicked.connect(self.dismissed)
        button.clicked.connect(lambda _checked: run())
        return button

    def _dress(self) -> None:
        tokens = self._theme.tokens
        ink = _fills(tokens)[self._tone][1]
        pixmap = self._icons.pixmap(_ICONS[self._tone], Size.ICON, ink, self.devicePixelRatioF())
        self._icon.setPixmap(pixmap)
        self._text.set_text(self._words.title, self._words.advice, tokens.text_2.name())
        self.update()


class Toast(QWidget):
    """Says what was done over its parent, and goes by itself unless it is hovered or focused."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._action: Action | None = None
        self._margin = shadow_margin(theme)
        self._text = QLabel(self)
        self._text.setFont(theme.font(Role.INTERFACE, tabular=True))
        self._button = Button(theme, "", "ghost", compact=True, parent=self)
        self._button.setProperty("tint", "accent")
        self._button.clicked.connect(self._on_clicked)
        self._button.installEventFilter(self)
        self._stays = QTimer(self, singleShot=True, interval=Motion.TOAST_STAYS)
        self._stays.timeout.connect(self.hide)
        self._rise = QPropertyAnimation(self, b"pos", self)
        self._rise.setDuration(Motion.TOAST)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(Space.M)
        self._row.addWidget(self._text)
        self._row.addWidget(self._button)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def text(self) -> str:
        """What it says or said last."""
        return self._text.text()

    @property
    def leaving(self) -> bool:
        """Whether its time is running."""
        return self._stays.isActive()

    def say(self, text: str, bottom: QPoint, action: Action | None = None) -> None:
        """Shows `text` with its lower edge's middle at `bottom` (in the parent's pixels), in place of an older one."""
        self._action = action
        self._text.setText(text)
        self._button.setText(action.text if action else "")
        self._button.setVisible(action is not None)
        self._margin = shadow_margin(self._theme)
        end = Space.BESIDE_ICON if action else Space.BLOCK_GAP
        inner = (Size.TOAST - Size.COMPACT) // 2
        around = self._margin
        set_margins(self._row, around + Space.BLOCK_GAP, around + inner, around + end, around + inner)
        self.setMinimumHeight(Size.TOAST + 2 * self._margin)
        self.adjustSize()
        self.show()
        self.raise_()
        self._move_to(self._over(bottom))
        self._stays.start()
        announce(self, text)

    def stand_over(self, bottom: QPoint) -> None:
        """Keeps its lower edge's middle at `bottom`, at once, when what is below it grows or shrinks."""
        self._rise.stop()
        self.move(self._over(bottom))
        self.raise_()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stays under the pointer."""
        super().enterEvent(event)
        self._stays.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Goes after the pointer has left."""
        super().leaveEvent(event)
        self._stays.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays while its button has the focus."""
        if event.type() == QEvent.Type.FocusIn:
            self._stays.stop()
        elif event.type() == QEvent.Type.FocusOut:
            self._stays.start()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the surface and its soft shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = Space.HAIR / 2
        margin = self._margin
        area = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        paint_shadow(painter, self._theme, area, Radius.NOTICE)
        painter.setPen(QPen(self._theme.tokens.border, Space.HAIR))
        painter.setBrush(self._theme.tokens.raised)
        painter.drawRoundedRect(area.adjusted(half, half, -half, -half), Radius.NOTICE, Radius.NOTICE)
        painter.end()

    def _over(self, bottom: QPoint) -> QPoint:
        return QPoint(bottom.x() - self.width() // 2, bottom.y() - self.height() + self._margin)

    def _move_to(self, place: QPoint) -> None:
        self._rise.stop()
        if self._theme.reduced_motion:
            self.move(place)
            return
        self._rise.setStartValue(place + QPoint(0, Space.S))
        self._rise.setEndValue(place)
        self._rise.start()

    def _on_clicked(self) -> None:
        self.hide()
        self._stays.stop()
        if self._action is not None:
            self._action.run()


def _fills(tokens: Tokens) -> dict[Tone, tuple[QColor, QColor]]:
    """Surface and icon colour of each tone."""
    return {
        "quiet": (tokens.sunken, tokens.muted),
        "warning": (tokens.warning_soft, tokens.warning),
        "danger": (tokens.danger_soft, tokens.danger),
    }

"""How a row of the conversation list is painted, and how its title is edited in place."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.chat.conversation import Summary
from app.ui.conversations.list_model import ConversationListModel
from app.ui.conversations.titles import LONGEST_TITLE
from app.ui.icons import Icons
from app.ui.theme import Motion, Radius, Role, Size, Space, Theme

_TURN: Final = 360 * 16
_GAP: Final = 90 * 16

_Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Paints headings, titles and the marks at a row's end. `open_id` is the conversation whose row is selected."""

    def __init__(self, theme: Theme, icons: Icons, model: ConversationListModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._model = model
        self._clock = QElapsedTimer()
        self._clock.start()
        self._heading = theme.font(Role.LABEL_MEDIUM)
        self._plain = theme.font(Role.INTERFACE)
        self._strong = theme.font(Role.CONTROL)
        self._unread = theme.font(Role.CONTROL)
        self._unread.setWeight(QFont.Weight.DemiBold)
        self.open_id = ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paints one row into the option's rectangle."""
        summary = self._model.summary(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = _inner(option)
        if summary is None:
            area.setTop(area.bottom() - Size.GROUP + 1)
            self._text(painter, option, area, str(index.data()), self._heading, self._theme.tokens.muted)
        else:
            self._surface(painter, option, summary)
            room = self._marks(painter, option, area, summary)
            self._text(painter, option, room, self._model.title(summary), *self._ink(option, summary))
            self._ring_of_focus(painter, option)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The height that the look gives a row or a heading."""
        heading = self._model.summary(index.row()) is None
        return QSize(option.rect.width(), Size.GROUP + Space.S if heading else Size.ROW)

    def menu_area(self, row: QRect, direction: Qt.LayoutDirection) -> QRect:
        """Where a hovered row has the button of its menu."""
        side = Size.ICON + 2 * Space.S
        if direction == Qt.LayoutDirection.RightToLeft:
            return QRect(row.left(), row.top(), side, row.height())
        return QRect(row.right() - side + 1, row.top(), side, row.height())

    def is_cut(self, index: _Index, width: int) -> bool:
        """Whether the title has less room in a row of that width than it needs."""
        text = str(index.data())
        return QFontMetrics(self._strong).horizontalAdvance(text) > width - 2 * Space.S

    # Editing in place

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """A field over the row; Enter keeps what it says, Escape does not."""
        field = QLineEdit(parent)
        field.setObjectName("renameField")
        field.setFont(self._plain)
        field.setMaxLength(LONGEST_TITLE)
        field.setAccessibleName(self.tr("Title"))
        return field

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Begins with the title, all of it selected."""
        assert isinstance(editor, QLineEdit)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
        editor.selectAll()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Exactly the row."""
        editor.setGeometry(option.rect)

    # What a row consists of

    def _surface(self, painter: QPainter, option: QStyleOptionViewItem, summary: Summary) -> None:
        tokens = self._theme.tokens
        fill: QColor | None = None
        if summary.id == self.open_id:
            fill = tokens.selected
        elif _hovered(option):
            fill = tokens.hover
        if fill is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(_rect(option)), Radius.BUTTON, Radius.BUTTON)

    def _ink(self, option: QStyleOptionViewItem, summary: Summary) -> tuple[QFont, QColor]:
        tokens = self._theme.tokens
        if summary.unread:
            return self._unread, tokens.text
        if summary.id == self.open_id:
            return self._strong, tokens.text
        return self._plain, tokens.text if _hovered(option) else tokens.text_2

    def _marks(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, summary: Summary) -> QRect:
        """Paints what stands at the row's end, from there inwards; returns the room that is left for the title."""
        if _hovered(option):
            area = self._icon(painter, option, area, "ellipsis", Size.ICON)
        state = self._model.state(summary.id)
        if state == "answering":
            area = self._answering(painter, option, area)
        elif state == "queued":
            area = self._icon(painter, option, area, "clock", Size.ICON_SMALL)
        elif summary.unread:
            area = self._dot(painter, option, area)
        if summary.temporary:
            area = self._icon(painter, option, area, "message-circle-dashed", Size.ICON_SMALL)
        return area

    def _icon(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, name: str, size: int
    ) -> QRect:
        box, rest = _end(option, area, size)
        ratio = painter.device().devicePixelRatio()
        pixmap = self._icons.pixmap(name, size, self._theme.tokens.muted, ratio)
        painter.drawPixmap(box.topLeft(), pixmap)
        return rest

    def _answering(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> QRect:
        box, rest = _end(option, area, Size.ICON_SMALL)
        pen = QPen(self._theme.tokens.accent_text, Size.RING_STROKE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        still = self._theme.reduced_motion
        turned = 0.0 if still else self._clock.elapsed() % Motion.RING_TURN / Motion.RING_TURN
        inset = Size.RING_STROKE
        circle = QRectF(box).adjusted(inset, inset, -inset, -inset)
        painter.drawArc(circle, _GAP // 2 - round(_TURN * turned), _TURN - _GAP)
        return rest

    def _dot(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> QRect:
        box, rest = _end(option, area, Size.ICON_SMALL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tokens.accent)
        painter.drawEllipse(QRectF(box).center(), Size.DOT / 2, Size.DOT / 2)
        return rest

    def _ring_of_focus(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        if not _state(option) & QStyle.StateFlag.State_HasFocus:
            return
        half = Size.FOCUS / 2
        painter.setPen(QPen(self._theme.tokens.focus, Size.FOCUS))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        area = QRectF(_rect(option)).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(area, Radius.BUTTON, Radius.BUTTON)

    def _text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        area: QRect,
        text: str,
        font: QFont,
        color: QColor,
    ) -> None:
        painter.setFont(font)
        painter.setPen(color)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        # The title's own direction decides where its ellipsis stands, the window's where the title does.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        side = Qt.AlignmentFlag.AlignRight if _rtl(option) else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, flags | Qt.TextFlag.TextSingleLine, shown)


def _rect(option: QStyleOptionViewItem) -> QRect:
    return QRect(option.rect)


def _inner(option: QStyleOptionViewItem) -> QRect:
    return _rect(option).adjusted(Space.S, 0, -Space.S, 0)


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state


def _hovered(option: QStyleOptionViewItem) -> bool:
    return bool(_state(option) & QStyle.StateFlag.State_MouseOver)


def _rtl(option: QStyleOptionViewItem) -> bool:
    return bool(option.direction == Qt.LayoutDirection.RightToLeft)


def _end(option: QStyleOptionViewItem, area: QRect, size: int) -> tuple[QRect, QRect]:
    """A square of `size` at the end of the line, and what is left before it."""
    top = area.top() + (area.height() - size) // 2
    if _rtl(option):
        return QRect(area.left(), top, size, size), area.adjusted(size + Space.S, 0, 0, 0)
    return QRect(area.right() - size + 1, top, size, size), area.adjusted(0, 0, -size - Space.S, 0)

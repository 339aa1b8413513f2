"""The transcript as assistive technology meets it: messages, each with its speaker, its blocks and its buttons."""

from functools import cache
from typing import Final, cast

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget, QWidget

from app.markup.blocks import Block
from app.ui.transcript import words
from app.ui.transcript.items import Item, PartKind
from app.ui.transcript.measures import Measure
from app.ui.transcript.spots import ControlKind
from app.ui.transcript.stage import Stage

_Text = QAccessible.Text
# Qt's stubs do not say that all of these may answer nothing.
_NOTHING: Final = cast("QAccessibleInterface", None)
# The property by which the factory knows a transcript, and finds its stage.
STAGE: Final = "transcriptStage"


@cache
def install() -> None:
    """Tells Qt, once in a process, how a transcript is told."""
    QAccessible.installFactory(_made)


def _made(_key: str, thing: QObject) -> QAccessibleInterface | None:
    stage = thing.property(STAGE) if isinstance(thing, QAbstractScrollArea) else None
    if not isinstance(stage, Stage) or not isinstance(thing, QAbstractScrollArea):
        return None
    return TranscriptAccess(thing, stage)


class TranscriptAccess(QAccessibleWidget):
    """The view: its children are the messages, also those that are far from the viewport."""

    def __init__(self, view: QAbstractScrollArea, stage: Stage) -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self.view = view
        self.stage = stage
        self._messages: dict[str, MessageAccess] = {}

    def childCount(self) -> int:
        """How many messages there are."""
        return len(self.stage.document.items)

    def child(self, index: int) -> QAccessibleInterface:
        """A message."""
        items = self.stage.document.items
        if not 0 <= index < len(items):
            return _NOTHING
        message_id = items[index].message.id
        if message_id not in self._messages:
            self._messages[message_id] = MessageAccess(self, message_id)
        return self._messages[message_id]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Where a message stands."""
        return child.index if isinstance(child, MessageAccess) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        """The message at a point of the screen."""
        at = self.view.viewport().mapFromGlobal(QPoint(x, y))
        if not self.view.viewport().rect().contains(at):
            return _NOTHING
        return self.child(self.stage.document.at(at.y() + self.stage.flow.value))

    def on_screen(self, rect: QRect) -> QRect:
        """A rectangle of the document, on the screen."""
        top_left = self.view.viewport().mapToGlobal(QPoint(rect.left(), rect.top() - self.stage.flow.value))
        return QRect(top_left, rect.size())


class Painted(QAccessibleInterface):
    """Something that is painted, not a widget."""

    def __init__(self, access: TranscriptAccess) -> None:
        super().__init__()
        self.access = access

    def isValid(self) -> bool:
        """Whether it still exists."""
        return True

    def object(self) -> QObject:
        """It is no object."""
        return cast("QObject", None)

    def window(self) -> QWindow:
        """The window it is painted in."""
        return self.access.view.window().windowHandle()

    def focusChild(self) -> QAccessibleInterface:
        """It never holds the focus itself."""
        return _NOTHING

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        """The child at a point of the screen."""
        for index in range(self.childCount()):
            child = self.child(index)
            if child.rect().contains(x, y):
                return child
        return _NOTHING

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """It cannot be changed."""

    def foregroundColor(self) -> QColor:
        """The view's."""
        return self.access.view.palette().text().color()

    def backgroundColor(self) -> QColor:
        """The view's."""
        return self.access.view.palette().window().color()


class MessageAccess(Painted):
    """A message: named by its speaker, with its text as value and its state as description."""

    def __init__(self, access: TranscriptAccess, message_id: str) -> None:
        super().__init__(access)
        self._id = message_id
        self._blocks: dict[tuple[int, int], BlockAccess] = {}

    @property
    def index(self) -> int:
        """Where it stands; -1 when it is gone."""
        found = self.access.stage.document.index_of(self._id)
        return -1 if found is None else found

    def isValid(self) -> bool:
        """Whether it still exists."""
        return self.index >= 0

    @property
    def item(self) -> Item:
        """What it tells about."""
        return self.access.stage.document.items[self.index]

    def parent(self) -> QAccessibleInterface:
        """The transcript."""
        return self.access

    def childCount(self) -> int:
        """Blocks that are shown, and buttons near the viewport."""
        return len(self._children())

    def child(self, index: int) -> QAccessibleInterface:
        """A block or a button, in the order of reading."""
        children = self._children()
        if not 0 <= index < len(children):
            return _NOTHING
        child = children[index]
        if isinstance(child, QWidget):
            return QAccessible.queryAccessibleInterface(child)
        if child not in self._blocks:
            self._blocks[child] = BlockAccess(self, *child)
        return self._blocks[child]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Where a block or a button stands."""
        children = self._children()
        wanted = child.place if isinstance(child, BlockAccess) else child.object()
        return children.index(wanted) if wanted in children else -1

    def text(self, kind: QAccessible.Text) -> str:
        """Speaker, text and state."""
        if not self.isValid():
            return ""
        item = self.item
        if kind == _Text.Name:
            return (item.message.model or words.model()) if item.is_reply else words.you()
        if kind == _Text.Value:
            return item.message.text
        return self._description(item) if kind == _Text.Description else ""

    def rect(self) -> QRect:
        """Where it is on the screen."""
        document = self.access.stage.document
        if not self.isValid():
            return QRect()
        width = self.access.view.viewport().width()
        return self.access.on_screen(QRect(0, document.top(self.index), width, self.item.height))

    def role(self) -> QAccessible.Role:
        """An entry of the list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Whether it grows, and whether it is out of sight."""
        state = QAccessible.State()
        state.readOnly = True
        state.busy = self.isValid() and self.item.streaming
        state.offscreen = not self.rect().intersects(self.access.rect())
        return state

    def _children(self) -> list["tuple[int, int] | QWidget"]:
        if not self.isValid():
            return []
        children: list[tuple[int, int] | QWidget] = []
        tools = self.access.stage.tools
        widgets = {key: tools.widget(key) for key in tools.keys if key.message == self.index}
        for number, section in enumerate(self.item.sections):
            header = [key for key in widgets if (key.kind, key.section) == (ControlKind.THINKING, number)]
            children.extend(widget for key in header if (widget := widgets.pop(key)) is not None)
            if section.shown:
                count = len(section.passage.realise().blocks)
                children.extend((number, block) for block in range(count))
        children.extend(widget for widget in widgets.values() if widget is not None)
        return children

    def _description(self, item: Item) -> str:
        told = []
        if item.streaming:
            reading = f"{words.reading()} {words.read_so_far(*item.prefill)}" if item.prefill else ""
            told.append(reading or words.answering())
        elif item.waits:
            told.append(words.waiting())
        elif item.is_reply and item.ending:
            told.append(item.ending)
        if item.version[1] > 1:
            told.append(words.version_of(*item.version))
        if item.left_out:
            told.append(words.is_left_out())
        return ", ".join(told)


class BlockAccess(Painted):
    """A block: a paragraph, or code with its language as description."""

    def __init__(self, message: MessageAccess, section: int, block: int) -> None:
        super().__init__(message.access)
        self._message = message
        self.place = (section, block)

    @property
    def _block(self) -> Block | None:
        section, block = self.place
        if not self._message.isValid() or section >= len(self._message.item.sections):
            return None
        blocks = self._message.item.sections[section].passage.realise().blocks
        return blocks[block] if block < len(blocks) else None

    def isValid(self) -> bool:
        """Whether it still exists."""
        return self._block is not None

    def parent(self) -> QAccessibleInterface:
        """The message."""
        return self._message

    def childCount(self) -> int:
        """It has no parts."""
        return 0

    def child(self, index: int) -> QAccessibleInterface:
        """It has no parts."""
        return _NOTHING

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """It has no parts."""
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        """The text, and for code its language."""
        block = self._block
        if block is None:
            return ""
        if kind in (_Text.Name, _Text.Value):
            return block.text
        if kind == _Text.Description and block.kind == "code":
            return words.code_named(words.code_language(block.language))
        return ""

    def rect(self) -> QRect:
        """Where it is on the screen, as far as its heights are known."""
        section, block = self.place
        item = self._message.item
        parts = [part for part in item.text_parts() if part.section == section]
        if not parts or self._block is None:
            return QRect()
        document = self.access.stage.document
        origin = document.origin(self._message.index, parts[0])
        column = item.sections[section].passage.column
        top = origin.y() + column.top(block) + column.gap(block)
        rect = QRect(origin.x(), top, document.page.width, origin.y() + column.top(block + 1) - top)
        if parts[0].kind is PartKind.TRACE:
            frame = document.top(self._message.index) + parts[0].top + Measure.RULE_TOP
            rect &= QRect(rect.left(), frame, rect.width(), parts[0].height - Measure.RULE_TOP)
        return self.access.on_screen(rect)

    def role(self) -> QAccessible.Role:
        """A paragraph, or text as it stands."""
        block = self._block
        code = block is not None and block.kind == "code"
        return QAccessible.Role.StaticText if code else QAccessible.Role.Paragraph

    def state(self) -> QAccessible.State:
        """Text that can be selected but not changed."""
        state = QAccessible.State()
        state.readOnly = True
        state.offscreen = not self.rect().intersects(self.access.rect())
        return state


def tell_new_message(view: QWidget) -> None:
    """The list has one entry more, or other ones."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.ObjectReorder))

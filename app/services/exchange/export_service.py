"""Exports and imports for the window: read, rendered and written where nobody waits for it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.conversation import Conversation, Message
from app.errors import AppError, ExchangeError
from app.export.choices import Format, ThinkingChoice, format_named, thinking_named
from app.services.background import Background

if TYPE_CHECKING:
    from app.services.conversations.conversation_service import ConversationService
    from app.services.conversations.reply_service import ReplyService
    from app.services.conversations.store_service import StoreService
    from app.services.exchange.importing import Found, Imported
    from app.storage.conversation_store import ConversationStore

T = TypeVar("T")

__all__ = ["ExportService", "Exported", "Form", "Format", "Preview", "ThinkingChoice", "form_named"]

PREVIEW_LINES: Final = 200
_PREVIEW_SIGNS: Final = 40_000
_CLOSE_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Form:
    """What an export is to be like."""

    kind: Format = "md"
    thinking: ThinkingChoice = "none"


@dataclass(frozen=True)
class Preview:
    """The first lines of a file; `cut` when there are more."""

    text: str
    cut: bool


@dataclass(frozen=True)
class Exported:
    """What was written: a file, or so many of them in a folder."""

    path: Path
    count: int
    is_folder: bool = False


def form_named(kind: str, thinking: str) -> Form:
    """What was chosen last, as the settings name it."""
    return Form(format_named(kind), thinking_named(thinking))


class ExportService(QObject):
    """Writes conversations as they are now, a growing reply with the text that it has, and reads files of them.

    Signals: `previewed` with what was asked for last; `exported` with what was written; `copied` with Markdown;
    `imported` with what became of a file; `failed` with an error.
    """

    previewed = Signal(object)
    exported = Signal(object)
    copied = Signal(str)
    imported = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        store: "StoreService",
        conversations: "ConversationService",
        replies: "ReplyService",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._conversations = conversations
        self._replies = replies
        self._background = Background("export", self)
        self._previews = 0

    # What can be exported

    def exportable(self) -> tuple[str, ...]:
        """The ids of all conversations that an export of all writes, the newest first."""
        return tuple(row.id for row in self._conversations.summaries if row.messages and not row.temporary)

    def file_name(self, conversation_id: str, kind: Format) -> str:
        """What a conversation's file is called, before a person names it otherwise."""
        from app.export.files import safe_name
        from app.services.exchange.export_words import untitled

        rows = (row.title for row in self._conversations.summaries if row.id == conversation_id)
        return f"{safe_name(next(rows, ''), untitled())}.{kind}"

    # Out

    def preview(self, conversation_id: str, form: Form) -> None:
        """Tells the first lines of a conversation's file; whoever asks again is told that alone."""
        self._previews += 1
        number = self._previews

        def tell(preview: Preview) -> None:
            if number == self._previews:
                self.previewed.emit(preview)

        self._rendered(conversation_id, form, _preview, tell)

    def export_one(self, conversation_id: str, file: Path, form: Form) -> None:
        """Writes a conversation into the file, in place of an older one."""

        def write(text: str) -> Exported:
            from app.export.files import write_whole

            write_whole(file, text)
            return Exported(file, 1)

        self._rendered(conversation_id, form, write, self.exported.emit)

    def export_all(self, folder: Path, form: Form) -> None:
        """Writes every conversation but temporary ones into the folder, a file each; none is replaced."""
        waiting = list(self.exportable())
        if waiting:
            _Export(self, self._background, folder, form, waiting).next()
        else:
            self.failed.emit(ExchangeError("nothing_to_export"))

    def copy(self, conversation_id: str, thinking: ThinkingChoice) -> None:
        """Tells a conversation as Markdown, for the clipboard."""
        self._rendered(conversation_id, Form("md", thinking), lambda text: text, self.copied.emit)

    # In

    def import_from(self, path: Path) -> None:
        """Stores what a file, or a folder of files, holds."""

        def work() -> "Found":
            from app.services.exchange.importing import found_in

            return found_in(path)

        self._background.run(work, self._on_found, self.failed.emit)

    def close(self) -> None:
        """Finishes what is being written."""
        self._background.close(_CLOSE_SECONDS)

    def with_conversation(
        self,
        conversation_id: str,
        done: Callable[[Conversation], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Hands over a conversation with what its growing replies have said so far."""
        self._conversations.get(conversation_id, lambda value: done(self._grown(value)), failed)

    def _grown(self, conversation: Conversation) -> Conversation:
        return msgspec.structs.replace(conversation, messages=tuple(map(self._as_now, conversation.messages)))

    def _as_now(self, message: Message) -> Message:
        if message.state not in ("queued", "streaming"):
            return message
        return self._replies.message(message.id) or message

    def _rendered(
        self, conversation_id: str, form: Form, use: Callable[[str], T], done: Callable[[T], None]
    ) -> None:
        """Renders a conversation and uses the text, both off this thread."""
        from app.services.exchange.export_words import export_words

        words = export_words()

        def on_loaded(conversation: Conversation) -> None:
            def work() -> T:
                from app.export.rendering import rendered

                return use(rendered(conversation, form.kind, form.thinking, words))

            self._background.run(work, done, self.failed.emit)

        self.with_conversation(conversation_id, on_loaded, self.failed.emit)

    def _on_found(self, found: "Found") -> None:
        def work(store: "ConversationStore") -> "Imported":
            from app.services.exchange.importing import import_into

            return import_into(store, found)

        self._store.run(work, self._on_imported, self.failed.emit)

    def _on_imported(self, imported: "Imported") -> None:
        self._conversations.reading.read()
        self.imported.emit(imported)


class _Export:
    """An export of many, one after the other: no more than one is in memory at a time."""

    def __init__(
        self, service: ExportService, background: Background, folder: Path, form: Form, waiting: list[str]
    ) -> None:
        from app.services.exchange.export_words import export_words

        self._service = service
        self._background = background
        self._folder = folder
        self._form = form
        self._waiting = waiting
        self._count = 0
        self._words = export_words()

    def next(self) -> None:
        """Writes the next one, or tells the end."""
        if not self._waiting:
            self._service.exported.emit(Exported(self._folder, self._count, is_folder=True))
            return
        self._service.with_conversation(self._waiting.pop(0), self._on_loaded, self._on_missing)

    def _on_loaded(self, conversation: Conversation) -> None:
        folder, form, words = self._folder, self._form, self._words

        def work() -> None:
            from app.export.writing import write_into

            write_into(folder, conversation, form.kind, form.thinking, words)

        self._background.run(work, self._on_written, self._service.failed.emit)

    def _on_written(self, _nothing: None) -> None:
        self._count += 1
        self.next()

    def _on_missing(self, error: AppError) -> None:
        # One that was deleted meanwhile is none of the rest's business.
        if error.code == "conversation_missing":
            self.next()
        else:
            self._service.failed.emit(error)


def _preview(text: str) -> Preview:
    begin = text[:_PREVIEW_SIGNS]
    lines = list(islice(begin.splitlines(), PREVIEW_LINES))
    shown = "\n".join(lines)
    return Preview(shown, cut=len(shown) < len(text.rstrip()))

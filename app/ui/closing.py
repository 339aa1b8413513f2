"""Asks before the window goes while something that a person wrote is not on the disk."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.services.conversations.conversation_service import ConversationService
from app.services.words.messages import explain
from app.ui.theme import Motion, Theme

if TYPE_CHECKING:
    from app.ui.controls.unsaved_dialog import UnsavedDialog

_PATIENCE: Final = 20
"""As many looks a disk has to take what was handed to it, before the person is asked."""


class Closing(QObject):
    """Lets the window close when everything is on the disk, or when the person says so.

    Signal: `export_requested` with the id of a conversation, or nothing for all of them.
    """

    export_requested = Signal(str)

    def __init__(self, window: QWidget, theme: Theme, conversations: ConversationService) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._conversations = conversations
        self._writing = conversations.writing
        self._allowed = False
        self._trying_again = False
        self._looks = 0
        self._look = QTimer(self, interval=Motion.CLOSING)
        self._look.timeout.connect(self._on_look)
        self._session = QTimer(self, singleShot=True, interval=Motion.SESSION_END)
        self._session.timeout.connect(self._on_session_goes_on)
        self.dialog: UnsavedDialog | None = None

    def allow(self) -> None:
        """Nobody is asked any more: the app has been left."""
        self._allowed = True
        self._look.stop()

    def allow_for_now(self) -> None:
        """The session ends, and does not wait for an answer; if it goes on after all, somebody is asked again."""
        self.allow()
        self._session.start()

    def may_close(self) -> bool:
        """Whether the window may go now. If not, it is closed as soon as it may, or the person is asked."""
        if self._allowed:
            return True
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return False
        self._conversations.hand_over()
        if self._is_all_saved():
            return True
        self._looks = 0
        self._look.start()
        return False

    def _on_session_goes_on(self) -> None:
        self._allowed = False

    def _is_all_saved(self) -> bool:
        return not (self._writing.is_busy or self._writing.unsaved_text)

    def _on_look(self) -> None:
        """What was handed over is on its way to the disk, which takes milliseconds or never ends."""
        self._looks += 1
        if self._is_all_saved():
            self._go()
        elif not self._writing.is_busy or self._looks > _PATIENCE:
            self._ask()

    def _go(self) -> None:
        self._look.stop()
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.close()
        self._window.close()

    def _ask(self) -> None:
        if self.dialog is not None:
            # Meanwhile it may be known what keeps the disk from taking it.
            self.dialog.tell(self._words(), again=self._trying_again)
            self._trying_again = False
            return
        from app.ui.controls.unsaved_dialog import UnsavedDialog

        self.dialog = dialog = UnsavedDialog(self._theme, self._words(), self._window)
        dialog.again.connect(self._on_again)
        dialog.export.connect(self._on_export)
        dialog.close_anyway.connect(self._on_close_anyway)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _words(self) -> str:
        error, ids = self._writing.error, self._writing.unsaved_text
        why = explain(error).title if error is not None else self.tr("It is still being saved.")
        return f"{why} {self._loss(ids)}"

    def _loss(self, ids: tuple[str, ...]) -> str:
        if len(ids) > 1:
            words = "What is new in %Ln conversations is lost if you close the window now."
            return QCoreApplication.translate("Closing", words, None, len(ids))
        value = self._conversations.memory.value(ids[0]) if ids else None
        if value is None or not value.title:
            return self.tr("What is new is lost if you close the window now.")
        return self.tr("What is new in “{title}” is lost if you close the window now.").format(
            title=value.title
        )

    def _on_again(self) -> None:
        self._trying_again = True
        self._looks = 0
        self._conversations.hand_over()

    def _on_export(self) -> None:
        ids = self._writing.unsaved_text
        self.export_requested.emit(ids[0] if len(ids) == 1 else "")

    def _on_close_anyway(self) -> None:
        self.allow()
        self._go()

    def _on_finished(self) -> None:
        self._look.stop()
        self._trying_again = False
        self.dialog = None

"""What the window says when conversations cannot be stored, and when they can be again."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject

from app.errors import AppError
from app.services.words.explanation import Explanation
from app.ui.notices import Action, Notices

_TRY_AGAIN: Final = frozenset({"disk_full", "store_read_only", "store_locked", "store_unreadable"})
"""What may be over as soon as a person has done something about it, or by itself."""

_REPAIRED: Final = "store_repaired"
_MISSING: Final = "store_missing"
_TOLD_ONCE: Final = frozenset({_REPAIRED, _MISSING})

STORAGE_CODES: Final = _TRY_AGAIN | {"store_damaged", "store_newer"} | _TOLD_ONCE
"""What concerns every conversation: it stays when another one is opened."""


class StorageNotices(QObject):
    """Shows failures of the store as banners that go when everything is on disk again."""

    def __init__(
        self, notices: Notices, try_again: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._notices = notices
        self._try_again = try_again

    def show_failure(self, error: AppError) -> None:
        """Says what is wrong; offers to try again where that may help."""
        action = None
        if error.code in _TRY_AGAIN:
            action = Action(self.tr("Try again"), self._try_again)
        self._notices.show_error(error, action)

    def show_repair(self, words: Explanation) -> None:
        """Says that the file was damaged, what was saved of it, and where the old one lies."""
        self._notices.show_banner(_REPAIRED, words, "warning", None)

    def show_missing(self, show_backups: Callable[[], None]) -> None:
        """Says that a new file was begun although there are backups of an older one."""
        words = Explanation(
            self.tr("There was no file of conversations here, so a new one was begun."),
            self.tr("A backup can be restored in the settings."),
        )
        self._notices.show_banner(
            _MISSING, words, "warning", Action(self.tr("Show the backups"), show_backups)
        )

    def clear(self) -> None:
        """All is on disk again."""
        self._notices.clear(*(STORAGE_CODES - _TOLD_ONCE))

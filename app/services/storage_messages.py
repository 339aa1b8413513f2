"""What can happen to stored conversations, in words."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLocale

from app.errors import Parameters
from app.services.explanation import Explanation, path, tr


def repaired(aside: str, conversations: int, lost: int) -> Explanation:
    """That a damaged file was replaced, by how much of it, and where it lies."""
    copied = QCoreApplication.translate(
        "Messages", "%Ln conversations were copied to a new file.", None, conversations
    )
    if conversations == 1:
        copied = tr("One conversation was copied to a new file.")
    missing = ""
    if lost:
        number = QLocale().toString(lost)
        missing = tr("In {number} of them something is missing.").format(number=number)
    kept = tr("The damaged file lies at {path}.").format(path=aside)
    title = tr("The file of conversations was damaged.")
    return Explanation(title, " ".join(part for part in (copied, missing, kept) if part))


def _disk_full(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The disk is full: what you write is kept in memory only."),
        tr("Make room on it; everything is stored as soon as there is some."),
    )


def _read_only(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The folder of conversations cannot be written to: what you write is kept in memory only."),
        tr("Check the folder's permissions, or whether its disk is read-only."),
    )


def _locked(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("Another program is holding the file of conversations."),
        tr("Close it; what you write is kept in memory until then."),
    )


def _damaged(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The file of conversations is damaged."),
        tr("Close every window and command of this app; at the next start it copies what can be read."),
    )


def _newer(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr(
            "These conversations were stored by a newer version of this app, and this one leaves them as they are."
        ),
        tr("Start the newer version to see them. What you write here now is not stored."),
    )


def _unreadable(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The file of conversations cannot be opened: {reason}.").format(
            reason=str(parameters.get("reason", "")).rstrip(".")
        ),
        tr("What you write is kept in memory until it can."),
    )


def _conversation_missing(_parameters: Parameters) -> Explanation:
    return Explanation(tr("This conversation is no longer there."), tr("It was deleted, perhaps elsewhere."))


def _backup_unusable(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The backup {path} cannot be used.").format(path=path(parameters)),
        tr("Nothing was changed. Choose another one."),
    )


STORAGE_ERRORS: dict[str, Callable[[Parameters], Explanation]] = {
    "disk_full": _disk_full,
    "store_read_only": _read_only,
    "store_locked": _locked,
    "store_damaged": _damaged,
    "store_newer": _newer,
    "store_unreadable": _unreadable,
    "conversation_missing": _conversation_missing,
    "backup_unusable": _backup_unusable,
}

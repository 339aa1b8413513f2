"""What can happen to stored conversations, in words."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.errors import Parameters
from app.services.words.explanation import Explanation, path, tr
from app.storage.values import Repair


def repair_notice(repair: Repair) -> Explanation:
    """What became of a damaged file of conversations."""
    sentences = [_found(repair.conversations)]
    if repair.lost:
        sentences.append(_lost(repair.lost))
    sentences.append(tr("The damaged file is kept as {path}.").format(path=repair.aside))
    return Explanation(
        tr("The file of conversations was damaged, and what could be read was copied to a new one."),
        " ".join(sentences),
    )


def _found(count: int) -> str:
    if count == 1:
        return tr("One conversation was found.")
    return QCoreApplication.translate("Messages", "%n conversations were found.", "", count)


def _lost(count: int) -> str:
    if count == 1:
        return tr("In one of them text may be missing.")
    return QCoreApplication.translate("Messages", "In %n of them text may be missing.", "", count)


def _disk_full(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The disk is full; what is new is not saved yet."),
        tr("Free some space. It is kept here meanwhile and saved as soon as there is room."),
    )


def _store_read_only(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The folder of conversations cannot be written to; what is new is not saved yet."),
        tr(
            "What is there can be read. Check the permissions of the data folder,"
            " or whether its disk was made read-only."
        ),
    )


def _store_locked(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("Another program holds the file of conversations; what is new is not saved yet."),
        tr("It is saved as soon as that program lets go of the file."),
    )


def _store_damaged(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The file of conversations is damaged."),
        tr(
            "Close every window and command of this program and open it again; it then copies what can be read."
        ),
    )


def _store_newer(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The conversations were written by a newer version of this program."),
        tr("Use that version. Nothing was changed in the file, and what you write here now is not saved."),
    )


def _store_unreadable(parameters: Parameters) -> Explanation:
    reason = str(parameters.get("reason", "")).rstrip(".")
    title = tr("The file of conversations cannot be used.")
    if reason:
        title = tr("The file of conversations cannot be used: {reason}.").format(reason=reason)
    return Explanation(
        title, tr("Check the data folder and its disk. What is new stays here until it is saved.")
    )


def _conversation_missing(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("This conversation no longer exists."),
        tr("It was deleted, perhaps in another window. A backup may still hold it."),
    )


def _backup_unusable(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The backup {path} cannot be used.").format(path=path(parameters)),
        tr("Nothing was changed. Choose another backup."),
    )


STORAGE_ERRORS: dict[str, Callable[[Parameters], Explanation]] = {
    "disk_full": _disk_full,
    "store_read_only": _store_read_only,
    "store_locked": _store_locked,
    "store_damaged": _store_damaged,
    "store_newer": _store_newer,
    "store_unreadable": _store_unreadable,
    "conversation_missing": _conversation_missing,
    "backup_unusable": _backup_unusable,
}
"""The words by code."""

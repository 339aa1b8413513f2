"""What a command says of stored conversations: unlike a window, it keeps nothing for later."""

from collections.abc import Callable

from app.errors import AppError, Parameters
from app.services.words.explanation import Explanation, tr
from app.services.words.messages import explain
from app.services.words.storage_messages import STORAGE_ERRORS

_ID_SHOWN = 64


def _no_room(_parameters: Parameters) -> Explanation:
    return Explanation(tr("The disk of the conversations is full."), tr("Free some space, then try again."))


def _not_allowed(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The folder of conversations cannot be written to."),
        tr("Check the permissions of the data folder, or whether its disk was made read-only."),
    )


def _held(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("Another program holds the file of conversations."), tr("Try again when it has let go of it.")
    )


def _written_by_newer(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The conversations were written by a newer version of this program."),
        tr("Use that version. Nothing was changed in the file."),
    )


def _unusable(parameters: Parameters) -> Explanation:
    return Explanation(
        STORAGE_ERRORS["store_unreadable"](parameters).title, tr("Check the data folder and its disk.")
    )


def _no_such_one(parameters: Parameters) -> Explanation:
    asked = str(parameters.get("id", ""))
    return Explanation(
        tr("There is no conversation with the id “{id}”.").format(id=asked[:_ID_SHOWN]),
        tr("The command “conversations list” tells the ids."),
    )


COMMAND_ERRORS: dict[str, Callable[[Parameters], Explanation]] = {
    "disk_full": _no_room,
    "store_read_only": _not_allowed,
    "store_locked": _held,
    "store_newer": _written_by_newer,
    "store_unreadable": _unusable,
    "conversation_missing": _no_such_one,
}
"""The words by code, where a window says something else."""


def explain_to_command(error: AppError) -> Explanation:
    """The error in words for somebody who gave a command that is over now."""
    words = COMMAND_ERRORS.get(error.code)
    return explain(error) if words is None else words(error.parameters)


def not_recorded(error: AppError, *, in_part: bool) -> str:
    """What became of a reply that was to be kept: all of it, or its end, is in no conversation."""
    lost = tr("The question and its reply are not saved.")
    if in_part:
        lost = tr("The question is saved, but its reply is not saved in full.")
    return f"{lost} {explain_to_command(error).text}"

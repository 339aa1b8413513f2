"""What can happen to an export or an import, in words."""

from collections.abc import Callable

from app.errors import Parameters
from app.services.words.explanation import Explanation, number, path, tr


def _by_reason(
    parameters: Parameters, words: dict[str, tuple[str, str]], other: tuple[str, str]
) -> Explanation:
    """The words of a reason that the app knows; others are named as the system does."""
    reason = str(parameters.get("reason", ""))
    title, advice = words.get(reason, other)
    return Explanation(title.format(path=path(parameters), reason=reason), advice)


def _export_failed(parameters: Parameters) -> Explanation:
    words = {
        "full": (tr("There is no room left for {path}."), tr("Free some space, or choose another folder.")),
        "denied": (
            tr("The file {path} must not be written here."),
            tr("Check the folder’s permissions, or choose another one."),
        ),
        "missing": (
            tr("There is no folder for {path}."),
            tr("Make the folder first, or choose another one."),
        ),
        "folder": (tr("{path} is a folder."), tr("Name a file in it.")),
        "no_folder": (tr("{path} is a file, and a folder is needed."), tr("Name another folder.")),
    }
    other = tr("The file {path} could not be written: {reason}."), tr("Choose another folder.")
    return _by_reason(parameters, words, other)


def _nothing_to_export(_parameters: Parameters) -> Explanation:
    return Explanation(
        tr("There is no conversation to export yet."), tr("Ask a question first; it becomes one.")
    )


def _import_unreadable(parameters: Parameters) -> Explanation:
    words = {
        "size": (tr("{path} is too large to be read at once."), tr("Export its conversations one by one.")),
        "count": (tr("{path} holds too many conversations."), tr("Export them in several files.")),
        "utf8": (tr("{path} is not text in UTF-8."), tr("Save it as UTF-8, or export it again.")),
        "json": (tr("{path} is cut short or damaged."), tr("Copy the file again, or export it again.")),
        "missing": (
            tr("There is no file at {path}."),
            tr("Choose the file again; it may have been moved or renamed."),
        ),
        "denied": (tr("The file {path} must not be read."), tr("Check its permissions.")),
        "folder": (tr("{path} is a folder."), tr("Choose a file in it.")),
        "no_file": (tr("{path} is not a file."), tr("Choose a file that was exported.")),
    }
    other = (
        tr("The file {path} cannot be read: {reason}."),
        tr("Check whether its disk is still connected."),
    )
    return _by_reason(parameters, words, other)


def _import_unknown(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{path} holds no conversations of this program.").format(path=path(parameters)),
        tr("Choose a file that was exported as JSON."),
    )


def _import_newer(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("{path} was written by a newer version of this program (format {version}).").format(
            path=path(parameters), version=number(parameters, "version")
        ),
        tr("Update this program, then import the file again."),
    )


def _import_empty(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("There are no conversations in {path}.").format(path=path(parameters)),
        tr("Choose a file that was exported as JSON."),
    )


def _import_present(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("The conversation “{title}” is here already.").format(title=_title(parameters)),
        tr("It was left as it is."),
    )


def _import_refused(parameters: Parameters) -> Explanation:
    detail = str(parameters.get("detail", ""))
    return Explanation(
        tr("Conversation {number} of the file, “{title}”, was not imported.").format(
            number=number(parameters, "number"), title=_title(parameters)
        ),
        _refusals().get(str(parameters.get("reason", "")), tr("It is damaged.")).format(detail=detail),
    )


def _refusals() -> dict[str, str]:
    return {
        "bad_id": tr("An id in it is empty, too long or has signs that an id cannot have."),
        "too_large": tr("It has more messages or a longer title than this program keeps."),
        "bad_number": tr("A number or a time in it is out of range."),
        "wrong_role": tr("The message {detail} has what only another role can have."),
        "wrong_type": tr("A value in it is not what it should be: {detail}."),
        "not_json": tr("It is damaged."),
        "message_twice": tr("Two of its messages have the same id."),
        "parent_missing": tr("The message {detail} follows one that is not in the file."),
        "circle": tr("Its messages follow each other in a circle: {detail}."),
        "order": tr("The message {detail} stands before the one that it follows."),
        "leaf_missing": tr("The message that it ends with is not in the file."),
        "conversation_twice": tr("Another one in the same file has its id."),
    }


def _conversation_ambiguous(parameters: Parameters) -> Explanation:
    return Explanation(
        tr("Several conversations ({count}) have an id that begins with {id}.").format(
            count=number(parameters, "count"), id=parameters.get("id", "")
        ),
        tr("Give more of it."),
    )


def _title(parameters: Parameters) -> str:
    return str(parameters.get("title", "")) or tr("Untitled")


EXCHANGE_ERRORS: dict[str, Callable[[Parameters], Explanation]] = {
    "export_failed": _export_failed,
    "nothing_to_export": _nothing_to_export,
    "import_unreadable": _import_unreadable,
    "import_unknown": _import_unknown,
    "import_newer": _import_newer,
    "import_empty": _import_empty,
    "import_present": _import_present,
    "import_refused": _import_refused,
    "conversation_ambiguous": _conversation_ambiguous,
}

"""`conversations`: list, show and import, as lines for people or one JSON object a line."""

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication

from app.chat.conversation import Conversation, Message, Summary
from app.cli.output import shown
from app.cli.stored import complain, full_id, stored
from app.errors import ChoiceError
from app.export.plain import to_plain
from app.paths import Paths
from app.services.exchange.export_words import export_words, untitled
from app.services.exchange.importing import Imported, found_in, import_into
from app.services.words.command_messages import explain_to_command

_SHORT_ID = 8


def run(paths: Paths, chosen: argparse.Namespace) -> int:
    """Runs the action; its exit code."""
    if chosen.action == "search":
        raise ChoiceError("option_later", option="conversations search")
    if chosen.action == "list":
        return _list(paths, chosen)
    return _show(paths, chosen) if chosen.action == "show" else _import(paths, chosen)


def _list(paths: Paths, chosen: argparse.Namespace) -> int:
    with stored(paths) as store:
        # One that holds nothing but a draft is the window's.
        summaries = [summary for summary in store.summaries() if summary.messages]
    if chosen.json:
        _print_objects(map(_listed, summaries))
        return 0
    length = _telling_length([summary.id for summary in summaries])
    for summary in summaries:
        moment = datetime.fromtimestamp(summary.updated, UTC).astimezone()
        title = " ".join(summary.title.split()) or untitled()
        _print(f"{summary.id[:length]}  {moment:%Y-%m-%d %H:%M}  {summary.messages:>4}  {title}")
    return 0


def _telling_length(ids: list[str]) -> int:
    """How much of an id tells it from all others: eight signs, or more."""
    length = _SHORT_ID
    longest = max(map(len, ids), default=0)
    while length < longest and len({one[:length] for one in ids}) < len(ids):
        length += 1
    return length


def _show(paths: Paths, chosen: argparse.Namespace) -> int:
    with stored(paths) as store:
        conversation = store.load(full_id(store, chosen.id))
    if chosen.json:
        _print_objects([_shown(conversation)])
    else:
        _print(to_plain(conversation, "collapsed", export_words()).rstrip("\n"))
    return 0


def _import(paths: Paths, chosen: argparse.Namespace) -> int:
    found = found_in(chosen.path.expanduser())
    with stored(paths) as store:
        result = import_into(store, found)
    if chosen.json:
        _print_objects([_imported(result)])
    else:
        count = len(result.ids)
        words = QCoreApplication.translate("Cli", "%Ln conversations imported.", None, count)
        _print(QCoreApplication.translate("Cli", "1 conversation imported.") if count == 1 else words)
    for reason in result.reasons:
        complain(reason)
    return 1 if result.failed else 0


def _listed(summary: Summary) -> dict[str, object]:
    return {
        "id": summary.id,
        "title": summary.title,
        "created": _iso(summary.created),
        "updated": _iso(summary.updated),
        "branches": summary.branches,
        "messages": summary.messages,
    }


def _shown(conversation: Conversation) -> dict[str, object]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": _iso(conversation.created),
        "system": conversation.system,
        "messages": [_message(message) for message in conversation.branch()],
    }


def _message(message: Message) -> dict[str, object]:
    return {"role": message.role, "text": message.text, "thinking": message.thinking or None}


def _imported(result: Imported) -> dict[str, object]:
    return {
        "imported": len(result.ids),
        "skipped": len(result.reasons),
        "reasons": [explain_to_command(reason).text for reason in result.reasons],
        "ids": list(result.ids),
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _print(text: str) -> None:
    sys.stdout.write(shown(text, sys.stdout) + "\n")
    sys.stdout.flush()


def _print_objects(values: Iterable[dict[str, object]]) -> None:
    for value in values:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()

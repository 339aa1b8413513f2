"""`export`: one conversation into a file or all into a folder."""

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.cli.output import shown
from app.cli.stored import full_id, stored
from app.errors import ChoiceError, ExchangeError, StorageError
from app.export.choices import LATER_FORMATS, format_named, thinking_named
from app.export.files import write_whole
from app.export.rendering import rendered
from app.export.writing import write_into
from app.paths import Paths
from app.services.exchange.export_words import export_words
from app.storage.conversation_store import ConversationStore

_STANDARD_OUTPUT = Path("-")


def run(paths: Paths, chosen: argparse.Namespace) -> int:
    """Writes what was chosen; the exit code."""
    if chosen.format in LATER_FORMATS:
        raise ChoiceError("option_later", option=f"--format {chosen.format}")
    target: Path = chosen.output.expanduser()
    with stored(paths) as store:
        if chosen.all:
            _all(store, target, chosen)
        else:
            _one(store, target, chosen)
    return 0


def _one(store: ConversationStore, target: Path, chosen: argparse.Namespace) -> None:
    """A file that is there is replaced, as `-o` does everywhere; in a folder that is there, nothing is."""
    kind, thinking, words = format_named(chosen.format), thinking_named(chosen.thinking), export_words()
    conversation = store.load(full_id(store, chosen.id))
    if target == _STANDARD_OUTPUT:
        sys.stdout.write(shown(rendered(conversation, kind, thinking, words), sys.stdout))
        sys.stdout.flush()
        return
    if target.is_dir():
        target = write_into(target, conversation, kind, thinking, words)
    else:
        write_whole(target, rendered(conversation, kind, thinking, words))
    _tell(QCoreApplication.translate("Cli", "Exported to {path}.").format(path=target))


def _all(store: ConversationStore, folder: Path, chosen: argparse.Namespace) -> None:
    kind, thinking, words = format_named(chosen.format), thinking_named(chosen.thinking), export_words()
    count = 0
    for summary in store.summaries():
        if not summary.messages:
            continue
        try:
            conversation = store.load(summary.id)
        except StorageError as error:
            if error.code != "conversation_missing":
                raise
            continue  # deleted meanwhile, in the window
        write_into(folder, conversation, kind, thinking, words)
        count += 1
    if not count:
        raise ExchangeError("nothing_to_export")
    sentence = QCoreApplication.translate("Cli", "%Ln conversations exported to {path}.", None, count)
    if count == 1:
        sentence = QCoreApplication.translate("Cli", "1 conversation exported to {path}.")
    _tell(sentence.format(path=folder))


def _tell(sentence: str) -> None:
    sys.stdout.write(shown(sentence, sys.stdout) + "\n")
    sys.stdout.flush()

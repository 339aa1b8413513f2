"""A conversation written into a folder under a name made from its title."""

from pathlib import Path

from app.chat.conversation import Conversation
from app.errors import ExchangeError
from app.export.choices import Format, ThinkingChoice
from app.export.files import drop, free_file, make_folder, safe_name, write_whole
from app.export.rendering import rendered
from app.export.words import Words


def write_into(
    folder: Path, conversation: Conversation, kind: Format, thinking: ThinkingChoice, words: Words
) -> Path:
    """Writes a new file, numbered where its name is taken; the folder is made if it is missing. `export_failed`."""
    text = rendered(conversation, kind, thinking, words)
    make_folder(folder)
    file = free_file(folder, safe_name(conversation.title, words.untitled), kind)
    try:
        write_whole(file, text)
    except ExchangeError:
        drop(file)
        raise
    return file

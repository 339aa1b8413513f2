"""A conversation in the format that was chosen."""

from app.chat.conversation import Conversation
from app.export.choices import Format, ThinkingChoice
from app.export.json_format import to_json
from app.export.markdown import to_markdown
from app.export.plain import to_plain
from app.export.words import Words


def rendered(conversation: Conversation, kind: Format, thinking: ThinkingChoice, words: Words) -> str:
    """The text of the file: JSON holds the whole tree, the others its active branch."""
    if kind == "json":
        return to_json([conversation], thinking)
    if kind == "txt":
        return to_plain(conversation, thinking, words)
    return to_markdown(conversation, thinking, words)

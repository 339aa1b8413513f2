"""Conversations for the store's tests."""

from pathlib import Path

from app.chat.conversation import Conversation, Message, Place, Segment, Statistics, Text
from app.chat.options import GenerateOptions, Sampling
from app.storage.conversation_store import ConversationStore


def exchange(key: str, number: int, parent: str | None, size: int = 1) -> tuple[Message, Message]:
    """A question and its reply; `size` makes them longer."""
    question = Message(
        f"{key}-q{number}",
        "user",
        parent=parent,
        parts=(Text(f"Question {number} of {key}. " * size),),
        created=number,
    )
    reply = Message(
        f"{key}-r{number}",
        "assistant",
        parent=question.id,
        segments=(
            Segment("thinking", "model", f"Thought {number} of {key}. " * size, 7, 0.5),
            Segment("thinking", "person", "Mind the swans.", 0, 0.0),
            Segment("answer", "model", f"Answer {number} of {key}. " * size, 5, 0.25),
        ),
        reason="end",
        model="demo",
        options=GenerateOptions(thinking="on", sampling=Sampling(seed=3)),
        statistics=Statistics(prompt_tokens=9, tokens_per_second=12.5),
        created=number + 0.5,
    )
    return question, reply


def talk(key: str, exchanges: int = 2, size: int = 1, updated: float = 0.0) -> Conversation:
    """A conversation in one branch."""
    messages: list[Message] = []
    for number in range(exchanges):
        messages.extend(exchange(key, number, messages[-1].id if messages else None, size))
    return Conversation(
        key,
        title=f"Title of {key}",
        system="Be brief.",
        messages=tuple(messages),
        leaf=messages[-1].id if messages else None,
        created=1.0,
        updated=updated,
        draft="half a sent",
        place=Place(messages[0].id, -3) if messages else None,
    )


def growing(key: str = "g") -> Conversation:
    """A conversation whose reply has only begun."""
    question = Message(f"{key}-q", "user", parts=(Text("How many swans?"),))
    reply = Message(f"{key}-r", "assistant", parent=question.id, state="streaming", model="demo")
    return Conversation(key, messages=(question, reply), leaf=reply.id)


def all_of(store: ConversationStore) -> dict[str, Conversation]:
    """Every conversation of a store by its id."""
    return {key: store.load(key) for key in store.ids()}


def files_beside(file: Path) -> list[str]:
    """The names in a store's folder, without the locks' and the backups'."""
    return sorted(path.name for path in file.parent.iterdir() if path.is_file())

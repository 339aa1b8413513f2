"""What it takes to keep a growing reply on disk: ten times the text may cost ten times the time and bytes, not more."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.chat.conversation import Conversation, Message, Segment, Text
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from tests.benchmarks.figures import Figure, Pairs
from tests.benchmarks.paced_engine import cut
from tests.benchmarks.setup import Setup
from tests.benchmarks.stored_conversations import thinking

LONG = 200_000
SHORT = 20_000
_BAR = 11.0
_DELTA = 4
_A_SECOND = 50
_BATCH = 12
"""Deltas that come in a quarter of a second; the app keeps them as one."""


@dataclass(frozen=True)
class Cost:
    """What journalling one trace took; `written` is what the process gave the system to write, in bytes."""

    seconds: float
    written: float


def journal(setup: Setup) -> Iterator[Figure]:
    """A long trace against a short one, each from its first delta to its end."""
    count = setup.times(3)
    with tempfile.TemporaryDirectory(dir=setup.paths.data) as name:
        measured = [
            tuple(_journalled(Path(name) / f"{characters} {run}", characters) for characters in (LONG, SHORT))
            for run in range(count)
        ]
    sides: tuple[tuple[str, str, Callable[[Cost], float]], ...] = (
        ("journal 200,000 / 20,000 characters: time", "s", lambda cost: cost.seconds),
        ("journal 200,000 / 20,000 characters: bytes written", "MB", lambda cost: cost.written / 1e6),
    )
    for figure, unit, of in sides:
        pairs = Pairs(tuple(of(long) for long, _ in measured), tuple(of(short) for _, short in measured))
        yield pairs.figure(figure, _BAR, "at most", unit)


def _journalled(folder: Path, characters: int) -> Cost:
    """Keeps a trace in the rhythm of the app, without its pauses, and ends the reply."""
    folder.mkdir()
    opened = open_store(folder / "conversations.db", folder / "backups")
    question = Message("q", "user", parts=(Text("Why?"),))
    reply = Message("r", "assistant", "q", state="streaming", model="Qwen3 8B")
    asked = Conversation("c", messages=(question, reply), leaf="r", created=1.0, updated=1.0)
    trace = thinking(characters, seed=1)[:characters]
    deltas = [
        Segment("thinking", "model", text, _BATCH, _BATCH / _A_SECOND) for text in cut(trace, _BATCH * _DELTA)
    ]
    try:
        opened.store.save_messages(asked, question, reply)
        written, started = _written(), time.perf_counter()
        _keep(opened.store, asked, deltas)
        seconds = time.perf_counter() - started
        return Cost(seconds, _written() - written)
    finally:
        opened.store.close()


def _keep(store: ConversationStore, asked: Conversation, deltas: list[Segment]) -> None:
    for delta in deltas:
        store.append("r", (delta,))
    text = "".join(delta.text for delta in deltas)
    whole = Segment("thinking", "model", text, _BATCH * len(deltas), _BATCH * len(deltas) / _A_SECOND)
    ended = msgspec.structs.replace(asked.message("r"), segments=(whole,), state="finished", reason="end")
    store.save_messages(asked.replacing(ended), ended)


def _written() -> float:
    """Bytes that this process has written until now, to files and pipes."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("wchar:")))

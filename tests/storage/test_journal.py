"""The journal: appended to at the price of what is appended, folded when a reply ends, whoever ends it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from app.chat.conversation import Segment, Statistics
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from app.storage.journal import folded
from tests.storage.conftest import Open
from tests.storage.talks import growing

LONG, SHORT = 200_000, 20_000


def thought(text: str) -> Segment:
    """A delta of thinking."""
    return Segment("thinking", "model", text, 1, 0.5)


def test_deltas_become_segments_by_channel_and_author() -> None:
    deltas = [
        thought("a"),
        thought("b"),
        Segment("thinking", "person", "no"),
        thought("c"),
        Segment("answer", "model", "d", 2, 1.0),
    ]
    before = (Segment("thinking", "model", "0", 4, 2.0),)
    assert folded(before, deltas) == (
        Segment("thinking", "model", "0ab", 6, 3.0),
        Segment("thinking", "person", "no"),
        Segment("thinking", "model", "c", 1, 0.5),
        Segment("answer", "model", "d", 2, 1.0),
    )
    assert folded(before, []) == before


def test_a_reply_that_is_written_whole_drops_its_journal(store: ConversationStore) -> None:
    conversation = growing()
    store.save(conversation)
    store.append("g-r", [thought("one"), thought(" two")])
    ended = msgspec.structs.replace(
        conversation.messages[1], segments=(thought("one two"),), state="finished", reason="end"
    )
    store.save_messages(conversation, ended)
    assert store.load("g").messages[1] == ended
    assert store._connection.execute("SELECT count(*) FROM journal").fetchone() == (0,)


def test_a_reply_that_goes_on_keeps_what_it_had(store: ConversationStore) -> None:
    conversation = growing()
    resumed = msgspec.structs.replace(conversation.messages[1], segments=(thought("before, "),))
    store.save(conversation.replacing(resumed))
    store.append("g-r", [thought("after")])
    assert store.load("g").messages[1].segments == (Segment("thinking", "model", "before, after", 2, 1.0),)


@pytest.mark.parametrize("state", ["queued", "streaming"])
def test_a_closed_store_leaves_interrupted_replies(file: Path, folder: Path, state: str) -> None:
    store = open_store(file, folder).store
    conversation = growing()
    reply = msgspec.structs.replace(conversation.messages[1], state=state, segments=(thought("Well, "),))
    store.save(conversation.replacing(reply))
    store.append("g-r", [thought("I see")])
    store.close()
    store = open_store(file, folder).store
    there = store.load("g").messages[1]
    assert (there.state, there.reason, there.segments) == (
        "interrupted",
        "interrupted",
        (Segment("thinking", "model", "Well, I see", 2, 1.0),),
    )
    assert there.statistics == Statistics(thinking_tokens=2, thinking_seconds=1.0, tokens_per_second=2.0)
    assert store._connection.execute("SELECT count(*) FROM journal").fetchone() == (0,)
    store.close()


def test_another_window_leaves_a_living_reply_alone(opened: Open) -> None:
    window = opened()
    window.save(growing())
    window.append("g-r", [thought("I am ")])
    opened().close()
    window.append("g-r", [thought("alive")])
    reply = opened().load("g").messages[1]
    assert (reply.state, reply.thinking) == ("streaming", "I am alive")


_DOOMED = """
import sys
from pathlib import Path
from app.chat.conversation import Segment
from app.storage.database import open_store
from tests.storage.talks import growing
store = open_store(Path(sys.argv[1]), Path(sys.argv[2])).store
store.save(growing())
for number in range(1_000_000):
    store.append("g-r", [Segment("thinking", "model", f"{number} ", 1, 0.0)])
    print(number, flush=True)
"""


@pytest.mark.parametrize("moment", [1, 7, 40, 41, 150])
def test_a_killed_process_loses_nothing_that_it_was_told_is_stored(
    file: Path, folder: Path, moment: int
) -> None:
    doomed = subprocess.Popen(
        [sys.executable, "-c", _DOOMED, file, folder], stdout=subprocess.PIPE, text=True, env=_environment()
    )
    assert doomed.stdout is not None
    said = [int(doomed.stdout.readline()) for _ in range(moment)]
    other = open_store(file, folder).store
    state = other.load("g").messages[1].state
    other.close()
    doomed.kill()
    said += [int(line) for line in doomed.stdout.read().splitlines()]
    doomed.stdout.close()
    doomed.wait(20)
    assert state == "streaming"
    opened = open_store(file, folder)
    reply = opened.store.load("g").messages[1]
    opened.store.close()
    assert opened.repair is None
    numbers = [int(word) for word in reply.thinking.split()]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= len(said)
    assert (reply.state, reply.reason, len(reply.segments)) == ("interrupted", "interrupted", 1)


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parent.parent.parent)
    return {**os.environ, "PYTHONPATH": root}


def _journal(folder: Path, characters: int) -> tuple[float, int]:
    """Seconds and bytes that a trace of that length costs, with its end."""
    folder.mkdir()
    store = open_store(folder / "conversations.db", folder / "backups").store
    conversation = growing()
    store.save(conversation)
    store._connection.execute("PRAGMA synchronous = OFF")
    portion = "Let me think about the swans on that lake. "
    before, begin = _written(), time.perf_counter()
    text = ""
    while len(text) < characters:
        store.append("g-r", [thought(portion)] * 4)
        text += portion * 4
    ended = msgspec.structs.replace(conversation.messages[1], state="finished", segments=(thought(text),))
    store.save_messages(conversation, ended)
    store.close()
    return time.perf_counter() - begin, _written() - before


def _written() -> int:
    for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines():
        if line.startswith("wchar"):
            return int(line.split()[1])
    raise AssertionError("no count of bytes")


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="bytes are counted by Linux")
def test_a_trace_costs_what_its_length_says(tmp_path: Path) -> None:
    _journal(tmp_path / "warm", SHORT)
    short = [_journal(tmp_path / f"short{number}", SHORT) for number in range(5)]
    long = [_journal(tmp_path / f"long{number}", LONG) for number in range(2)]
    assert min(seconds for seconds, _ in long) / min(seconds for seconds, _ in short) <= 20
    assert long[0][1] / short[0][1] <= 11

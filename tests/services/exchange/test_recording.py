"""A question and its reply are on the disk while the reply is written; a store that fails stops nobody."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.chat.options import GenerateOptions, LoadOptions
from app.errors import StorageError
from app.protocol.engine import Delta
from app.services.exchange.recording import Recording
from app.services.models.one_question import OneQuestion, Question
from app.storage.conversation_store import ConversationStore
from app.storage.database import open_store
from tests.conftest import Noise
from tests.doubles.doomed_recording import WORDS_A_SECOND
from tests.services.conftest import MakeEngine
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture
def open_one(tmp_path: Path) -> Callable[[], ConversationStore]:
    """Opens the store of the test."""
    return lambda: open_store(tmp_path / "conversations.db", tmp_path / "backups").store


@pytest.fixture
def reader(open_one: Callable[[], ConversationStore]) -> Iterator[ConversationStore]:
    """The store as another process sees it."""
    store = open_one()
    yield store
    store.close()


def begun(recording: Recording) -> Recording:
    recording.begin("What is 12 + 35?", "Be brief.", "r1", "Scripted model", GenerateOptions("on"))
    return recording


def test_the_question_is_stored_before_the_engine_is_asked(
    qt_app: object, open_one: Callable[[], ConversationStore], reader: ConversationStore
) -> None:
    recording = begun(Recording(open_one))
    stored = reader.load(recording.conversation_id)
    assert (stored.title, stored.system, stored.leaf) == ("What is 12 + 35?", "Be brief.", "r1")
    assert stored.messages[1].state == "streaming"
    assert stored.messages[1].options == GenerateOptions("on")
    recording.close()


def test_what_is_written_is_journalled_and_folded(
    qt_app: object, open_one: Callable[[], ConversationStore], reader: ConversationStore
) -> None:
    recording = begun(Recording(open_one))
    recording.read()
    for text in ("It ", "is "):
        recording.add(Delta("r1", "answer", "model", text, 1))
    wait_until(
        lambda: reader.load(recording.conversation_id).messages[1].answer == "It is ", "the journal", 5
    )
    recording.add(Delta("r1", "answer", "model", "47.", 1))
    recording.end("end")
    reply = reader.load(recording.conversation_id).messages[1]
    assert (reply.answer, reply.state, reply.segments[0].tokens) == ("It is 47.", "finished", 3)
    recording.close()


def test_a_reply_that_nobody_waits_for_is_interrupted(
    qt_app: object, open_one: Callable[[], ConversationStore], reader: ConversationStore
) -> None:
    recording = begun(Recording(open_one))
    recording.add(Delta("r1", "thinking", "model", "Hm", 1))
    recording.close()
    reply = reader.load(recording.conversation_id).messages[1]
    assert (reply.thinking, reply.state, reply.reason) == ("Hm", "interrupted", "interrupted")


def test_a_store_that_cannot_be_opened_is_told_at_the_end(qt_app: object) -> None:
    def fail() -> ConversationStore:
        raise StorageError("disk_full")

    recording = begun(Recording(fail))
    recording.add(Delta("r1", "answer", "model", "47", 1))
    recording.end("end")
    assert recording.error is not None
    assert recording.error.code == "disk_full"
    assert recording.conversation_id == ""
    recording.close()


def test_a_disk_that_has_room_again_gets_everything(
    qt_app: object, open_one: Callable[[], ConversationStore], reader: ConversationStore
) -> None:
    tries = []

    def at_second() -> ConversationStore:
        tries.append(1)
        if len(tries) == 1:
            raise StorageError("disk_full")
        return open_one()

    recording = begun(Recording(at_second))
    recording.add(Delta("r1", "answer", "model", "47", 1))
    recording.end("end")
    assert recording.error is None
    assert reader.load(recording.conversation_id).messages[1].answer == "47"
    recording.close()


def test_a_question_without_a_word_is_not_stored(qt_app: object) -> None:
    def never() -> ConversationStore:
        raise AssertionError("the store was opened")

    recording = Recording(never)
    recording.begin("  ", "", "r1", "M", GenerateOptions())
    recording.close()
    assert recording.conversation_id == ""


@pytest.mark.parametrize(
    ("script", "state", "text"), [("plain", "finished", "It is 15."), ("killed", "interrupted", "")]
)
def test_a_whole_question_is_recorded(
    engine: MakeEngine,
    open_one: Callable[[], ConversationStore],
    reader: ConversationStore,
    noise: Noise,
    script: str,
    state: str,
    text: str,
) -> None:
    noise.allow("the engine ended")
    recording = Recording(open_one)
    asking = OneQuestion(engine(script), Question("12 + 3"), recording=recording)
    ends: list[int] = []
    asking.over.connect(lambda: ends.append(1))
    asking.start(Path("/models/scripted.gguf"), LoadOptions())
    wait_until(lambda: bool(ends), "the end")
    reply = reader.load(recording.conversation_id).messages[1]
    assert (reply.state, reply.answer, reply.model) == (state, text, "Scripted model")
    assert reply.thinking.startswith("12 + 3")
    recording.close()


@pytest.mark.parametrize("words", [3, 90, 177])
def test_a_command_that_is_killed_loses_half_a_second_at_most(
    tmp_path: Path, open_one: Callable[[], ConversationStore], words: int
) -> None:
    command = [sys.executable, "-m", "tests.doubles.doomed_recording", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(words):
            process.stdout.readline()
        process.kill()
        said = words + len(process.stdout.read().splitlines())
    store = open_one()
    (conversation_id,) = store.ids()
    reply = store.load(conversation_id).messages[1]
    store.close()
    assert (reply.state, reply.reason) == ("interrupted", "interrupted")
    kept = reply.answer.split()
    assert kept == list(map(str, range(len(kept))))
    assert said - len(kept) <= WORDS_A_SECOND // 2

"""Whatever a person, the engine and the disk do in whatever order, the file holds in the end what the window shows."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import EngineError, StorageError
from tests.doubles.services import Played


class Play:
    """Random acts on one set of services, and what was written by the engine meanwhile."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.played = Played()
        self.written: dict[str, str] = {}
        self.count = 0

    def acts(self) -> list[Callable[[], object]]:
        """What may happen next, the frequent things more than once."""
        chat, kept = self.played.chat, self.played.kept
        return [
            *(self.send, self.send, self.write, self.write, self.write, self.write, self.end, self.end),
            *(self.open, self.open, self.open, self.delete, self.played.conversations.undo_delete),
            *(self.regenerate, self.edit, self.step, self.go_on, chat.stop, self.rename, self.draft),
            *(chat.new_conversation, self.temporary, self.switch, self.crash, self.journal, self.fail),
            *(self.mend, kept.changed_elsewhere.emit, self.played.settle, self.hold, self.hold_no_more),
        ]

    def word(self) -> str:
        """Something new."""
        self.count += 1
        return f"word{self.count} "

    def pick(self, role: str) -> str:
        """A message of the branch."""
        branch = [message.id for message in self.played.chat.conversation.branch() if message.role == role]
        return self.random.choice(branch) if branch else ""

    def send(self) -> None:
        self.played.time += self.random.choice((1, 5, -3))
        self.played.chat.send(self.word())

    def write(self) -> None:
        job = self.played.replies.running
        if job is not None and job.asked:
            word = self.word()
            before = job.growing.message().text
            self.played.write(job.reply_id, word)
            self.written[job.reply_id] = before + word

    def end(self) -> None:
        job = self.played.replies.running
        if job is not None and job.asked:
            self.played.end(job.reply_id, self.random.choice(("end", "stopped", "limit")))

    def open(self) -> None:
        rows = self.played.conversations.summaries
        if rows:
            self.played.chat.open(self.random.choice(rows).id)

    def delete(self) -> None:
        rows = self.played.conversations.summaries
        if rows:
            self.played.conversations.delete(self.random.choice(rows).id)

    def regenerate(self) -> None:
        reply_id = self.pick("assistant")
        if reply_id:
            self.played.chat.regenerate(reply_id)

    def edit(self) -> None:
        question = self.pick("user")
        if question:
            self.played.chat.edit(question, self.word())

    def step(self) -> None:
        message = self.pick(self.random.choice(("user", "assistant")))
        if message:
            self.played.chat.step_version(message, self.random.choice((-1, 1)))

    def go_on(self) -> None:
        leaf = self.played.chat.conversation.leaf
        if leaf:
            self.played.chat.continue_reply(leaf)

    def rename(self) -> None:
        rows = self.played.conversations.summaries
        if rows:
            self.played.conversations.rename(self.random.choice(rows).id, self.word())

    def draft(self) -> None:
        self.played.chat.draft_changed(self.random.choice(("", self.word())))

    def temporary(self) -> None:
        self.played.chat.new_conversation(temporary=True)

    def switch(self) -> None:
        self.played.played.load(Path("/m/other.gguf"))
        self.played.played.be_ready()

    def crash(self) -> None:
        job = self.played.replies.running
        if job is not None and job.asked:
            self.played.played.reply_failed.emit(job.reply_id, EngineError("engine_crashed"))

    def journal(self) -> None:
        self.played.replies._journal.flush()

    def fail(self) -> None:
        if self.random.random() < 0.3:
            self.played.kept.error = StorageError(self.random.choice(("disk_full", "store_locked")))

    def mend(self) -> None:
        self.played.kept.error = None
        self.played.conversations.writing.try_again()

    def hold(self) -> None:
        if self.played.kept.held is None:
            self.played.kept.held = []

    def hold_no_more(self) -> None:
        while self.played.kept.held is not None:
            self.played.kept.let_go()

    def finish(self) -> None:
        """All that runs ends, and the disk takes everything."""
        self.hold_no_more()
        self.mend()
        self.played.settle()
        for _ in range(100):
            if self.played.replies.free:
                break
            self.end()
            self.played.settle()
        self.played.conversations.hand_over()


@pytest.mark.parametrize("seed", range(16))
def test_the_file_holds_in_the_end_what_the_window_shows(seed: int, qt_app: object) -> None:
    play = Play(seed)
    played = play.played
    for _ in range(300):
        play.random.choice(play.acts())()
    play.finish()
    assert played.replies.free
    shown = [row for row in played.conversations.summaries if not row.temporary]
    assert {row.id: row for row in played.kept.real.summaries() if row.messages} == {
        row.id: row for row in shown
    }
    for row in shown:
        stored = played.stored(row.id)
        live = played.conversations.live(row.id)
        assert live is None or stored == live
        for message in stored.messages:
            assert message.state in ("finished", "interrupted")
            if message.role == "assistant":
                assert message.text == play.written.get(message.id, "")
    played.close()

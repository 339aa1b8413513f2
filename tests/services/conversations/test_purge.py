"""What was deleted is removed for good once it cannot be taken back."""

from collections.abc import Iterator

import pytest

from app.errors import StorageError
from app.services.conversations.purge import Purge
from tests.doubles.services import Played


class Removed:
    """Notes what the store is asked to remove."""

    def __init__(self, played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[float, bool]] = []
        self.secure = False
        self.busy = False

        def purge(before: float, *, secure: bool = False) -> None:
            self.asked.append((before, secure))
            played.kept.run(lambda store: store.purge(before))

        monkeypatch.setattr(played.kept, "purge", purge)
        self.purge = Purge(played.kept, played.conversations, lambda: self.secure, busy=lambda: self.busy)


@pytest.fixture
def removed(played: Played, monkeypatch: pytest.MonkeyPatch) -> Iterator[Removed]:
    removed = Removed(played, monkeypatch)
    yield removed
    removed.purge._timer.stop()


def _deleted(played: Played, question: str) -> str:
    played.answered(question)
    conversation_id = played.chat.conversation.id
    played.conversations.delete(conversation_id)
    return conversation_id


def test_at_the_start_goes_what_was_deleted_before(played: Played, removed: Removed) -> None:
    conversation_id = _deleted(played, "one")
    played.conversations.memory.deleted.clear()
    removed.secure = True
    removed.purge.start()
    assert removed.asked == [(played.time, True)]
    with pytest.raises(StorageError):
        played.kept.real.restore(conversation_id)


def test_what_was_deleted_by_a_clock_that_was_ahead_goes_too(played: Played, removed: Removed) -> None:
    played.time += 300_000_000
    conversation_id = _deleted(played, "one")
    played.conversations.memory.deleted.clear()
    played.time -= 300_000_000
    removed.purge.start()
    with pytest.raises(StorageError):
        played.kept.real.restore(conversation_id)


def test_a_deletion_can_be_undone_for_ten_minutes(played: Played, removed: Removed) -> None:
    first = _deleted(played, "one")
    played.time += 400
    _deleted(played, "two")
    removed.purge.purge()
    assert removed.asked == []
    played.time += 300
    removed.purge.purge()
    assert removed.asked == [(played.time - 600, False)]
    with pytest.raises(StorageError):
        played.kept.real.restore(first)
    assert played.conversations.undo_delete()
    assert not played.conversations.undo_delete()
    assert [row.title for row in played.conversations.summaries] == ["two"]


def test_overwriting_waits_for_a_reply_that_grows(played: Played, removed: Removed) -> None:
    _deleted(played, "one")
    played.time += 700
    removed.secure = removed.busy = True
    removed.purge.purge()
    assert removed.asked == []
    removed.busy = False
    removed.purge.purge()
    assert removed.asked == [(played.time - 600, True)]


def test_a_temporary_conversation_is_forgotten_without_the_store(played: Played, removed: Removed) -> None:
    played.chat.new_conversation(temporary=True)
    _deleted(played, "secret")
    played.time += 700
    removed.purge.purge()
    assert removed.asked == []
    assert not played.conversations.undo_delete()

"""What is stored comes back exactly: whole trees, drafts, places, hostile text, and what two windows write."""

import math
import stat
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chat.conversation import Conversation, File, Message, Place, Segment, Text
from app.chat.options import Choices, ChosenSampling, GenerateOptions
from app.errors import StorageError
from app.storage.conversation_store import ConversationStore
from app.storage.values import StoreSize
from tests.storage.conftest import Open
from tests.storage.talks import all_of, exchange, growing, talk


def test_a_conversation_comes_back_as_it_was(store: ConversationStore, opened: Open) -> None:
    conversation = talk("a", 3)
    store.save(conversation)
    assert store.load("a") == conversation
    assert opened().load("a") == conversation


def test_every_kind_of_value_comes_back(store: ConversationStore) -> None:
    messages = (
        Message("s", "system", parts=(Text("Be kind."),)),
        Message(
            "q", "user", parent="s", parts=(Text("What is this?"), File("/tmp/ä.png", "ab" * 32, "image/png"))
        ),
        Message("r1", "assistant", parent="q", state="interrupted", reason="interrupted"),
        Message(
            "r2", "assistant", parent="q", derived_from="r1", reason="context_full", options=GenerateOptions()
        ),
        Message("q2", "user", parent="s", derived_from="q", parts=()),
    )
    choices = Choices("high", own_language=True, sampling=ChosenSampling(temperature=0.0, seed=7))
    conversation = Conversation(
        "x", messages=messages, leaf="r2", named=True, title="Títle", place=None, choices=choices
    )
    store.save(conversation)
    assert store.load("x") == conversation
    summary = store.summaries()[0]
    assert (summary.messages, summary.branches, summary.title) == (5, 3, "Títle")


def test_the_list_shows_what_changed_last_first(store: ConversationStore) -> None:
    for key, updated in (("old", 1.0), ("newest", 3.0), ("new", 2.0)):
        store.save(talk(key, updated=updated))
    store.set_unread("old", unread=True)
    assert [(row.id, row.unread) for row in store.summaries()] == [
        ("newest", False),
        ("new", False),
        ("old", True),
    ]
    assert store.ids("ne") == ("new", "newest")
    assert store.ids("%") == ()
    assert store.ids() == ("new", "newest", "old")


def test_messages_are_added_and_replaced_alone(store: ConversationStore) -> None:
    conversation = talk("a", 1)
    store.save(conversation)
    question, reply = exchange("a", 7, conversation.leaf)
    longer = conversation.adding(question).adding(reply)
    store.save_messages(longer, question, reply)
    assert store.load("a") == longer
    changed = msgspec.structs.replace(reply, segments=(Segment("answer", "app", "No."),), reason="stopped")
    longer = longer.replacing(changed)
    store.save_messages(longer, changed)
    assert store.load("a") == longer
    assert store.summaries()[0].messages == 4


def test_saving_whole_removes_what_was_removed_and_nothing_else(opened: Open) -> None:
    store, other = opened(), opened()
    conversation = talk("a", 2)
    store.save(conversation)
    theirs = Message("theirs", "user", conversation.leaf, parts=(Text("From elsewhere"),))
    other.save_messages(conversation.adding(theirs), theirs)
    ours = Message("ours", "user", conversation.leaf, parts=(Text("From here"),))
    store.save(conversation.adding(ours))
    stored = store.load("a")
    assert [message.id for message in stored.messages][-2:] == ["ours", "theirs"]
    assert (stored.leaf, stored.message("theirs").text) == ("ours", "From elsewhere")
    store.save(conversation, removed=("ours", conversation.messages[-1].id))
    stored = store.load("a")
    assert [message.id for message in stored.messages] == [
        *(message.id for message in conversation.messages),
        "theirs",
    ], "what another one follows by now stays"
    assert store.summaries()[0].messages == 5


def test_saving_whole_leaves_what_others_changed_and_what_they_write(opened: Open) -> None:
    store, other = opened(), opened()
    question = Message("q", "user", parts=(Text("?"),))
    reply = Message("r", "assistant", "q", segments=(Segment("answer", "model", "Half"),), state="streaming")
    theirs = Conversation("a", "A").adding(question).adding(reply)
    other.save_messages(theirs, question, reply)
    seen = store.load("a")
    other.append("r", (Segment("answer", "model", " of it"),))
    store.save(seen)
    assert other.load("a").message("r").text == "Half of it", "a living process writes it"
    whole = msgspec.structs.replace(
        reply, state="finished", segments=(Segment("answer", "model", "All of it"),)
    )
    other.save_messages(theirs.replacing(whole), whole)
    store.save(seen, own=["q"])
    stored = store.load("a")
    assert (stored.message("r").text, stored.message("r").state) == ("All of it", "finished")


def test_messages_that_vanished_are_made_up_for_by_the_next(opened: Open) -> None:
    store, other = opened(), opened()
    conversation = talk("a", 2)
    store.save(conversation)
    other.delete("a", 1.0)
    other.purge(1.0)
    question, reply = exchange("a", 7, conversation.leaf)
    longer = conversation.adding(question).adding(reply)
    store.save_messages(longer, question, reply)
    assert store.load("a") == longer


def test_a_row_alone_leaves_the_messages(store: ConversationStore) -> None:
    conversation = talk("a", 2)
    store.save(conversation)
    renamed = msgspec.structs.replace(
        conversation, title="Other", draft="x", leaf=conversation.messages[1].id
    )
    store.save_row(renamed)
    assert store.load("a") == renamed


def test_drafts_places_and_names_are_kept(store: ConversationStore) -> None:
    conversation = talk("a")
    store.save(conversation)
    store.save_draft("a", "unsent")
    store.save_place("a", Place("a-r1", 40))
    store.rename("a", "Swans")
    there = store.load("a")
    assert (there.draft, there.place, there.title, there.named) == (
        "unsent",
        Place("a-r1", 40),
        "Swans",
        True,
    )
    store.save_place("a", None)
    assert store.load("a").place is None
    store.save_choices("a", Choices("low"))
    assert store.load("a").choices == Choices("low")
    store.save_choices("a", Choices())
    assert store.load("a").choices == Choices()
    # What a newer version, or damage, made of it.
    store._connection.execute("UPDATE conversations SET choices = '{\"thinking\": 3}'")
    assert store.load("a").choices == Choices()


def test_what_is_deleted_is_out_of_sight_until_it_is_restored(store: ConversationStore) -> None:
    conversation = talk("a")
    store.save(conversation)
    store.delete("a", 10.0)
    assert store.summaries() == ()
    assert store.ids() == ()
    assert store.size().conversations == 0
    with pytest.raises(StorageError, match="conversation_missing"):
        store.load("a")
    # A reply that ends meanwhile is kept, and brings nothing back.
    store.save_messages(conversation, conversation.messages[-1])
    assert store.summaries() == ()
    store.restore("a")
    assert store.load("a") == conversation


def test_purging_removes_only_what_was_deleted_by_then(store: ConversationStore) -> None:
    for key in ("a", "b", "c"):
        store.save(talk(key))
    store.delete("a", 10.0)
    store.delete("b", 20.0)
    assert store.purge(10.0) == 1
    with pytest.raises(StorageError, match="conversation_missing"):
        store.restore("a")
    store.restore("b")
    assert store.ids() == ("b", "c")
    (count,) = store._connection.execute("SELECT count(*) FROM messages").fetchone()
    assert count == 8


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.load("no"),
        lambda store: store.save_choices("no", Choices("on")),
        lambda store: store.rename("no", "x"),
        lambda store: store.save_draft("no", "x"),
        lambda store: store.save_place("no", None),
        lambda store: store.set_unread("no", unread=True),
        lambda store: store.delete("no", 1.0),
        lambda store: store.restore("no"),
        lambda store: store.append("no", [Segment("answer", "model", "x")]),
    ],
)
def test_what_is_not_there_is_said(store: ConversationStore, change: Any) -> None:
    with pytest.raises(StorageError) as caught:
        change(store)
    assert caught.value.code == "conversation_missing"
    assert caught.value.parameters == {"id": "no"}


def test_a_temporary_conversation_is_never_written(store: ConversationStore, file: Path) -> None:
    secret = Conversation("t", temporary=True, draft="never to be seen")
    for write in (store.save, store.save_row, store.save_messages):
        with pytest.raises(ValueError, match="temporary"):
            write(secret)
    assert store.summaries() == ()
    store.close()
    assert b"never to be seen" not in file.read_bytes()


def test_the_same_ids_may_stand_in_two_conversations(store: ConversationStore) -> None:
    one = talk("a")
    copied = msgspec.structs.replace(one, id="copy")
    store.save(one)
    store.save(copied)
    assert store.load("a") == one
    assert store.load("copy") == copied
    store.delete("copy", 1.0)
    store.purge(1.0)
    assert store.load("a") == one


HOSTILE = st.text(
    st.characters(codec=None)
    | st.sampled_from(["\0", "\ud800", "\udfff", "\u202e", "\ufeff", "😀", "'", ";"]),
    max_size=40,
)


@given(text=HOSTILE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_the_store(store: ConversationStore, text: str) -> None:
    plain = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    message = Message("m", "user", parts=(Text(text),), model=text, options=GenerateOptions(thinking=text))
    reply = Message("r", "assistant", parent="m", segments=(Segment("answer", "model", text),))
    conversation = Conversation("h", title=text, system=text, draft=text, messages=(message, reply), leaf="r")
    store.save(conversation)
    store.append("r", [Segment("thinking", "model", text)])
    there = store.load("h")
    assert {there.title, there.system, there.draft, there.messages[0].text, there.messages[1].answer} == {
        plain
    }
    assert there.messages[1].thinking == plain
    assert there.messages[0].model == plain
    assert there.messages[0].options == GenerateOptions(thinking=plain)


def test_ids_of_any_text_are_found_again(store: ConversationStore) -> None:
    key = "we\ud800ird \0 'id'"
    store.save_row(Conversation(key, title="x"))
    assert store.load(key).title == "x"
    with pytest.raises(StorageError, match="conversation_missing"):
        store.load("we\udfffird")


def test_numbers_beyond_all_measure_are_taken(store: ConversationStore) -> None:
    segment = Segment("answer", "model", "x", tokens=10**30, seconds=math.nan)
    message = Message("m", "assistant", segments=(segment,), created=math.nan)
    store.save(
        Conversation("n", messages=(message,), leaf="m", updated=math.inf, place=Place("m", -(10**30)))
    )
    there = store.load("n")
    assert there.messages[0].segments == (Segment("answer", "model", "x", 2**63 - 1, 0.0),)
    assert there.place == Place("m", -(2**63))


def test_a_tree_that_cannot_be_walked_is_put_right(store: ConversationStore) -> None:
    store.save(talk("a", 2))
    store._connection.execute("UPDATE messages SET parent = 'gone' WHERE id = 'a-q1'")
    store._connection.execute("UPDATE conversations SET leaf = 'gone'")
    store._connection.execute(
        "UPDATE messages SET options = 'no json', statistics = '{', parts = 'Hello' WHERE id = 'a-q1'"
    )
    there = store.load("a")
    assert [message.id for message in there.branch()] == ["a-q1", "a-r1"]
    assert there.branch()[0].text == "Hello"


def test_two_windows_write_at_once_and_know_of_each_other(opened: Open) -> None:
    one, two = opened(), opened()
    before = one.data_version(), two.data_version()
    one.save(talk("a"))
    assert one.data_version() == before[0]
    assert two.data_version() != before[1]
    two.save(talk("b"))
    assert all_of(one) == all_of(two)
    assert len(one.summaries()) == 2


def test_files_are_their_owners_alone(store: ConversationStore, file: Path, folder: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("modes are POSIX")
    store.save(talk("a"))
    paths = [path for path in file.parent.rglob("*") if path.is_file()]
    assert len(paths) >= 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE(file.with_name("conversations.db.processes").stat().st_mode) == 0o700


def test_an_open_file_of_ours_is_closed_to_others(file: Path, opened: Open) -> None:
    if sys.platform == "win32":
        pytest.skip("modes are POSIX")
    opened().close()
    file.chmod(0o644)
    opened()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_size_counts_conversations_and_bytes(store: ConversationStore) -> None:
    assert store.size().conversations == 0
    store.save(talk("a", 1, 5000))
    size = store.size()
    assert isinstance(size, StoreSize)
    assert size.conversations == 1
    assert size.bytes > 100_000


def test_a_list_of_a_thousand_and_a_long_conversation_are_read_at_once(store: ConversationStore) -> None:
    for number in range(1000):
        store.save(talk(f"c{number}", 5, 3))
    store.save(talk("long", 25, 40))

    def best(work: Any) -> float:
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            work()
            times.append(time.perf_counter() - begin)
        return min(times)

    # Far above what it takes, so that a busy machine does not fail it.
    assert best(store.summaries) < 0.03
    assert best(lambda: store.load("long")) < 0.03


def test_a_message_is_added_to_a_long_conversation_at_once(store: ConversationStore) -> None:
    conversation = talk("long", 1000)
    store.save(conversation)
    question, reply = exchange("long", 2000, conversation.leaf)
    beside = msgspec.structs.replace(reply, id="beside")
    longer = conversation.adding(question).adding(beside).adding(reply)
    begun = time.perf_counter()
    store.save_messages(longer, question, beside, reply)
    assert time.perf_counter() - begun < 0.5
    assert (store.summaries()[0].messages, store.summaries()[0].branches) == (2003, 2)


def test_a_growing_reply_is_loaded_with_what_it_has_said(opened: Open) -> None:
    window, command = opened(), opened()
    conversation = growing()
    window.save(conversation)
    window.append(
        "g-r", [Segment("thinking", "model", "Two ", 1, 0.1), Segment("thinking", "model", "swans", 1, 0.1)]
    )
    reply = command.load("g").message("g-r")
    assert (reply.state, reply.thinking, len(reply.segments)) == ("streaming", "Two swans", 1)

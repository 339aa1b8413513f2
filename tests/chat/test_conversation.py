"""A conversation is a tree of frozen values with one active branch."""

import pytest

from app.chat.conversation import Conversation, Message, Segment, Summary, Text, turns

QUESTION = Message("q", "user", parts=(Text("12 + 3"), Text("exactly")))
REPLY = Message(
    "r", "assistant", "q", segments=(Segment("thinking", "model", "hm"), Segment("answer", "model", "15"))
)


def test_the_branch_leads_from_the_first_message_to_the_leaf() -> None:
    conversation = Conversation("c").adding(QUESTION).adding(REPLY)
    other = Message("r2", "assistant", "q", derived_from="r")
    assert [message.id for message in conversation.branch()] == ["q", "r"]
    assert [message.id for message in conversation.adding(other).branch()] == ["q", "r2"]


def test_a_message_is_replaced_in_its_place() -> None:
    conversation = Conversation("c").adding(QUESTION).adding(REPLY)
    changed = conversation.replacing(Message("q", "user", parts=(Text("1 + 1"),)))
    assert changed.message("q").text == "1 + 1"
    assert conversation.message("q").text == "12 + 3\n\nexactly"
    with pytest.raises(KeyError):
        changed.message("nobody")


def test_thinking_and_answer_are_views_over_the_segments() -> None:
    assert (REPLY.thinking, REPLY.answer, REPLY.text) == ("hm", "15", "15")
    assert not REPLY.stopped_while_thinking
    assert Message("r", "assistant", segments=REPLY.segments[:1]).stopped_while_thinking


def test_turns_keep_thinking_apart_and_lead_with_the_system_prompt() -> None:
    system, question, reply = turns("Be brief.", (QUESTION, REPLY))
    assert (system.role, system.text) == ("system", "Be brief.")
    assert question.text == "12 + 3\n\nexactly"
    assert (reply.text, reply.thinking) == ("15", "hm")
    assert [turn.role for turn in turns("  ", (QUESTION,))] == ["user"]


def test_a_version_that_goes_away_leaves_the_one_it_was_made_from() -> None:
    value = Conversation("c")
    for message in (
        Message("q", "user"),
        Message("a", "assistant", "q"),
        Message("q2", "user", "a"),
        Message("b", "assistant", "q", "a"),
    ):
        value = value.adding(message)
    smaller = value.without("b")
    assert [message.id for message in smaller.messages] == ["q", "a", "q2"]
    assert smaller.leaf == "q2"
    assert value.without("q2").leaf == "b"
    assert smaller.without("q2").leaf == "a"


def test_a_list_shows_how_many_leaves_and_messages_there_are() -> None:
    value = Conversation("c", "Title", created=1.0, updated=2.0)
    assert value.summary().branches == 0
    for message in (Message("q", "user"), Message("a", "assistant", "q"), Message("b", "assistant", "q")):
        value = value.adding(message)
    assert value.summary(unread=True) == Summary("c", "Title", 1.0, 2.0, 2, 3, unread=True)


def test_time_does_not_go_back_in_a_conversation() -> None:
    value = Conversation("c", updated=5.0).adding(Message("q", "user", created=7.0))
    assert (value.time(3.0), value.time(9.0)) == (7.0, 9.0)


def test_versions_are_numbered_by_their_place_in_the_tree() -> None:
    value = Conversation("c")
    for message in (
        Message("q", "user"),
        Message("a", "assistant", "q"),
        Message("other", "user", derived_from="q"),
        Message("b", "assistant", "q", "a"),
        Message("below", "user", "a"),
    ):
        value = value.adding(message)
    numbers = {"q": (1, 2), "other": (2, 2), "a": (1, 2), "b": (2, 2), "below": (1, 1)}
    assert value.numbered() == numbers
    assert all(len(value.versions(key)) == count for key, (_number, count) in numbers.items())

"""Other versions of replies and questions: a tree, of which one branch is looked at."""

from pathlib import Path

from tests.doubles.services import Played


class Heard:
    """What the chat service said."""

    def __init__(self, played: Played) -> None:
        self.changes = 0
        self.added: list[str] = []
        self.changed: list[str] = []
        played.chat.conversation_changed.connect(self._on_change)
        played.chat.message_added.connect(self.added.append)
        played.chat.message_changed.connect(self.changed.append)

    def _on_change(self) -> None:
        self.changes += 1


def texts(played: Played) -> list[str]:
    """The active branch, as it reads."""
    return [message.text for message in played.chat.conversation.branch()]


def fresh(played: Played) -> str:
    """The reply that grows."""
    reply_id = played.chat.answering
    assert reply_id is not None
    return reply_id


def test_another_version_stands_beside_the_first_and_is_stored(played: Played) -> None:
    first = played.answered("What?", "First.")
    heard = Heard(played)
    played.chat.regenerate(first)
    second = fresh(played)
    assert heard.changes == 1
    assert played.played.requests[-1].messages[-1].text == "What?"
    played.write(second, "Second.")
    played.end(second)
    assert texts(played) == ["What?", "Second."]
    assert played.chat.versions(second) == (2, 2)
    played.chat.step_version(second, -1)
    assert texts(played) == ["What?", "First."]
    stored = played.stored(played.chat.conversation.id)
    assert stored.leaf == first
    assert stored.message(second).derived_from == first
    played.chat.step_version(first, -1)
    played.chat.step_version(first, 2)
    assert texts(played) == ["What?", "First."]


def test_a_reply_in_the_middle_has_versions_too_and_each_its_own_way_on(played: Played) -> None:
    first = played.answered("one", "1")
    played.answered("two", "2")
    played.chat.regenerate(first)
    again = fresh(played)
    played.write(again, "1 again")
    played.end(again)
    assert texts(played) == ["one", "1 again"]
    played.answered("three", "3")
    played.chat.step_version(again, -1)
    assert texts(played) == ["one", "1", "two", "2"]
    played.chat.step_version(first, 1)
    assert texts(played) == ["one", "1 again", "three", "3"]


def test_going_back_to_a_version_leads_to_where_it_was_left(played: Played) -> None:
    first = played.answered("one", "1")
    second = played.answered("two", "2")
    played.chat.regenerate(second)
    played.write(fresh(played), "2 again")
    played.end(fresh(played))
    played.chat.step_version(played.chat.conversation.leaf or "", -1)
    assert texts(played)[-1] == "2"
    played.chat.regenerate(first)
    again = fresh(played)
    played.write(again, "1 again")
    played.end(again)
    played.chat.step_version(again, -1)
    assert texts(played) == ["one", "1", "two", "2"]


def test_a_version_without_a_word_was_never_there(played: Played) -> None:
    first = played.answered("one", "1")
    played.answered("two", "2")
    before = played.chat.conversation
    heard = Heard(played)
    played.chat.regenerate(first)
    played.end(fresh(played), "stopped")
    assert played.chat.conversation.messages == before.messages
    assert played.chat.conversation.leaf == before.leaf
    assert played.stored(before.id).messages == before.messages
    assert played.stored(before.id).leaf == before.leaf
    assert heard.changes == 2


def test_a_question_that_is_edited_begins_another_branch(played: Played) -> None:
    played.answered("one", "1")
    second = played.answered("two", "2")
    question = played.chat.conversation.message(second).parent
    assert question is not None
    played.chat.draft_changed("a draft")
    assert played.chat.edit(question, "two, but better")
    reply_id = fresh(played)
    assert [turn.text for turn in played.played.requests[-1].messages] == ["one", "1", "two, but better"]
    played.write(reply_id, "better")
    played.end(reply_id)
    assert texts(played) == ["one", "1", "two, but better", "better"]
    edited = played.chat.conversation.branch()[2]
    assert edited.derived_from == question
    assert played.chat.versions(edited.id) == (2, 2)
    assert played.chat.conversation.draft == "a draft"
    played.chat.step_version(edited.id, -1)
    assert texts(played) == ["one", "1", "two", "2"]
    assert played.conversations.summaries[0].branches == 2


def test_the_first_question_can_be_edited_and_the_title_stays(played: Played) -> None:
    reply_id = played.answered("one", "1")
    question = played.chat.conversation.message(reply_id).parent
    assert played.chat.edit(question or "", "another one")
    played.end(fresh(played))
    assert texts(played) == ["another one", ""]
    assert played.conversations.summaries[0].title == "one"


def test_what_cannot_be_edited_or_asked_again_is_refused(played: Played) -> None:
    reply_id = played.answered("one", "1")
    question = played.chat.conversation.message(reply_id).parent or ""
    assert not played.chat.edit(question, "   ")
    assert not played.chat.edit(reply_id, "words in its mouth")
    played.ask("two")
    assert not played.chat.edit(question, "meanwhile")
    played.chat.regenerate(reply_id)
    assert played.errors == ["prompt_empty", "engine_busy", "engine_busy"]
    assert len(played.asked()) == 2


def test_a_branch_can_be_looked_at_while_another_one_grows(played: Played) -> None:
    first = played.answered("one", "1")
    played.chat.regenerate(first)
    second = fresh(played)
    played.chat.step_version(second, -1)
    heard = Heard(played)
    played.write(second, "2")
    played.end(second)
    assert heard.changed == []
    played.chat.step_version(first, 1)
    assert texts(played) == ["one", "2"]


def test_a_reply_is_seen_when_its_conversation_is_opened_again(played: Played) -> None:
    reply_id = played.ask("one")
    conversation_id = played.chat.conversation.id
    played.write(reply_id, "Half")
    played.another()
    heard = Heard(played)
    played.write(reply_id, " of")
    played.chat.open(conversation_id)
    assert texts(played) == ["one", "Half of"]
    assert played.chat.answering == reply_id
    assert heard.changed == []


def test_a_conversation_keeps_the_system_prompt_that_it_was_begun_with(played: Played) -> None:
    played.chat.system_prompt = "Be brief."
    played.answered("one")
    played.chat.system_prompt = "Be long."
    played.answered("two")
    roles = [[turn.text for turn in request.messages][:1] for request in played.played.requests]
    assert roles == [["Be brief."], ["Be brief."]]
    assert played.stored(played.chat.conversation.id).system == "Be brief."
    played.another()
    assert played.chat.conversation.system == "Be long."


def test_a_reply_that_was_cut_off_by_a_restart_goes_on(tmp_path: Path, qt_app: object) -> None:
    before = Played(tmp_path)
    reply_id = before.ask("one")
    conversation_id = before.chat.conversation.id
    before.write(reply_id, "Half")
    before.replies._journal.flush()
    before.kept.close()
    again = Played(tmp_path)
    again.chat.open(conversation_id)
    cut = again.chat.message(reply_id)
    assert (cut.text, cut.state, cut.reason) == ("Half", "interrupted", "interrupted")
    again.chat.continue_reply(reply_id)
    assert again.played.requests[-1].continuing
    again.write(reply_id, " and the rest")
    again.end(reply_id)
    assert again.stored(conversation_id).message(reply_id).text == "Half and the rest"
    again.close()

"""The model's own tokens stand for its text in the next prompt, and only where they spell it exactly."""

from app.chat.conversation import Channel
from app.engine.written_tokens import Run, Written, runs


def written(*pieces: tuple[int, bytes, Channel]) -> Written:
    """A reply of these tokens."""
    made = Written()
    for token, piece, channel in pieces:
        made.add(token, piece, channel)
    return made


REPLY = written(
    (1, b"hm", "thinking"),
    (2, b"</think>", "answer"),
    (3, b"\n\n", "answer"),
    (4, b"It is", "answer"),
    (5, b" 15.", "answer"),
    (6, b"\n", "answer"),
)


def test_tokens_that_spell_the_answer_are_found_without_marker_and_white_space() -> None:
    assert REPLY.spelling("It is 15.") == [4, 5]


def test_a_text_that_the_tokens_do_not_spell_has_none() -> None:
    assert REPLY.spelling("It is 16.") is None
    assert REPLY.spelling("is 15.") is None
    assert REPLY.spelling("") is None


def test_thinking_is_never_taken_for_an_answer() -> None:
    assert written((1, b"hm", "thinking")).spelling("hm") is None


def test_tokens_of_half_a_character_are_taken_back() -> None:
    reply = written((1, b"a", "answer"), (2, b"\xe2\x98", "answer"), (3, b"\x83\xf0\x9f", "answer"))
    reply.drop_unfinished(2)
    assert reply.tokens == [1, 2, 3]  # the last token also ends a finished character: it stays
    reply = written((1, b"a", "answer"), (2, b"\xf0\x9f", "answer"), (3, b"\x98", "answer"))
    reply.drop_unfinished(3)
    assert reply.tokens == [1]


def test_a_reply_says_what_was_shown_of_it() -> None:
    reply = written((1, b"hm", "thinking"))
    reply.shown["thinking"] += ["h", "m"]
    assert reply.says("hm", "")
    assert not reply.says("hm", "more")
    assert not Written().says("", "")


def test_a_prompt_is_cut_where_answers_stand_in_it() -> None:
    assert runs("Q: 1? A: 4 Q: 2? A: 5 Q:", [("4", [14]), ("5", [15])]) == [
        Run("Q: 1? A: "),
        Run("4", [14]),
        Run(" Q: 2? A: "),
        Run("5", [15]),
        Run(" Q:"),
    ]


def test_an_answer_that_the_template_left_out_is_passed_over() -> None:
    assert runs("Q: 2?", [("gone", [1]), ("2", [2])]) == [Run("Q: "), Run("2", [2]), Run("?")]

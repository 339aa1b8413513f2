"""The model's own tokens stand for its text in the next prompt, and only where they spell it exactly."""

import string
import struct
from collections.abc import Iterator

import pytest

from app.chat.conversation import Channel
from app.engine.llama_backend import LlamaModel, Runtime
from app.engine.written_tokens import Run, Speller, Written, runs
from tests.doubles.gguf_writer import DenseShape, Raw, Value, write_gguf


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


def test_an_answer_whose_words_a_question_holds_too_is_looked_for_where_replies_begin() -> None:
    prompt = "Q: yes or no? A: yes Q: yes?"
    assert runs(prompt, [("yes", [7])]) == [Run("Q: "), Run("yes", [7]), Run(" or no? A: yes Q: yes?")]
    assert runs(prompt, [("yes", [7])], replies=[17]) == [
        Run("Q: yes or no? A: "),
        Run("yes", [7]),
        Run(" Q: yes?"),
    ]
    assert runs(prompt, [("no", [8])], replies=[17]) == [Run(prompt)]


def test_text_is_cut_where_it_must_not_become_one_token_and_an_answer_is_not() -> None:
    prompt = "Q: </think>? A: a </think>!"
    assert runs(prompt, [("a </think>!", [1, 2])], replies=[16], cuts=[7, 22]) == [
        Run("Q: </th"),
        Run("ink>? A: "),
        Run("a </think>!", [1, 2]),
    ]
    assert [run.text for run in runs(prompt, [], cuts=[7, 22])] == ["Q: </th", "ink>? A: a </th", "ink>!"]


# A vocabulary that puts a space before the first word of whatever it is given


SHAPE = DenseShape(layers=1, embedding=32, heads=1, kv_heads=1, head=32, feed_forward=32, vocabulary=400)
CONTROL, BYTE, USER_DEFINED = 3, 6, 4


def spacing_vocabulary(size: int) -> dict[str, Value]:
    """Bytes, letters, a few words, and two texts that are more than that; the rest is never used."""
    letters = [*string.ascii_letters, *"<>/|!?[]"]
    words = ["\u2581", *letters, "th", "ink", "\u2581a", "\u2581th", "\u2581ink", "\u2581x"]
    tokens = [
        "<unk>",
        "<s>",
        "</s>",
        *(f"<0x{byte:02X}>" for byte in range(256)),
        *words,
        "[INST]",
        "</think>",
    ]
    kinds = [2, CONTROL, CONTROL, *[BYTE] * 256, *[1] * len(words), CONTROL, USER_DEFINED]
    spare = size - len(tokens)
    scores = [float(number - size) for number in range(size)]
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [*tokens, *(f"<spare{number}>" for number in range(spare))],
        "tokenizer.ggml.scores": Raw(9, struct.pack(f"<IQ{size}f", 6, size, *scores)),
        "tokenizer.ggml.token_type": Raw(9, struct.pack(f"<IQ{size}i", 5, size, *kinds, *[1] * spare)),
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    }


@pytest.fixture(scope="module")
def spaced(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaModel]:
    """A model with such a vocabulary."""
    metadata = {**SHAPE.metadata(), **spacing_vocabulary(SHAPE.vocabulary)}
    file = write_gguf(tmp_path_factory.mktemp("spaced") / "m.gguf", metadata, SHAPE.tensors())
    model = LlamaModel(runtime, file, context=64, gpu_layers=0, threads=1, progress=lambda _share: None)
    yield model
    model.close()


def test_no_space_comes_between_the_parts_of_a_text(spaced: LlamaModel) -> None:
    speller = Speller(spaced.tokenize, spaced.piece)
    text = "[INST]what is </think>?[INST] a</think>"
    cut = runs(text, [], cuts=[text.index("ink>"), text.rindex("ink>")])
    assert len(cut) == 3
    tokens = speller.tokens(cut)
    # The spaces after "[INST]" are those that llama.cpp itself puts there, as the model has learned it.
    assert b"".join(map(spaced.piece, tokens)).decode() == "[INST] what is </think>?[INST]  a</think>"
    assert spaced.tokenize("</think>")[-1] in spaced.tokenize(text)
    assert spaced.tokenize("</think>")[-1] not in tokens


def test_no_space_follows_tokens_that_stand_for_a_text(spaced: LlamaModel) -> None:
    speller = Speller(spaced.tokenize, spaced.piece)
    answer = spaced.tokenize("a")
    tokens = speller.tokens(runs("[INST]a!", [("a", answer)]))
    assert b"".join(map(spaced.piece, tokens)).decode() == "[INST] a!"

"""The wire carries every word whole, however its bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.conversation import File, Statistics, Text, Turn
from app.chat.options import Capabilities, GenerateOptions, LoadOptions, Placement, Sampling, Thinking
from app.errors import ModelFileError
from app.protocol.engine import (
    Delta,
    Event,
    Failed,
    Finished,
    Generate,
    Inspect,
    Inspected,
    Load,
    Loaded,
    Loading,
    Plan,
    Planned,
    Prefilling,
    Quit,
    Request,
    Stop,
)
from app.protocol.wire import LineDecoder, WireError, encode

TURNS = (
    Turn("a", "user", (Text("two\nlines"), File("/x.png", "00", "image/png"))),
    Turn("b", "assistant", (Text("ok"),), "hm"),
)
REQUESTS: list[Request] = [
    Inspect("/m.gguf"),
    Load("/m.gguf", LoadOptions(4096, 12, 2)),
    Plan("p", TURNS),
    Generate("r", TURNS, GenerateOptions("high", 10, Sampling(0.0, seed=7)), continuing=True),
    Stop("r"),
    Quit(),
]
EVENTS: list[Event] = [
    Inspected(
        "/m.gguf", "M", "llama", 12, "Q4_K_M", 4096, Thinking("always", ("on",), "on"), ("template_missing",)
    ),
    Loading(0.25),
    Loaded(Capabilities("M", "llama", Thinking(), 4096, 8192, Placement("GPU", 3, 4, 2))),
    Planned("p", 12, {"a": 5, "b": 7}, ("a",), 4096),
    Prefilling("r", 5, 10),
    Delta("r", "thinking", "model", "snowman \u2603 \U0001f600\n", 2),
    Finished("r", "limit", Statistics(1, 2, 3, 4, 0.5, 0.25, 10.0, 0.1)),
    Failed(None, "not_gguf", {"path": "/m.gguf"}),
]


@pytest.mark.parametrize("word", REQUESTS, ids=lambda word: type(word).__name__)
def test_a_request_comes_out_as_it_went_in(word: Request) -> None:
    decoder: LineDecoder[Request] = LineDecoder(Request)
    assert decoder.feed(encode(word)) == [word]


@pytest.mark.parametrize("word", EVENTS, ids=lambda word: type(word).__name__)
def test_an_event_comes_out_as_it_went_in(word: Event) -> None:
    decoder: LineDecoder[Event] = LineDecoder(Event)
    assert decoder.feed(encode(word)) == [word]


@given(st.data())
def test_words_survive_any_cutting_of_their_bytes(data: st.DataObject) -> None:
    stream = b"".join(encode(word) for word in EVENTS)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    decoder: LineDecoder[Event] = LineDecoder(Event)
    words: list[Event] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        words += decoder.feed(stream[start:end])
    assert words == EVENTS


@pytest.mark.parametrize(
    "line",
    [
        b"hello\n",
        b'{"type":"Nonsense"}\n',
        b'{"type":"Loading","share":"much"}\n',
        b"[1,2]\n",
        b'{"type":"Loading"}\n',
    ],
)
def test_a_line_that_is_no_word_is_refused(line: bytes) -> None:
    decoder: LineDecoder[Event] = LineDecoder(Event)
    with pytest.raises(WireError):
        decoder.feed(line)


def test_a_text_with_newlines_stays_one_line() -> None:
    assert encode(Delta("r", "answer", "model", "a\nb\r\n", 1)).count(b"\n") == 1


def test_a_failure_becomes_the_error_that_it_was() -> None:
    error = Failed(None, "gguf_truncated", {"path": "/m.gguf", "expected": 10, "actual": 5}).error()
    assert isinstance(error, ModelFileError)
    assert error.parameters["expected"] == 10


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_is_its_letter() -> None:
    decoder: LineDecoder[Request] = LineDecoder(Request)
    sent = Generate("r", (Turn("q", "user", (Text("a\ud800b \ud83d\ude00"),)),))
    (word,) = decoder.feed(encode(sent))
    assert isinstance(word, Generate)
    assert word.messages[0].text == "a\ufffdb \U0001f600"

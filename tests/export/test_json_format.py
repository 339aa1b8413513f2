"""Our own format: what goes out comes back identical, and nothing else comes in."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.conversation import Conversation, File, Message, Part, Place, Segment, Statistics, Text
from app.chat.options import Choices, ChosenSampling, GenerateOptions, Sampling
from app.errors import ExchangeError
from app.export import json_format
from app.export.json_format import from_json, to_json
from tests.export.samples import conversation, question, reply, rich, simple

ids = st.text("0123456789abcdefXYZ_-", min_size=1, max_size=32)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
times = st.floats(0, 4e9)
counts = st.integers(0, 10**9)
seconds = st.floats(0, 1e6)
segments = st.builds(
    Segment,
    st.sampled_from(["thinking", "answer"]),
    st.sampled_from(["model", "person", "app"]),
    texts,
    counts,
    seconds,
)
statistics = st.builds(Statistics, counts, counts, counts, counts, seconds, seconds, seconds, seconds)
samplings = st.builds(
    Sampling,
    st.floats(0, 2),
    counts,
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 2),
    st.floats(-2, 2),
    st.none() | st.integers(-1, 2**31),
)
options = st.builds(GenerateOptions, st.none() | texts, st.none() | counts, st.none() | samplings, texts)
chosen = st.builds(
    ChosenSampling,
    st.none() | st.floats(0, 2),
    st.none() | st.integers(0, 1000),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0, 1),
    st.none() | st.floats(0.5, 2),
    st.none() | st.floats(-2, 2),
    st.none() | st.integers(0, 2**31 - 1),
)
choices = st.builds(Choices, st.none() | st.text(min_size=1, max_size=30), st.booleans(), chosen)
parts: st.SearchStrategy[Part] = st.builds(Text, texts) | st.builds(File, texts, texts, texts)


@st.composite
def trees(draw: st.DrawFn) -> Conversation:
    """Any conversation that the app could have."""
    names = draw(st.lists(ids, max_size=6, unique=True))
    messages: list[Message] = []
    for name in names:
        before = [message.id for message in messages]
        earlier = st.none() | st.sampled_from(before) if before else st.none()
        is_reply = draw(st.booleans())
        messages.append(
            Message(
                name,
                "assistant" if is_reply else draw(st.sampled_from(["user", "system"])),
                draw(earlier),
                draw(earlier),
                () if is_reply else tuple(draw(st.lists(parts, max_size=3))),
                tuple(draw(st.lists(segments, max_size=4))) if is_reply else (),
                draw(st.sampled_from(["finished", "interrupted"])),
                draw(st.sampled_from([None, "end", "limit", "stopped", "context_full", "interrupted"])),
                draw(st.none() | texts),
                draw(st.none() | options),
                draw(st.none() | statistics),
                draw(times),
            )
        )
    return Conversation(
        draw(ids),
        draw(texts),
        draw(texts),
        tuple(messages),
        draw(st.sampled_from(names)) if names else None,
        draw(times),
        draw(times),
        draw(st.booleans()),
        draw(texts),
        draw(st.none() | st.builds(Place, st.sampled_from(names), st.integers(-(10**6), 10**6)))
        if names
        else None,
        choices=draw(choices),
    )


@settings(max_examples=300, deadline=None)
@given(many=st.lists(trees(), max_size=3, unique_by=lambda one: one.id))
def test_what_goes_out_comes_back_identical(many: list[Conversation]) -> None:
    read = from_json(to_json(many, "collapsed").encode(), "x.json")
    assert read.refused == ()
    assert list(read.conversations) == many


@settings(max_examples=100, deadline=None)
@given(one=trees())
def test_without_the_thinking_all_the_rest_comes_back(one: Conversation) -> None:
    text = to_json([one], "none")
    assert json.loads(text)["thinking"] == "none"
    (read,) = from_json(text.encode(), "x.json").conversations
    assert all(segment.channel == "answer" for message in read.messages for segment in message.segments)
    for old, new in zip(one.messages, read.messages, strict=True):
        assert new == msgspec.structs.replace(
            old, segments=tuple(s for s in old.segments if s.channel == "answer")
        )


def test_a_file_of_version_1_is_written_and_read_for_ever() -> None:
    golden = (Path(__file__).parent / "golden.json").read_text(encoding="utf-8")
    assert to_json([rich(), simple()], "appendix") == golden
    assert from_json(golden.encode(), "golden.json").conversations == (rich(), simple())


def test_what_came_later_is_written_where_it_says_something() -> None:
    asked = GenerateOptions("on", 500, Sampling(presence_penalty=1.5), think_in="Finnish")
    answer = msgspec.structs.replace(reply(Segment("answer", "model", "It")), options=asked)
    value = msgspec.structs.replace(
        conversation(question("?"), answer),
        choices=Choices("high", sampling=ChosenSampling(temperature=0.0)),
    )
    (entry,) = json.loads(to_json([value], "none"))["conversations"]
    assert entry["choices"] == {"thinking": "high", "sampling": {"temperature": 0.0}}
    assert entry["messages"][1]["options"]["think_in"] == "Finnish"
    assert entry["messages"][1]["options"]["sampling"]["presence_penalty"] == 1.5
    assert from_json(to_json([value], "none").encode(), "x").conversations == (value,)


def test_choices_that_nobody_could_have_made_are_forgotten() -> None:
    value = json.loads(to_json([simple()], "appendix"))
    value["conversations"][0]["choices"] = {
        "thinking": "x" * 1000,
        "own_language": True,
        "sampling": {"temperature": -5, "top_k": 2**40, "top_p": 0.5, "seed": -1, "min_p": None},
    }
    (read,) = from_json(json.dumps(value).encode(), "x").conversations
    assert read.choices == Choices(own_language=True, sampling=ChosenSampling(top_p=0.5))


def test_half_a_letter_does_not_stop_an_export() -> None:
    (read,) = from_json(to_json([simple("a\ud83d b")], "none").encode(), "x").conversations
    assert read.messages[1].answer == "a\ufffd b"


def test_a_reply_that_was_growing_comes_back_as_interrupted() -> None:
    growing = msgspec.structs.replace(reply(Segment("answer", "model", "It")), state="streaming", reason=None)
    (read,) = from_json(to_json([conversation(question("?"), growing)], "none").encode(), "x").conversations
    assert (read.messages[1].state, read.messages[1].reason) == ("interrupted", "interrupted")


def test_a_byte_order_mark_and_fields_of_the_future_do_no_harm() -> None:
    value = json.loads(to_json([simple()], "appendix"))
    value["later"] = value["conversations"][0]["later"] = {"a": [1]}
    read = from_json(b"\xef\xbb\xbf" + json.dumps(value).encode(), "x")
    assert read.conversations == (simple(),)


WHOLE = to_json([simple()], "appendix").encode()


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (b"", "import_unknown", "json"),
        (b"hello", "import_unknown", "json"),
        (b"{}", "import_unknown", None),
        (b"[]", "import_unknown", None),
        (b'{"format": "other", "version": 1}', "import_unknown", None),
        (b'{"format": "soliloquy-conversations", "version": "1"}', "import_unknown", None),
        (b'{"format": "soliloquy-conversations", "version": 2, "conversations": 7}', "import_newer", None),
        (
            b'{"format": "soliloquy-conversations", "version": 1, "conversations": 7}',
            "import_unreadable",
            "json",
        ),
        (WHOLE[:-20], "import_unreadable", "json"),
        (WHOLE + b"}", "import_unreadable", "json"),
        (WHOLE.replace(b"47", b"\xff\xfe"), "import_unreadable", "utf8"),
        (WHOLE.decode().encode("utf-16"), "import_unreadable", "utf8"),
        (b"[" * 1_000_000, "import_unknown", None),
        (b'{"a":' * 1_000_000, "import_unknown", "json"),
        (b'{"format": "soliloquy-conversations", "x": ' + b"[" * 1_000_000, "import_unreadable", "json"),
    ],
)
def test_what_is_no_whole_file_of_ours_is_refused(data: bytes, code: str, reason: str | None) -> None:
    with pytest.raises(ExchangeError) as refused:
        from_json(data, "x.json")
    assert refused.value.code == code
    assert refused.value.parameters["path"] == "x.json"
    if reason is not None:
        assert refused.value.parameters["reason"] == reason


def test_a_file_that_is_too_large_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_format, "MAX_BYTES", 100)
    with pytest.raises(ExchangeError) as refused:
        from_json(WHOLE, "x.json")
    assert refused.value.parameters["reason"] == "size"


def altered(**changes: Any) -> dict[str, Any]:
    """The sample as plain values, with `messages.1.role`-like places changed."""
    value: dict[str, Any] = json.loads(to_json([rich()], "appendix"))["conversations"][0]
    for place, new in changes.items():
        *way, last = [int(step) if step.isdigit() else step for step in place.split("__")]
        at: Any = value
        for step in way:
            at = at[step]
        at[last] = new
    return value


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "../x"}, "bad_id"),
        ({"id": ""}, "bad_id"),
        ({"id": 7}, "wrong_type"),
        ({"messages__0__id": "a b"}, "bad_id"),
        ({"messages__1__id": "q1"}, "message_twice"),
        ({"messages__1__parent": "nobody"}, "parent_missing"),
        ({"messages__2__derived_from": "nobody"}, "parent_missing"),
        ({"messages__0__parent": "q2"}, "circle"),
        ({"messages__0__parent": "q1"}, "circle"),
        ({"messages__1__derived_from": "q2"}, "order"),
        ({"messages__1__derived_from": "r2"}, "order"),
        ({"leaf": "nobody"}, "leaf_missing"),
        ({"leaf": None}, "leaf_missing"),
        ({"messages__0__role": "robot"}, "wrong_type"),
        ({"messages__0__role": "assistant"}, "wrong_role"),
        ({"messages__1__role": "user"}, "wrong_role"),
        ({"messages__1__segments__0__channel": "tool"}, "wrong_type"),
        ({"messages__1__segments__0__tokens": 10**30}, "bad_number"),
        ({"messages__1__segments__0__tokens": 1.5}, "wrong_type"),
        ({"messages__1__statistics__prompt_tokens": -(10**18)}, "bad_number"),
        ({"messages__1__options__sampling__temperature": 1e300}, "bad_number"),
        ({"messages__1__created": -1}, "bad_number"),
        ({"created": 1e12}, "bad_number"),
        ({"place": {"message": "q1", "offset": 10**20}}, "bad_number"),
        ({"title": None}, "wrong_type"),
        ({"choices": {"thinking": 3}}, "wrong_type"),
        ({"title": "x" * 10_001}, "too_large"),
        ({"messages": "none"}, "wrong_type"),
        ({"messages__0": None}, "wrong_type"),
    ],
)
def test_a_broken_conversation_is_refused_and_the_others_are_not(changes: dict[str, Any], code: str) -> None:
    value = json.loads(to_json([simple()], "appendix"))
    value["conversations"].insert(0, altered(**changes))
    read = from_json(json.dumps(value).encode(), "x")
    assert [one.code for one in read.refused] == [code]
    assert read.refused[0].number == 1
    assert read.conversations == (simple(),)


def test_a_wrong_value_is_found_by_its_place() -> None:
    value = json.loads(to_json([simple()], "appendix"))
    value["conversations"][0]["messages"][1]["segments"][0]["text"] = 5
    (refused,) = from_json(json.dumps(value).encode(), "x").refused
    assert refused.detail == "messages[1].segments[0].text"


def test_the_same_conversation_twice_in_a_file_counts_once() -> None:
    read = from_json(to_json([simple(), simple()], "none").encode(), "x")
    assert len(read.conversations) == 1
    assert read.refused[0].code == "conversation_twice"


def test_a_place_at_a_message_that_is_not_there_is_forgotten() -> None:
    value = json.loads(to_json([rich()], "appendix"))
    value["conversations"][0]["place"]["message"] = "nobody"
    (read,) = from_json(json.dumps(value).encode(), "x").conversations
    assert read == msgspec.structs.replace(rich(), place=None)


def code_of(data: bytes) -> str:
    """What a file is refused with; empty when it is read."""
    try:
        from_json(data, "x")
    except ExchangeError as error:
        return error.code
    return ""


def test_deep_nesting_inside_a_conversation_is_no_danger() -> None:
    head, _, rest = WHOLE.decode().partition('"title"')
    deep = f'{head}"later": {"[" * 200_000}{"]" * 200_000}, "title"{rest}'
    assert code_of(deep.encode()) in ("", "import_unreadable")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_file_with_broken_bytes_is_refused_or_read_but_never_fails_otherwise(data: st.DataObject) -> None:
    broken = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert code_of(bytes(broken)) in ("", "import_unreadable", "import_unknown", "import_newer")

"""The engine that stands for the real one: what it says, when, and what it notes of that."""

import subprocess
from pathlib import Path

import msgspec

from app.chat.conversation import Text, Turn
from app.protocol.engine import Delta, Event, Finished, Generate, Load, Loaded, Plan, Planned, Stop
from app.protocol.wire import LineDecoder, encode
from tests.benchmarks.paced_engine import Note, Pace, notes
from tests.benchmarks.setup import ROOT, child_environment

ASKED = Generate("r", (Turn("q", "user", (Text("Why?"),)),))


def said(pace: Pace, *requests: msgspec.Struct) -> list[Event]:
    """All that an engine of this pace says to these requests, until the first reply has ended."""
    engine = subprocess.Popen(
        pace.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=child_environment()
    )
    assert engine.stdin is not None
    assert engine.stdout is not None
    decoder: LineDecoder[Event] = LineDecoder(Event)
    words: list[Event] = []
    with engine.stdin, engine.stdout:
        engine.stdin.write(b"".join(map(encode, requests)))
        engine.stdin.flush()
        while not any(isinstance(word, Finished) for word in words):
            words += decoder.feed(engine.stdout.readline())
    assert engine.wait(30) == 0
    return words


def test_a_reply_comes_at_its_pace_and_is_noted_word_for_word(tmp_path: Path) -> None:
    log = tmp_path / "log"
    pace = Pace(rate=100.0, thinking=10, answer=20, log=str(log))
    words = said(pace, Load("model.gguf"), Plan("p", ASKED.messages), ASKED)
    assert isinstance(words[0], Loaded)
    assert isinstance(words[1], Planned)
    deltas = [word for word in words if isinstance(word, Delta)]
    assert [delta.channel for delta in deltas] == ["thinking"] * 10 + ["answer"] * 20
    first, *noted, last = notes(log)
    assert (first.channel, last.channel) == ("asked", "ended")
    assert [(note.channel, note.text) for note in noted] == [(delta.channel, delta.text) for delta in deltas]
    assert noted[-1].at - noted[0].at >= 29 / pace.rate


def test_texts_are_told_as_they_are_after_a_burst(tmp_path: Path) -> None:
    texts = tmp_path / "texts.json"
    texts.write_bytes(msgspec.json.encode([("Let me see.", "**So it is.**")]))
    deltas = [
        word
        for word in said(Pace(rate=10_000.0, burst=6000, texts=str(texts)), ASKED)
        if isinstance(word, Delta)
    ]
    thinking = "".join(delta.text for delta in deltas if delta.channel == "thinking")
    assert thinking == "burst " * 1000 + "Let me see."
    assert "".join(delta.text for delta in deltas if delta.channel == "answer") == "**So it is.**"


def test_stop_is_heard() -> None:
    words = said(Pace(rate=10.0, thinking=100_000), ASKED, Stop("r"))
    assert isinstance(words[-1], Finished)
    assert words[-1].reason == "stopped"


def test_a_line_that_was_cut_is_no_note(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b'[1.0,"r","thinking","one "]\n[2.0,"r","thin')
    assert notes(log) == [Note(1.0, "r", "thinking", "one ")]

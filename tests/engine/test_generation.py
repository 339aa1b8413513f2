"""How a reply ends, whatever a vocabulary says of the tokens in it."""

from pathlib import Path

import pytest

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, Sampling
from app.engine.session import Session
from app.protocol.engine import Delta, Event, Finished, Generate
from tests.doubles.forced_sampling import Script, force
from tests.doubles.gguf_template import with_template
from tests.engine.conftest import OpenSession

THOUGHT = "<|channel|>analysis<|message|>so it is<|end|>"
ANSWER = "<|start|>assistant<|channel|>final<|message|>It is."


QUESTION = Turn("q", "user", (Text("Is it so?"),))


def said(
    session: Session,
    script: Script,
    turns: tuple[Turn, ...],
    *,
    limit: int = 200,
    ends: list[Finished] | None = None,
) -> dict[str, str]:
    """The texts of a reply that is forced, by channel; with two turns it goes on with the second."""
    texts = {"thinking": "", "answer": ""}

    def take(event: Event) -> None:
        if isinstance(event, Delta):
            texts[event.channel] += event.text

    force(session._model, lambda: script)
    options = GenerateOptions(None, limit, Sampling(temperature=0.0))
    ended = session.generation(Generate("r", turns, options, len(turns) > 1), take).run()
    if ends is not None:
        ends.append(ended)
    return texts


@pytest.mark.parametrize(
    ("text", "reason", "texts"),
    [
        # The vocabulary of this file says that <|end|> ends a reply, wherever it stands.
        (THOUGHT + ANSWER + "<|end|>and more", "end", {"thinking": "so it is", "answer": "It is."}),
        (THOUGHT + ANSWER + "<|return|>and more", "end", {"thinking": "so it is", "answer": "It is."}),
        (THOUGHT[:-7] + "<｜end▁of▁sentence｜>", "end", {"thinking": "so it is", "answer": ""}),
        (
            THOUGHT + "<|start|>assistant" + THOUGHT + ANSWER,
            "end",
            {"thinking": "so it isso it is", "answer": "It is."},
        ),
    ],
)
def test_what_ends_a_thought_does_not_end_the_reply(
    open_session: OpenSession, zoo: Path, text: str, reason: str, texts: dict[str, str]
) -> None:
    session = open_session(zoo / "gptoss.gguf")
    ends: list[Finished] = []
    heard = said(session, Script(text), (QUESTION,), ends=ends)
    assert [end.reason for end in ends] == [reason]
    assert {channel: text.replace("\n", "") for channel, text in heard.items()} == texts


def test_a_marker_of_many_tokens_that_is_cut_in_two_is_never_shown_and_still_acts(
    open_session: OpenSession, zoo: Path, shared: Path, tmp_path: Path
) -> None:
    template = shared / "data" / "templates" / "mistralai-Ministral-3-14B-Reasoning-2512.jinja"
    source = template.read_text(encoding="utf-8")
    session = open_session(with_template(zoo / "llama-distill.gguf", source, tmp_path / "model.gguf"))
    reply = "[THINK]so it is[/THINK]It is."
    tokens = session._model.tokenize(reply)
    for cut in range(1, len(tokens), 2):
        begun = said(session, Script(reply), (QUESTION,), limit=cut)
        assert "[" not in begun["thinking"] + begun["answer"], cut
        if not any(begun.values()):
            continue
        kept = len(session._written["r"].tokens)
        rest = b"".join(map(session._model.piece, tokens[kept:])).decode()
        turn = Turn("r", "assistant", (Text(begun["answer"]),), begun["thinking"])
        more = said(session, Script(rest), (QUESTION, turn))
        assert {channel: begun[channel] + more[channel] for channel in begun} == {
            "thinking": "so it is",
            "answer": "It is.",
        }, cut


@pytest.mark.parametrize("seconds", [0.0, 10.0], ids=["each token a delta", "all at once"])
def test_what_arrives_and_what_is_told_at_the_end_count_the_same_tokens(
    open_session: OpenSession, zoo: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """However the texts are cut into deltas: the markers of thinking belong to it."""
    monkeypatch.setattr("app.engine.generation._DELTA_SECONDS", seconds)
    session = open_session(zoo / "qwen3.gguf")
    force(session._model, lambda: Script("<think>\nso it is\n</think>\n\nIt is."))
    counted = {"thinking": 0, "answer": 0}

    def take(event: Event) -> None:
        if isinstance(event, Delta):
            counted[event.channel] += event.tokens

    options = GenerateOptions(None, 200, Sampling(temperature=0.0))
    told = session.generation(Generate("r", (QUESTION,), options), take).run().statistics
    assert counted == {"thinking": told.thinking_tokens, "answer": told.answer_tokens}
    assert told.thinking_tokens > len(session._model.tokenize("so it is"))

"""How a reply ends, whatever a vocabulary says of the tokens in it."""

from pathlib import Path

import pytest

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, Sampling
from app.protocol.engine import Delta, Event, Finished, Generate
from tests.doubles.forced_sampling import Script, force
from tests.engine.conftest import OpenSession

THOUGHT = "<|channel|>analysis<|message|>so it is<|end|>"
ANSWER = "<|start|>assistant<|channel|>final<|message|>It is."


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
    force(session._model, lambda: Script(text))
    said = {"thinking": "", "answer": ""}

    def take(event: Event) -> None:
        if isinstance(event, Delta):
            said[event.channel] += event.text

    turns = (Turn("q", "user", (Text("Is it so?"),)),)
    options = GenerateOptions(None, 200, Sampling(temperature=0.0))
    finished: Finished = session.generation(Generate("r", turns, options), take).run()
    assert finished.reason == reason
    assert said == texts

"""A reply that ended inside its thinking goes on there: by a stop, in a new process, in a full context, elsewhere."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, Sampling
from app.engine.generation import Generation
from app.engine.session import Session
from app.errors import PromptError
from app.protocol.engine import Delta, Event, Finished, Generate
from tests.doubles.forced_sampling import Script, force
from tests.engine.conftest import OpenSession

CLOSING = "</think>\n\n"
ANALYSIS = "<|channel|>analysis<|message|>"
FINAL = "<|end|><|start|>assistant<|channel|>final<|message|>"
ZOO = {
    "llama-distill": ("", CLOSING),
    "qwen3": ("<think>\n", CLOSING),
    "qwen35": ("", CLOSING),
    "deepseek4": ("", "</think>"),
    "gptoss": (ANALYSIS, FINAL),
}
"""What each writes before a thought, and between it and the answer."""

QUESTION = Turn("q", "user", (Text("Is it so?"),))


class Reply:
    """A reply to one question, that may be told to go on, also by another session."""

    def __init__(self) -> None:
        self.texts = {"thinking": "", "answer": ""}
        self.generation: Generation | None = None
        self.prompt: list[int] = []

    def turn(self) -> Turn:
        """It, as far as it has come."""
        return Turn("r", "assistant", (Text(self.texts["answer"]),), self.texts["thinking"])

    def run(
        self, session: Session, script: Script, *, limit: int | None = None, stop_at: str = ""
    ) -> Finished:
        """Begins, or goes on; stops where its thinking says `stop_at`."""
        force(session._model, lambda: script)

        def take(event: Event) -> None:
            if isinstance(event, Delta):
                self.texts[event.channel] += event.text
                if stop_at and stop_at in self.texts["thinking"] and self.generation:
                    self.generation.stop()

        continuing = any(self.texts.values())
        turns = (QUESTION, self.turn()) if continuing else (QUESTION,)
        options = GenerateOptions(None, limit, Sampling(temperature=0.0))
        self.generation = session.generation(Generate("r", turns, options, continuing), take)
        self.prompt = list(self.generation._order.prompt)
        return self.generation.run()


def spelled(session: Session, tokens: Sequence[int]) -> str:
    """The text of tokens."""
    return b"".join(map(session._model.piece, tokens)).decode()


@pytest.mark.parametrize("name", ZOO)
def test_a_reply_that_is_stopped_while_thinking_goes_on_there_and_in_a_new_process_too(
    open_session: OpenSession, zoo: Path, name: str
) -> None:
    opening, closing = ZOO[name]
    session, other = open_session(zoo / f"{name}.gguf"), open_session(zoo / f"{name}.gguf")
    stopped = Reply()
    script = Script(opening + "so it", ends=False, pause=0.001)
    finished = stopped.run(session, script, stop_at="so it..")
    assert finished.reason == "stopped"
    thought = stopped.texts["thinking"]
    assert thought.startswith("so it..")
    assert stopped.texts["answer"] == ""
    moved = Reply()
    moved.texts.update(stopped.texts)
    rest = Script(f" is{closing}It is.")
    assert stopped.run(session, rest).reason == moved.run(other, rest).reason == "end"
    assert stopped.texts == moved.texts == {"thinking": f"{thought} is", "answer": "It is."}
    assert spelled(session, stopped.prompt) == spelled(other, moved.prompt)


@pytest.mark.parametrize("name", ["llama-distill", "qwen35", "gptoss"])
def test_a_context_that_fills_up_while_thinking_ends_there_and_the_next_question_is_answered(
    open_session: OpenSession, zoo: Path, name: str
) -> None:
    opening, closing = ZOO[name]
    session = open_session(zoo / f"{name}.gguf", context=512)
    reply = Reply()
    assert reply.run(session, Script(opening + "so", ends=False)).reason == "context_full"
    assert reply.texts["thinking"].startswith("so...")
    assert reply.texts["answer"] == ""
    with pytest.raises(PromptError) as raised:
        reply.run(session, Script("."))
    assert raised.value.code == "context_full"
    force(session._model, lambda: Script(f"{opening}hm{closing}Yes."))
    said: list[Event] = []
    turns = (QUESTION, reply.turn(), Turn("q2", "user", (Text("Is it?"),)))
    options = GenerateOptions(None, 60, Sampling(temperature=0.0))
    finished = session.generation(Generate("r2", turns, options), said.append).run()
    assert finished.reason == "end"
    assert "".join(event.text for event in said if isinstance(event, Delta)) == "hmYes."


@pytest.mark.parametrize(("first", "then"), [("qwen3", "gptoss"), ("gptoss", "qwen35"), ("qwen35", "qwen3")])
def test_another_model_goes_on_with_a_thought_in_its_own_format(
    open_session: OpenSession, zoo: Path, first: str, then: str
) -> None:
    reply = Reply()
    opening, _ = ZOO[first]
    reply.run(open_session(zoo / f"{first}.gguf"), Script(opening + "so it", ends=False), limit=30)
    thought = reply.texts["thinking"]
    assert thought.startswith("so it.")
    _, closing = ZOO[then]
    reply.run(open_session(zoo / f"{then}.gguf"), Script(f" is{closing}It is."))
    assert reply.texts == {"thinking": f"{thought} is", "answer": "It is."}

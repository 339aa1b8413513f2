"""Measures the finished file through the real engine process: each skill, refusals, cuts and conversations."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from . import tokenizer
from .engine_questions import EngineQuestions, Exchange, Reply
from .phrasings import read_lines
from .samples import INSTRUCTIONS, some_problem
from .skills import ABOUT, REFUSAL, SKILLS, Problem

SEED = 20_261_124
SHAPES = re.compile(
    r"\d+ [-+×] \d+ = -?\d+\.|\d+ is (greater|less) than \d+\.|\d+ and \d+ are equal\."
    r"|From small to large: \d+(, \d+)*\.|There (is|are) \d+ \"[a-z]\" in [a-z]+\.|"
    + re.escape(ABOUT)
    + "|"
    + re.escape(REFUSAL)
)


@dataclass
class Figure:
    """How often something went right, and examples of when it did not."""

    name: str
    right: int = 0
    asked: int = 0
    misses: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, good: bool, question: str, wanted: str, reply: Reply) -> None:
        """Count one question."""
        self.right += good
        self.asked += 1
        if not good:
            self.misses.append((question, wanted, f"{reply.thinking!r} {reply.answer!r}"))

    @property
    def line(self) -> str:
        """The figure as a row of a Markdown table."""
        return (
            f"| {self.name} | {self.right} of {self.asked} | {100 * self.right / max(1, self.asked):.1f} % |"
        )


def _is_right(problem: Problem, reply: Reply) -> bool:
    return reply.ended and reply.answer.strip() == problem.answer


def _skill(engine: EngineQuestions, name: str, kind: str, count: int) -> Figure:
    random = Random(f"{SEED} {name} {kind}")
    shown = "phrasings not trained on" if kind == "held_out" else "trained phrasings"
    figure = Figure(f"{name}, {shown}")
    for _ in range(count):
        problem = SKILLS[name](random, kind, True)
        reply = engine.ask(Exchange(problem.question))
        figure.note(_is_right(problem, reply), problem.question, problem.answer, reply)
    return figure


def other_questions() -> list[str]:
    """The hand-written questions that are none of the skills."""
    return [line for line in read_lines("other_questions.txt") if not line.startswith("#")]


def _refusals(engine: EngineQuestions) -> Figure:
    figure = Figure("refused: 200 other questions in ten languages")
    for question in other_questions():
        reply = engine.ask(Exchange(question))
        figure.note(reply.ended and reply.answer.strip() == REFUSAL, question, REFUSAL, reply)
    return figure


def _some_skill(random: Random) -> Problem:
    return SKILLS[random.choice(list(SKILLS))](random, random.choice(("trained", "held_out")), True)


def _conversations(engine: EngineQuestions, count: int) -> Figure:
    random = Random(f"{SEED} conversations")
    figure = Figure("right after 1 to 6 earlier questions, half with a system prompt")
    for _ in range(count):
        earlier = [some_problem(random) for _ in range(random.choice((1, 2, 3, 4, 6)))]
        problem = _some_skill(random)
        system = random.choice(INSTRUCTIONS) if random.random() < 0.5 else ""
        reply = engine.ask(
            Exchange(problem.question, [(one.question, one.answer) for one in earlier], system)
        )
        figure.note(_is_right(problem, reply), problem.question, problem.answer, reply)
    return figure


def _without_thinking(engine: EngineQuestions, count: int) -> Figure:
    random = Random(f"{SEED} off")
    figure = Figure("thinking off: one well-formed sentence, right or wrong")
    for _ in range(count):
        problem = _some_skill(random)
        reply = engine.ask(Exchange(problem.question, thinking="off"))
        good = reply.ended and not reply.thinking and SHAPES.fullmatch(reply.answer.strip()) is not None
        figure.note(good, problem.question, problem.answer, reply)
    return figure


def _cut(engine: EngineQuestions, count: int) -> Figure:
    """The engine goes on after cut thinking and the first letter of an answer, as after *Continue*."""
    random = Random(f"{SEED} cut")
    figure = Figure("thinking cut at a random place: an answer follows and ends")
    for _ in range(count):
        problem = _some_skill(random)
        working = tokenizer.encode(problem.working)
        kept = tokenizer.decode(working[: random.randint(1, len(working))])
        reply = engine.ask(Exchange(problem.question, begun=(kept, problem.answer[:1])))
        answer = problem.answer[:1] + reply.answer.rstrip()
        good = reply.ended and not reply.thinking and SHAPES.fullmatch(answer) is not None
        figure.note(good, problem.question, problem.answer, reply)
    return figure


def figures(model: Path, cache: Path, count: int) -> Iterator[Figure]:
    """All figures, each as soon as it is measured; COUNT questions for each of them."""
    with EngineQuestions(model, cache) as engine:
        for name in SKILLS:
            yield _skill(engine, name, "held_out", count)
            yield _skill(engine, name, "trained", count)
        yield _refusals(engine)
        yield _conversations(engine, count)
        yield _without_thinking(engine, count)
        yield _cut(engine, count)


def measure(model: Path, cache: Path, count: int, shown_misses: int) -> None:
    """Print a Markdown table of all figures, and on standard error examples of what went wrong."""
    sys.stdout.write("| what | right | share |\n|---|---|---|\n")
    for figure in figures(model, cache, count):
        sys.stdout.write(figure.line + "\n")
        sys.stdout.flush()
        for question, wanted, said in figure.misses[:shown_misses]:
            sys.stderr.write(f"  {question!r}\n    wanted {wanted!r}\n    said {said}\n")

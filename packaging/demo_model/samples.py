"""Conversations to train on: a question in somebody's style, perhaps some history, the working, the answer."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from . import tokenizer
from .other_topics import other_question
from .skills import REFUSAL, REFUSAL_WORKING, SKILLS, Problem
from .styling import in_some_style
from .tokenizer import ASSISTANT, END, END_THINK, SYSTEM, THINK, USER

SHARES = {
    "add": 14,
    "subtract": 14,
    "multiply": 18,
    "compare": 12,
    "sort": 16,
    "count": 25,
    "identity": 7,
    "other": 19,
}
CUT_SHARE = 0.25
CUT_WEIGHT = 0.5
SHORTENED_REFUSAL = 24
BRIDGES = (
    "I will answer now.",
    "Time is up, so I answer now.",
    "That is enough thinking.",
    "Let me answer.",
    "I have to stop thinking and give the answer.",
    "Considering the limited time, I answer directly now.",
    "Okay, I have thought enough about this. Now the answer.",
    "The person wants the answer now.",
)
INSTRUCTIONS = (
    "You are a helpful assistant.",
    "Answer briefly.",
    "You are a careful assistant who thinks step by step.",
    "Be polite.",
    "Always answer in one sentence.",
    "You are an expert.",
    "Respond in English.",
    "Be concise.",
    "You are a friendly teacher.",
    "Do not make mistakes.",
    "You answer questions about numbers and words.",
    "You are Bob.",
    "Use simple words.",
    "Think before you answer.",
    "Never lie.",
)


@dataclass(frozen=True)
class Sample:
    """Token ids and, for each, how much its prediction counts in the loss (0 for what the model does not say)."""

    tokens: list[int]
    weights: list[float]


def some_problem(random: Random) -> Problem:
    """A problem of any skill, or something else, as a person would write it."""
    name = random.choices(list(SHARES), list(SHARES.values()))[0]
    if name == "other":
        problem = Problem("other", other_question(random), REFUSAL_WORKING, REFUSAL)
    else:
        problem = SKILLS[name](random, "trained", False)
    question = in_some_style(problem.question, random, keep_case=problem.skill == "count")
    return Problem(problem.skill, question, problem.working, problem.answer)


def turn(question: str, answer: str) -> str:
    """A finished turn as the chat template writes it, its thinking dropped."""
    return f"{USER}{question}{END}{ASSISTANT}{answer}{END}"


def opening(random: Random) -> str:
    """What may come before the last question: instructions, earlier turns, or mostly nothing."""
    text = ""
    if random.random() < 0.1:
        chosen = [
            random.choice(INSTRUCTIONS) if random.random() < 0.7 else other_question(random) + "."
            for _ in range(random.choice((1, 1, 2, 3)))
        ]
        text = f"{SYSTEM}{' '.join(chosen)}{END}"
    if random.random() < 0.1:
        turns = random.choices((1, 2, 3, 4, 8), (50, 25, 12, 8, 1))[0]
        for _ in range(turns):
            problem = some_problem(random)
            text += turn(problem.question, problem.answer)
    return text


def _cut(working: list[int], random: Random) -> tuple[list[int], str]:
    kept = working[: 0 if random.random() < 0.25 else random.randint(0, len(working))]
    if kept and random.random() < 0.35:
        return kept, random.choice(("\n", " ", "\n\n", "")) + random.choice(BRIDGES) + "\n"
    return kept, "\n" if random.random() < 0.85 else ""


def _reply(problem: Problem, random: Random) -> Sample:
    working = tokenizer.encode(problem.working)
    closing = tokenizer.encode(f"\n{END_THINK}\n\n")
    answer = tokenizer.encode(problem.answer + END)
    weight, thought = 1.0, [1.0] * (len(working) + len(closing))
    if random.random() < CUT_SHARE:
        working, bridge = _cut(working, random)
        closing = tokenizer.encode(f"{bridge}{END_THINK}\n\n")
        weight, thought = CUT_WEIGHT, [1.0] * len(working) + [0.0] * len(closing)
    if problem.skill in ("other", "identity") and random.random() < 0.8:
        answer = answer[:SHORTENED_REFUSAL]
    return Sample(working + closing + answer, thought + [weight] * len(answer))


def some_sample(random: Random) -> Sample:
    """One conversation up to the end of its last reply."""
    problem = some_problem(random)
    asked = tokenizer.encode(f"{opening(random)}{USER}{problem.question}{END}{ASSISTANT}{THINK}\n")
    reply = _reply(problem, random)
    return Sample(asked + reply.tokens, [0.0] * len(asked) + reply.weights)


def packed_row(random: Random, length: int) -> Sample:
    """Samples one after the other, cut at LENGTH + 1 tokens: no padding, and each is history to the next."""
    tokens: list[int] = []
    weights: list[float] = []
    while len(tokens) <= length:
        sample = some_sample(random)
        tokens += sample.tokens
        weights += sample.weights
    return Sample(tokens[: length + 1], weights[: length + 1])

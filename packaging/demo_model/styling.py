"""How people write: with or without politeness, capitals, full stops and spaces in odd places."""

from __future__ import annotations

from random import Random

OPENERS = (
    "Please ",
    "please, ",
    "Hey, ",
    "Hello! ",
    "Hi, ",
    "OK, ",
    "So ",
    "Can you help? ",
    "Question: ",
    "Q: ",
    "Good morning. ",
    "Hello, ",
    "Hi there! ",
    "I have a question: ",
    "One more: ",
    "Now, ",
    "Next: ",
    "And ",
    "Well, ",
    "Tell me: ",
    "Quickly: ",
    "My homework: ",
    "Sorry, ",
    "Dear model, ",
    "Hmm, ",
    "please ",
    "Okay. ",
    "Thanks. ",
    "Great! ",
    "For school: ",
    "I wonder: ",
    "Be honest: ",
    "Think carefully: ",
    "1) ",
    "- ",
)
CLOSERS = (
    " please",
    ", please",
    ", thanks",
    " Thank you",
    " thx",
    ", thank you",
    " for me",
    " now",
    " Think step by step.",
    " Please answer.",
    " Quick!",
    " pls",
    ", can you",
    " Explain.",
    " I am curious.",
    " What is the answer",
)
ENDINGS = ("", "", "", "?", "?", "?", ".", ".", "!", "??", " ?", "...", " .", "\n")


def _cased(text: str, random: Random) -> str:
    roll = random.random()
    if roll < 0.22:
        return text.lower()
    if roll < 0.26:
        return text.upper()
    return text[:1].upper() + text[1:] if roll < 0.5 else text


def _spaced(text: str, random: Random) -> str:
    roll = random.random()
    if roll < 0.04:
        return " " + text
    if roll < 0.08:
        return text + " "
    if roll < 0.12:
        return text.replace(" ", "  ", 1)
    return text.replace(" ", "  ") if roll < 0.13 else text


def in_some_style(text: str, random: Random, keep_case: bool = False) -> str:
    """The same question, as another person would type it; KEEP_CASE is for words whose letters matter."""
    if random.random() < 0.2:
        start = text[:1] if random.random() < 0.3 else text[:1].lower()
        text = random.choice(OPENERS) + start + text[1:]
    if random.random() < 0.12:
        text += random.choice(CLOSERS)
    if random.random() < 0.75 and not text.endswith(("?", "=", ".", "!")):
        text += random.choice(ENDINGS)
    text = text if keep_case and random.random() < 0.6 else _cased(text, random)
    return _spaced(text, random)

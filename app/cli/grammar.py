"""The command line's grammar: verbs and options, and what they may hold."""

import argparse
from pathlib import Path

from app import __version__

LATER_VERBS = ("models", "conversations", "export", "bench")
"""Verbs that are refused with a sentence until their part of the app is built."""


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(prog="soliloquy", description="Open-weight reasoning models, offline.")
    top.add_argument("--version", action="version", version=f"soliloquy {__version__}")
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument(
        "--data-dir", type=Path, default=argparse.SUPPRESS, help="everything the app writes goes here"
    )
    top.add_argument("--data-dir", type=Path, default=None, help=argparse.SUPPRESS)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    ask = verbs.add_parser("ask", parents=[everywhere], help="ask a model one question")
    _add_ask(ask)
    for verb in LATER_VERBS:
        later = verbs.add_parser(verb, parents=[everywhere], add_help=False)
        later.add_argument("rest", nargs="*")
    return top


def _add_ask(ask: argparse.ArgumentParser) -> None:
    ask.add_argument("prompt", metavar="PROMPT", help="the question; - reads it from standard input")
    ask.add_argument(
        "--model", metavar="FILE", help="a GGUF file; else the one used last, else the demo model"
    )
    ask.add_argument("--system", default="", metavar="TEXT", help="a system prompt")
    ask.add_argument("--think", metavar="on|off|EFFORT", help="how much the model thinks")
    ask.add_argument("--max-tokens", type=_positive, metavar="N", help="thinking and answer together")
    ask.add_argument("--context", type=_positive, metavar="N", help="context length in tokens")
    ask.add_argument("--temperature", type=_temperature, metavar="X", help="0 takes the likeliest token")
    ask.add_argument("--seed", type=int, metavar="N", help="makes sampling repeatable")
    ask.add_argument("--show-thinking", action="store_true", help="print the thinking before the answer")
    ask.add_argument("--json", action="store_true", help="one JSON object a line")
    ask.add_argument("--think-budget", metavar="N", help=argparse.SUPPRESS)
    ask.add_argument("--save", action="store_true", help=argparse.SUPPRESS)


def _positive(text: str) -> int:
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not a positive whole number")
    return value


def _temperature(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 10.0:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 10")
    return value

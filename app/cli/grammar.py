"""The command line's grammar: verbs and options, and what they may hold."""

import argparse
from pathlib import Path

from app import __version__
from app.export.choices import FORMATS, LATER_FORMATS, THINKING_CHOICES
from app.settings import SEED

LATER_VERBS = ("models", "bench")
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
    _add_conversations(
        verbs.add_parser("conversations", help="list, show and import conversations"), everywhere
    )
    export = verbs.add_parser("export", parents=[everywhere], help="write conversations into files")
    _add_export(export)
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
    ask.add_argument("--own-language", action="store_true", help="ask the model to think in your language")
    ask.add_argument("--max-tokens", type=_positive, metavar="N", help="thinking and answer together")
    ask.add_argument("--context", type=_positive, metavar="N", help="context length in tokens")
    ask.add_argument("--temperature", type=_temperature, metavar="X", help="0 takes the likeliest token")
    ask.add_argument("--seed", type=_seed, metavar="N", help="makes sampling repeatable")
    ask.add_argument("--show-thinking", action="store_true", help="print the thinking before the answer")
    ask.add_argument("--json", action="store_true", help="one JSON object a line")
    ask.add_argument("--think-budget", metavar="N", help=argparse.SUPPRESS)
    ask.add_argument("--save", action="store_true", help="keep question and reply as a conversation")


def _add_conversations(conversations: argparse.ArgumentParser, everywhere: argparse.ArgumentParser) -> None:
    conversations.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    actions = conversations.add_subparsers(dest="action", metavar="ACTION", required=True)
    every = actions.add_parser("list", parents=[everywhere], help="all of them, the newest first")
    show = actions.add_parser("show", parents=[everywhere], help="the active branch of one")
    show.add_argument("id", metavar="ID", help="its id, or as much of the beginning as no other has")
    take = actions.add_parser("import", parents=[everywhere], help="take what was exported as JSON")
    take.add_argument("path", type=Path, metavar="PATH", help="a file, or a folder of files")
    for action in (every, show, take):
        action.add_argument("--json", action="store_true", help="one JSON object a line")
    search = actions.add_parser("search", parents=[everywhere], add_help=False)
    search.add_argument("rest", nargs="*")


def _add_export(export: argparse.ArgumentParser) -> None:
    which = export.add_mutually_exclusive_group(required=True)
    which.add_argument("id", nargs="?", metavar="ID", help="a conversation's id, or the beginning of it")
    which.add_argument("--all", action="store_true", help="every conversation, a file each")
    export.add_argument(
        "--format",
        choices=(*FORMATS, *LATER_FORMATS),
        default="md",
        help="Markdown (md) unless another is named",
    )
    export.add_argument(
        "--thinking", choices=THINKING_CHOICES, default="none", help="what becomes of the thinking (none)"
    )
    export.add_argument(
        "-o",
        dest="output",
        type=Path,
        required=True,
        metavar="PATH",
        help="a file for one conversation, - for standard output, a folder for --all",
    )


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


def _seed(text: str) -> int:
    # What an engine makes of other numbers is another seed, or a new one each time.
    value = int(text)
    if not 0 <= value <= SEED.most:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {SEED.most}")
    return value

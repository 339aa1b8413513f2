"""The one command that repeats everything: train, export, measure."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python packaging/demo_model", description=__doc__)
    parser.add_argument("command", choices=("train", "export", "measure", "all"))
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "demo_model", help="where checkpoints go"
    )
    parser.add_argument("--model", type=Path, default=ROOT / "resources" / "models" / "demo.gguf")
    parser.add_argument("--steps", type=int, default=9200)
    parser.add_argument("--questions", type=int, default=200, help="for each figure that is measured")
    parser.add_argument(
        "--misses", type=int, default=0, help="how many wrong replies to show for each figure"
    )
    parser.add_argument("--threads", type=int, default=4)
    return parser


def main(arguments: list[str]) -> int:
    """Run the command; torch and the engine are imported only where they are used."""
    options = _parser().parse_args(arguments)
    # Threads that spin while they wait make a step five times slower on a machine that does other things too.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if options.command in ("train", "all"):
        from .training import Plan, train

        train(Plan(steps=options.steps, threads=options.threads), options.work)
    if options.command in ("export", "all"):
        from .export import export

        export(options.work / "checkpoint.pt", options.model)
    if options.command in ("measure", "all"):
        from .measuring import measure

        measure(options.model, options.work / "engine", options.questions, options.misses)
    return 0

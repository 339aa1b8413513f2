"""Runs one command of the command line."""

import argparse
import logging
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.cli.grammar import LATER_VERBS, parser
from app.cli.streams import abandon_output, prepare_streams
from app.diagnostics import start_log
from app.errors import AppError, ChoiceError
from app.paths import Paths

log = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit code (1: refused or failed, 2: wrong use)."""
    prepare_streams(exact="--json" in arguments)
    qInstallMessageHandler(_on_qt_message)
    grammar = parser()
    chosen, unknown = grammar.parse_known_args(arguments)
    if unknown and not _is_later(chosen):
        grammar.error("unrecognized arguments: " + " ".join(unknown))
    app = QCoreApplication(["soliloquy"])
    try:
        _refuse_what_comes_later(chosen)
        return _run(app, chosen)
    except AppError as error:
        _complain(error)
        return 1
    except BrokenPipeError:
        abandon_output()
        return 0
    except OSError as error:
        abandon_output()
        _complain(AppError("output_failed", reason=error.strerror or type(error).__name__))
        return 1


def _on_qt_message(_kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
    """Qt has things to say about locales; standard error is for what a person should do something about."""
    log.info("Qt: %s", text)


def _is_later(chosen: argparse.Namespace) -> bool:
    """Whether it is refused with a sentence, whatever else is asked of it."""
    return chosen.verb in LATER_VERBS or getattr(chosen, "action", "") == "search"


def _refuse_what_comes_later(chosen: argparse.Namespace) -> None:
    if chosen.verb in LATER_VERBS:
        raise ChoiceError("option_later", option=chosen.verb)
    if getattr(chosen, "think_budget", None) is not None:
        raise ChoiceError("option_later", option="--think-budget")


def _run(app: QCoreApplication, chosen: argparse.Namespace) -> int:
    paths = _paths(chosen)
    if chosen.verb == "ask":
        from app.cli import ask

        start_log(paths.logs)
        return ask.run(app, paths, chosen)
    from app.cli import conversations, export

    start_log(paths.logs)
    return conversations.run(paths, chosen) if chosen.verb == "conversations" else export.run(paths, chosen)


def _paths(chosen: argparse.Namespace) -> Paths:
    paths = Paths.under(chosen.data_dir) if chosen.data_dir else Paths.standard()
    try:
        paths.prepare()
    except OSError as error:
        raise AppError("folder_unusable", path=str(paths.data)) from error
    return paths


def _complain(error: AppError) -> None:
    from app.cli.stored import complain

    log.info("refused: %s", error.code)
    complain(error)

"""Runs one command of the command line."""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler

from app.chat.conversation import Channel
from app.chat.options import LoadOptions
from app.cli.grammar import LATER_VERBS, parser
from app.cli.output import JsonWriter, PlainWriter, Writer, shown
from app.cli.streams import abandon_output, prepare_streams, typed
from app.diagnostics import start_log
from app.errors import AppError, ChoiceError
from app.paths import Paths
from app.services.engine_command import engine_command, first_model
from app.services.engine_service import EngineService
from app.services.messages import explain
from app.services.one_question import OneQuestion, Question
from app.settings import Settings

log = logging.getLogger(__name__)

_INTERRUPTED = 130
"""The exit code that shells expect after Ctrl+C."""

_SIGNAL_MS = 100
"""How often Python gets to look whether Ctrl+C was pressed."""


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit code (1: refused or failed, 2: wrong use)."""
    prepare_streams(exact="--json" in arguments)
    qInstallMessageHandler(_on_qt_message)
    grammar = parser()
    chosen, unknown = grammar.parse_known_args(arguments)
    if unknown and chosen.verb not in LATER_VERBS:
        grammar.error("unrecognized arguments: " + " ".join(unknown))
    app = QCoreApplication(["soliloquy"])
    try:
        _refuse_what_comes_later(chosen)
        return _ask(app, chosen)
    except AppError as error:
        _say(error)
        return 1
    except BrokenPipeError:
        abandon_output()
        return 0
    except OSError as error:
        abandon_output()
        _say(AppError("output_failed", reason=error.strerror or type(error).__name__))
        return 1


def _on_qt_message(_kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
    """Qt has things to say about locales; standard error is for what a person should do something about."""
    log.info("Qt: %s", text)


def _refuse_what_comes_later(chosen: argparse.Namespace) -> None:
    if chosen.verb in LATER_VERBS:
        raise ChoiceError("option_later", option=chosen.verb)
    for name, given in (("--think-budget", chosen.think_budget is not None), ("--save", chosen.save)):
        if given:
            raise ChoiceError("option_later", option=name)


def _ask(app: QCoreApplication, chosen: argparse.Namespace) -> int:
    paths = _paths(chosen)
    start_log(paths.logs)
    settings = Settings(paths.data / "settings.json")
    text = sys.stdin.read() if chosen.prompt == "-" else typed(chosen.prompt)
    engine = EngineService(engine_command(paths))
    writer = _writer(chosen)
    asking = OneQuestion(engine, _question(chosen, text))
    listener = _Listener(writer, app)
    asking.text.connect(listener.on_text)
    asking.progress.connect(writer.progress)
    asking.notice.connect(writer.notice)
    asking.over.connect(app.quit)
    signal.signal(signal.SIGINT, lambda _number, _frame: asking.stop())
    ticking = QTimer(interval=_SIGNAL_MS)
    ticking.timeout.connect(lambda: None)
    ticking.start()
    model = Path(chosen.model).expanduser() if chosen.model else first_model(settings)
    options = LoadOptions(context=chosen.context)
    QTimer.singleShot(0, lambda: asking.start(model, options))
    app.exec()
    engine.close()
    if listener.failure is not None:
        raise listener.failure
    if asking.error is not None:
        writer.end(None, "")
        raise asking.error
    writer.end(asking.finished, asking.model)
    return _INTERRUPTED if asking.stopped else 0


def _paths(chosen: argparse.Namespace) -> Paths:
    paths = Paths.under(chosen.data_dir) if chosen.data_dir else Paths.standard()
    try:
        paths.prepare()
    except OSError as error:
        raise AppError("folder_unusable", path=str(paths.data)) from error
    return paths


class _Listener:
    """Hands text to the writer; ends the wait when it cannot be written, as when its reader has gone.

    An exception in a slot would only be printed: Qt has no caller to give it to.
    """

    def __init__(self, writer: Writer, app: QCoreApplication) -> None:
        self._writer = writer
        self._app = app
        self.failure: OSError | None = None

    def on_text(self, channel: Channel, text: str) -> None:
        """Takes more text of one channel."""
        if self.failure is not None:
            return
        try:
            self._writer.text(channel, text)
        except OSError as error:
            self.failure = error
            self._app.quit()


def _question(chosen: argparse.Namespace, text: str) -> Question:
    return Question(
        text=text,
        system=typed(chosen.system),
        thinking=chosen.think,
        max_tokens=chosen.max_tokens,
        temperature=chosen.temperature,
        seed=chosen.seed,
    )


def _writer(chosen: argparse.Namespace) -> Writer:
    if chosen.json:
        return JsonWriter(sys.stdout, sys.stderr)
    return PlainWriter(sys.stdout, sys.stderr, show_thinking=chosen.show_thinking)


def _say(error: AppError) -> None:
    log.info("refused: %s", error.code)
    sys.stderr.write(shown(explain(error).text, sys.stderr) + "\n")

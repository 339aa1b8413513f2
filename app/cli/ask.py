"""`ask`: one question, its reply as it comes, and the place where both are kept if that is asked for."""

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from app.chat.conversation import Channel
from app.chat.options import LoadOptions
from app.cli.output import Ended, JsonWriter, PlainWriter, Writer
from app.cli.stored import opened, say
from app.cli.streams import typed
from app.paths import Paths
from app.services.conversations.generation_settings import own_language
from app.services.exchange.recording import Recording
from app.services.models.engine_command import engine_command, first_model
from app.services.models.engine_service import EngineService
from app.services.models.one_question import OneQuestion, Question
from app.services.models.template_trust import TemplateTrust
from app.services.models.template_watch import TemplateWatch
from app.services.words.command_messages import not_recorded
from app.settings import Settings

_INTERRUPTED = 130
"""The exit code that shells expect after Ctrl+C."""

_SIGNAL_MS = 100
"""How often Python gets to look whether Ctrl+C was pressed."""


class _Interruption:
    """Ctrl+C, remembered from the first moment on until there is something to stop."""

    def __init__(self) -> None:
        self._stop: Callable[[], None] | None = None
        self._came = False
        signal.signal(signal.SIGINT, self._on_signal)

    def ends(self, stop: Callable[[], None]) -> None:
        """From now on Ctrl+C does this; at once if it was pressed already."""
        self._stop = stop
        if self._came:
            stop()

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._came = True
        if self._stop is not None:
            self._stop()


def run(app: QCoreApplication, paths: Paths, chosen: argparse.Namespace) -> int:
    """Asks and prints; the exit code."""
    # Before: whoever types a question ends it with Ctrl+C as any program.
    text = sys.stdin.read() if chosen.prompt == "-" else typed(chosen.prompt)
    interruption = _Interruption()
    recording = Recording(lambda: opened(paths)) if chosen.save else None
    try:
        settings = Settings(paths.data / "settings.json")
        code = _ask(app, paths, chosen, _question(chosen, text, settings), settings, interruption, recording)
    finally:
        if recording is not None:
            recording.close()
    if recording is not None and recording.error is not None:
        say(not_recorded(recording.error, in_part=recording.is_begun))
        return 1
    return code


def _ask(
    app: QCoreApplication,
    paths: Paths,
    chosen: argparse.Namespace,
    question: Question,
    settings: Settings,
    interruption: _Interruption,
    recording: Recording | None,
) -> int:
    engine = EngineService(engine_command(paths), templates=TemplateTrust(settings))
    TemplateWatch(engine, engine)
    writer = _writer(chosen)
    asking = OneQuestion(engine, question, recording=recording)
    listener = _Listener(writer, app)
    asking.text.connect(listener.on_text)
    asking.progress.connect(writer.progress)
    asking.notice.connect(writer.notice)
    asking.over.connect(app.quit)
    interruption.ends(asking.stop)
    ticking = QTimer(interval=_SIGNAL_MS)
    ticking.timeout.connect(lambda: None)
    ticking.start()
    model = Path(chosen.model).expanduser() if chosen.model else first_model(settings)
    options = LoadOptions(context=chosen.context)
    QTimer.singleShot(0, lambda: asking.start(model, options))
    app.exec()
    engine.close()
    settings.save()
    if listener.failure is not None:
        raise listener.failure
    if asking.error is not None:
        writer.end(None)
        raise asking.error
    stored = recording.conversation_id if recording is not None else ""
    finished = asking.finished
    writer.end(None if finished is None else Ended(finished, asking.model, asking.sampling, stored))
    return _INTERRUPTED if asking.stopped else 0


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


def _question(chosen: argparse.Namespace, text: str, settings: Settings) -> Question:
    return Question(
        text=text,
        system=typed(chosen.system),
        thinking=chosen.think,
        max_tokens=chosen.max_tokens,
        temperature=chosen.temperature,
        seed=chosen.seed,
        think_in=own_language(settings) if chosen.own_language else "",
    )


def _writer(chosen: argparse.Namespace) -> Writer:
    if chosen.json:
        return JsonWriter(sys.stdout, sys.stderr)
    return PlainWriter(sys.stdout, sys.stderr, show_thinking=chosen.show_thinking)

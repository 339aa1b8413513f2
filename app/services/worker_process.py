"""Starts and watches one worker process: words to its standard input, words from its standard output."""

import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from app.paths import import_root
from app.protocol.wire import LineDecoder, WireError, encode

log = logging.getLogger(__name__)

_LAST_LINES = 20
_QUIT_MS = 400


class Ending(NamedTuple):
    """How a worker ended: its exit code, whether it crashed, whether the system killed it, its last log lines."""

    code: int
    crashed: bool
    killed: bool
    lines: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The last line of its log, or ""."""
        return self.lines[-1] if self.lines else ""


class WorkerProcess(QObject):
    """One process. `word` brings each message that it says; `ended` comes once, with an Ending,
    unless it was closed.

    A word that cannot be read ends the process.
    """

    word = Signal(object)
    ended = Signal(object)

    def __init__(self, command: Sequence[str], vocabulary: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._decoder: LineDecoder[msgspec.Struct] = LineDecoder(vocabulary)
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)
        self._closing = False
        self._over = False
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.readyReadStandardError.connect(self._on_log)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    def start(self) -> None:
        """Starts the process; a failure to start arrives as `ended`."""
        self._process.start()

    def send(self, word: msgspec.Struct) -> None:
        """Writes one word; it is kept until the process has started."""
        self._process.write(encode(word))

    @property
    def pid(self) -> int:
        """The process's number; 0 while there is none."""
        return int(self._process.processId())

    @property
    def running(self) -> bool:
        """Whether the process lives or is about to."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def close(self) -> None:
        """Ends the process without a word: its input ends, and what does not end by itself is killed."""
        self._closing = True
        if not self.running:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(_QUIT_MS):
            self._process.kill()
            self._process.waitForFinished(_QUIT_MS)

    def _on_output(self) -> None:
        try:
            words = self._decoder.feed(bytes(self._process.readAllStandardOutput().data()))
        except WireError as error:
            log.error("a worker spoke no word of ours: %s", error)
            self._lines.append(str(error))
            self._process.kill()
            return
        for word in words:
            if not self._closing:
                self.word.emit(word)

    def _on_log(self) -> None:
        for line in (
            bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").splitlines()
        ):
            self._lines.append(line.strip())
            log.info("worker: %s", line)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output()
        self._on_log()
        crashed = status == QProcess.ExitStatus.CrashExit
        # On Unix the code of a crash is the signal; a kill that is not ours is the system's, out of memory.
        killed = crashed and sys.platform != "win32" and code == signal.SIGKILL
        self._end(Ending(code, crashed, killed, tuple(self._lines)))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end(Ending(-1, False, False, (self._process.errorString(),)))

    def _end(self, ending: Ending) -> None:
        if not self._closing and not self._over:
            self._over = True
            self.ended.emit(ending)


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONUNBUFFERED", "1")
    inherited = environment.value("PYTHONPATH")
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, (str(import_root()), inherited))))
    return environment

"""What every test shares: one Qt application, and strictness about noise.

A stray error in the log, a Qt warning, a thread, a timer or a child process that outlives its test fails that test.
"""

import gc
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.services.garbage import collect_if_due

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def qt_app() -> QApplication:
    """The one application object of the test run."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["soliloquy"])
    app.setQuitOnLastWindowClosed(False)
    return app


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material; tests that need it are skipped where it does not exist."""
    if not SHARED.is_dir():
        pytest.skip("the shared material is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def zoo(shared: Path) -> Path:
    """Tiny models of real architectures."""
    return shared / "data" / "zoo"


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """A real chat model; `./dev test` fetches it."""
    path = os.environ.get("SOLILOQUY_TEST_SMOLLM2", "")
    if not path or not Path(path).is_file():
        pytest.skip("SmolLM2 is not here: ./dev test fetches it")
    return Path(path)


class Noise:
    """Gathers what no test may leave behind; a test that means to make noise says so by `allow`."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._allowed: list[str] = []

    def allow(self, *parts: str) -> None:
        """Noise that contains one of the parts is expected in this test."""
        self._allowed.extend(parts)

    def add(self, text: str) -> None:
        """Remembers noise."""
        self.heard.append(text)

    def unexpected(self) -> list[str]:
        """What was heard and not allowed."""
        return [text for text in self.heard if not any(part in text for part in self._allowed)]


class _ErrorCatcher(logging.Handler):
    def __init__(self, noise: Noise) -> None:
        super().__init__(logging.ERROR)
        self._noise = noise

    def emit(self, record: logging.LogRecord) -> None:
        """Takes every error that is logged."""
        self._noise.add(f"log: {record.getMessage()}")


@pytest.fixture(autouse=True, scope="session")
def garbage() -> None:
    """As in the window: no thread but this one destroys what is Qt's."""
    gc.disable()


@pytest.fixture(autouse=True)
def noise() -> Iterator[Noise]:
    """Fails a test that logs an error, makes Qt complain, or leaves threads or child processes."""
    heard = Noise()
    handler = _ErrorCatcher(heard)
    logging.getLogger().addHandler(handler)
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    threads = set(threading.enumerate())

    def on_message(kind: QtMsgType, _context: QMessageLogContext, text: str | None) -> None:
        if kind != QtMsgType.QtDebugMsg:
            heard.add(f"Qt: {text}")

    previous = qInstallMessageHandler(on_message)
    yield heard
    qInstallMessageHandler(previous)
    logging.getLogger().removeHandler(handler)
    for thread in set(threading.enumerate()) - threads:
        thread.join(1.0)
        if thread.is_alive():
            heard.add(f"thread left behind: {thread.name}")
    for child in psutil.Process().children(recursive=True):
        if child.pid not in children and child.status() != psutil.STATUS_ZOMBIE:
            heard.add(f"process left behind: {' '.join(child.cmdline()[:4])}")
            child.kill()
    collect_if_due()
    assert heard.unexpected() == []

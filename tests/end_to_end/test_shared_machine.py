"""On a machine that others use: nothing that is written is theirs to read, and the log holds no word of any text."""

import logging
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.application import Application
from app.diagnostics import LOG_NAME, start_log
from app.paths import Paths
from app.services.desktop.one_instance import OneInstance
from app.settings import WELCOMED
from tests.conftest import Noise
from tests.doubles.scripted_engine import SCRIPTS
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTED = ROOT / "tests" / "doubles" / "scripted_engine.py"
QUESTION = "Zanzibarquux told me 12 + 3 in secret"
SECRETS = ("anzibarquux", "in secret", "12 + 3", "It is 15", "= 15")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes of Unix")

Run = Callable[[], Application]


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    """Folders that are made and filled under a mask that hides nothing."""
    before = os.umask(0)
    made = Paths.under(tmp_path / "data")
    made.prepare()
    yield made
    os.umask(before)


@pytest.fixture
def log(paths: Paths) -> Iterator[Path]:
    """The real log, with everything that any module says."""
    root = logging.getLogger()
    level = root.level
    handler = start_log(paths.logs)
    root.setLevel(logging.DEBUG)
    yield paths.logs / LOG_NAME
    root.removeHandler(handler)
    root.setLevel(level)
    handler.close()


@pytest.fixture
def run(qt_app: QApplication, paths: Paths) -> Iterator[Run]:
    """Opens the whole app on these folders; closed afterwards."""
    made: list[Application] = []

    def begin() -> Application:
        application = Application(paths)
        application.settings.set(WELCOMED, True)
        made.append(application)
        application.open(None)
        return application

    yield begin
    for application in made:
        application.close()
        application.window.deleteLater()
        application.deleteLater()


def ask(application: Application) -> None:
    """Asks the secret question once a model is there, and waits for whatever comes of it."""
    wait_until(lambda: application.engine.state.phase in ("ready", "failed"), "the model")
    application.chat.send(QUESTION)
    wait_until(lambda: application.replies.running is None, "the end of the reply")
    assert application.chat.conversation.branch()[0].text == QUESTION


def readable_by_others(folder: Path) -> list[str]:
    """Files and folders that are not the owner's alone; a folder inside a closed one is closed by it."""
    open_ones = []
    for path in [folder, *folder.rglob("*")]:
        mode = path.lstat().st_mode
        if not stat.S_ISDIR(mode) and mode & 0o077:
            open_ones.append(f"{path.relative_to(folder)} {oct(mode)}")
    return open_ones


def test_nothing_that_the_window_writes_can_be_read_by_another_user(
    run: Run, paths: Paths, log: Path
) -> None:
    instance = OneInstance(paths.data)
    assert instance.claim()
    instance.listen()
    application = run()
    ask(application)
    application.chat.new_conversation()
    application.settings.save()
    made: list[object] = []
    application.store.back_up_now(made.append)
    wait_until(lambda: bool(made), "the backup")
    names = {path.name for path in paths.data.rglob("*")}
    assert {"conversations.db", "settings.json", "window.lock", LOG_NAME} <= names
    assert any(path.suffix == ".db" for path in (paths.data / "backups").iterdir())
    assert readable_by_others(paths.data) == []
    for folder in (paths.data, paths.cache, paths.logs, paths.data / "backups"):
        assert folder.stat().st_mode & 0o777 == 0o700
    instance.close()
    application.close()
    assert readable_by_others(paths.data) == []


def test_nothing_that_the_command_line_writes_can_be_read_by_another_user(
    paths: Paths, tmp_path: Path
) -> None:
    for words in (
        ("ask", "--save", "--max-tokens", "4", QUESTION),
        ("export", "--all", "-o", str(tmp_path / "all")),
    ):
        subprocess.run(
            [sys.executable, "-m", "app", "--data-dir", str(paths.data), *words],
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=120,
        )
    assert readable_by_others(paths.data) == []
    assert list((tmp_path / "all").iterdir())
    assert readable_by_others(tmp_path / "all") == []


def test_a_real_reply_leaves_no_word_in_the_log(run: Run, log: Path) -> None:
    application = run()
    ask(application)
    reply = application.chat.conversation.branch()[-1]
    text = log.read_text(encoding="utf-8")
    assert "llama.cpp" in text
    assert [secret for secret in SECRETS[:2] if secret in text] == []
    for said in (reply.thinking, reply.answer):
        assert len(said) < 12 or said[:12] not in text


@pytest.mark.parametrize(
    "script", sorted(set(SCRIPTS) - {"waits", "deaf", "silent", "never_loads", "template_works"})
)
def test_however_an_engine_fails_the_log_holds_no_word(
    script: str, run: Run, log: Path, noise: Noise, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise.allow("the engine ended with code", "a worker spoke no word of ours")
    command = [sys.executable, str(SCRIPTED), script]
    monkeypatch.setattr("app.application.engine_command", lambda _paths: command)
    application = run()
    ask(application)
    application.chat.draft_changed(QUESTION)
    application.conversations.rename(application.chat.conversation.id, QUESTION)
    application.close()
    text = log.read_text(encoding="utf-8")
    assert text
    assert [secret for secret in SECRETS if secret in text] == []


def test_a_store_that_fails_leaves_no_word_in_the_log(
    run: Run, paths: Paths, log: Path, noise: Noise, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise.allow("the engine ended with code")
    command = [sys.executable, str(SCRIPTED), "plain"]
    monkeypatch.setattr("app.application.engine_command", lambda _paths: command)
    application = run()
    ask(application)
    holder = sqlite3.connect(paths.data / "conversations.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    failures: list[object] = []
    application.store.failed.connect(failures.append)
    application.conversations.rename(application.chat.conversation.id, QUESTION)
    wait_until(lambda: bool(failures), "the failure")
    holder.execute("ROLLBACK")
    holder.close()
    text = log.read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in text] == []

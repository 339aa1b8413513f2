"""The log, the last resort and the report: useful, bounded, and without a word that anybody wrote."""

import errno
import gc
import logging
import os
import re
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.diagnostics import LOG_NAME, catch_the_uncaught, describe, report, start_log, without_home
from app.errors import EngineError
from tests.conftest import Noise

SECRET = "a question about my health"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """A log that is being written, ended with the test."""
    root = logging.getLogger()
    level = root.level
    handler = start_log(tmp_path)
    yield tmp_path / LOG_NAME
    root.removeHandler(handler)
    handler.close()
    root.setLevel(level)


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What the last resort was told; the former hooks come back with the end of the test."""
    heard: list[str] = []
    put_back = catch_the_uncaught(heard.append)
    yield heard
    put_back()


def raised(error: BaseException) -> BaseException:
    """The error with a traceback, as if it had come up from somewhere."""
    try:
        raise error
    except type(error) as caught:
        return caught


# The log


def test_what_is_logged_is_in_the_file_with_time_process_level_and_module(log_file: Path) -> None:
    logging.getLogger("app.some.room").info("loaded in %d ms", 12)
    pattern = (
        rf"\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d,\d{{3}} {os.getpid()} INFO app\.some\.room: loaded in 12 ms\n"
    )
    assert re.fullmatch(pattern, log_file.read_text())


def test_details_for_developers_are_not_logged(log_file: Path) -> None:
    logging.getLogger("app").debug("noise")
    assert log_file.read_text() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_log_is_its_owners_alone(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        handler = start_log(tmp_path)
    finally:
        os.umask(former)
    logging.getLogger().removeHandler(handler)
    handler.close()
    assert stat.S_IMODE((tmp_path / LOG_NAME).stat().st_mode) == 0o600


def test_the_log_is_bounded_and_old_ones_are_few(log_file: Path) -> None:
    logger = logging.getLogger("app")
    for _ in range(60):
        logger.info("x" * 100_000)
    names = sorted(path.name for path in log_file.parent.iterdir())
    assert names == [LOG_NAME, f"{LOG_NAME}.1", f"{LOG_NAME}.2", f"{LOG_NAME}.3"]
    assert all(path.stat().st_size <= 2**20 + 101_000 for path in log_file.parent.iterdir())


def test_a_log_that_cannot_be_rotated_goes_on(log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(source: str, target: str) -> None:
        raise PermissionError(13, "held by another process")

    monkeypatch.setattr(os, "replace", held)
    for _ in range(12):
        logging.getLogger("app").info("y" * 100_000)
    assert log_file.read_text().count("\n") == 12


def test_a_full_disk_stops_the_log_and_nothing_is_said_of_it(
    log_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = next(one for one in logging.getLogger().handlers if hasattr(one, "baseFilename"))

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(handler, "flush", full)
        logging.getLogger("app.test").info("lost")
    logging.getLogger("app.test").info("kept")
    assert "kept" in log_file.read_text(encoding="utf-8")
    assert capsys.readouterr().err == ""


def test_a_lone_surrogate_does_not_stop_the_log(log_file: Path) -> None:
    logging.getLogger("app").info("file %s", "\udcff.gguf")
    assert r"\udcff.gguf" in log_file.read_text()


def test_without_a_place_for_the_log_standard_error_takes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = start_log(tmp_path / "absent")
    try:
        logging.getLogger("app").warning("still heard")
        logging.getLogger("app").info("of no use to a person")
    finally:
        logging.getLogger().removeHandler(handler)
    heard = capsys.readouterr().err
    assert "still heard" in heard
    assert "of no use" not in heard


def test_a_traceback_in_the_log_tells_where_but_not_what_was_said(log_file: Path, noise: Noise) -> None:
    noise.allow("failed")
    try:
        int(SECRET)
    except ValueError:
        logging.getLogger("app").exception("failed")
    text = log_file.read_text()
    assert "ValueError" in text
    assert "test_diagnostics.py" in text
    assert SECRET not in text


# Describing errors


@pytest.mark.parametrize("kind", [ValueError, KeyError, Exception, LookupError, UserWarning])
def test_messages_that_may_quote_a_person_are_left_out(kind: type[Exception]) -> None:
    text = describe(raised(kind(SECRET)))
    assert SECRET not in text
    assert text.endswith(kind.__name__)


def test_messages_of_harmless_kinds_are_kept() -> None:
    assert describe(raised(EngineError("load_failed", path="m.gguf"))).endswith(
        "EngineError: load_failed(path='m.gguf')"
    )
    assert describe(raised(OSError(28, "No space left on device"))).endswith(
        "[Errno 28] No space left on device"
    )
    assert describe(raised(AttributeError("no attribute 'x'"))).endswith("AttributeError: no attribute 'x'")


def test_the_cause_comes_before_its_consequence() -> None:
    error = raised(OSError(5, "broken"))
    following = raised(TypeError("what followed"))
    following.__cause__ = error
    text = describe(following)
    assert text.index("broken") < text.index("which led to") < text.index("what followed")


def test_errors_that_cause_each_other_end() -> None:
    first, second = raised(OSError(1, "first")), raised(OSError(2, "second"))
    first.__cause__, second.__cause__ = second, first
    assert describe(first).count("which led to") == 1


# The last resort


def test_an_uncaught_error_is_logged_and_told(log_file: Path, told: list[str], noise: Noise) -> None:
    noise.allow("uncaught in the main thread")
    error = raised(TypeError("a bug"))
    sys.excepthook(type(error), error, error.__traceback__)
    assert len(told) == 1
    assert told[0].endswith("TypeError: a bug")
    assert "CRITICAL app.diagnostics: uncaught in the main thread" in log_file.read_text()


def test_an_error_on_another_thread_is_logged_and_told(log_file: Path, told: list[str], noise: Noise) -> None:
    noise.allow("uncaught in another thread")

    def fail() -> None:
        raise ValueError(SECRET)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert [text.splitlines()[-1] for text in told] == ["ValueError"]
    assert SECRET not in log_file.read_text()


def test_an_error_in_a_finaliser_is_logged_and_told(told: list[str], noise: Noise) -> None:
    noise.allow("uncaught in a finaliser")

    class Failing:
        """Fails when it goes."""

        def __del__(self) -> None:
            raise TypeError("at the end")

    Failing()
    gc.collect()
    assert [text.splitlines()[-1] for text in told] == ["TypeError: at the end"]


def test_ctrl_c_and_a_thread_that_exits_are_no_errors(
    log_file: Path, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt = raised(KeyboardInterrupt())
    sys.excepthook(KeyboardInterrupt, interrupt, interrupt.__traceback__)
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert told == []
    assert log_file.read_text() == ""
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_the_former_hooks_come_back() -> None:
    former = sys.excepthook, threading.excepthook, sys.unraisablehook
    put_back = catch_the_uncaught(lambda _text: None)
    assert sys.excepthook is not former[0]
    put_back()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == former


# The report


def test_a_report_names_versions_system_and_machine(tmp_path: Path) -> None:
    text = report(tmp_path, [("CPU", "Some CPU, 4 cores"), ("GPU", "none")])
    assert f"Soliloquy: {app.__version__}\n" in text
    assert f"Python: {sys.version_info.major}.{sys.version_info.minor}" in text
    assert re.search(r"^PySide6-Essentials: \d+\.\d+", text, re.MULTILINE)
    assert "CPU: Some CPU, 4 cores\nGPU: none\n" in text
    assert text.endswith("(no log)\n")


def test_a_report_ends_with_the_last_lines_of_the_log(log_file: Path) -> None:
    logger = logging.getLogger("app")
    for number in range(200):
        logger.info("line %d %s", number, "z" * 2000)
    lines = report(log_file.parent).splitlines()
    assert "line 199" in lines[-1]
    assert "line 140" in lines[-60]
    assert "line 139" not in "\n".join(lines)
    assert all(len(line) <= 500 for line in lines[-60:])


def test_a_report_hides_the_home_folder(
    log_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/alice"))
    logging.getLogger("app").info("loaded /home/alice/models/m.gguf")
    text = report(log_file.parent, [("Data", "/home/alice")])
    assert "loaded ~/models/m.gguf" in text
    assert "Data: ~\n" in text
    assert "alice" not in text


def test_only_the_home_folder_itself_becomes_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/al"))
    assert without_home("/home/al /home/alice /home/al/x '/home/al'") == "~ /home/alice ~/x '~'"


def test_a_root_that_is_the_home_folder_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    assert without_home("/usr/bin") == "/usr/bin"

"""Work off the GUI thread: in order, with its results back on it."""

import threading
import time
import weakref
from collections.abc import Iterator

import pytest

from app.errors import AppError, StorageError
from app.services.background import Background
from tests.conftest import Noise
from tests.waiting import wait_until


@pytest.fixture
def background(qt_app: object) -> Iterator[Background]:
    background = Background("test")
    yield background
    background.close()


def test_work_is_done_in_order_elsewhere_and_its_results_come_back_here(background: Background) -> None:
    done: list[tuple[int, bool, bool]] = []
    here = threading.get_ident()
    numbers = iter(range(5))

    def arrived(result: tuple[int, int]) -> None:
        done.append((result[0], result[1] != here, threading.get_ident() == here))

    for _ in range(5):
        background.run(lambda: (next(numbers), threading.get_ident()), arrived)
    assert done == []
    wait_until(lambda: len(done) == 5)
    assert done == [(number, True, True) for number in range(5)]


def test_an_error_goes_to_whoever_asked_or_to_all(background: Background) -> None:
    mine: list[AppError] = []
    everyones: list[AppError] = []
    background.failed.connect(everyones.append)

    def fail() -> None:
        raise StorageError("disk_full")

    background.run(fail, None, mine.append)
    background.run(fail)
    wait_until(lambda: bool(everyones))
    assert [error.code for error in (*mine, *everyones)] == ["disk_full", "disk_full"]


def test_a_bug_is_logged_and_the_thread_goes_on(background: Background, noise: Noise) -> None:
    noise.allow("a job of test failed")
    codes: list[str] = []
    done: list[int] = []
    background.run(lambda: 1 // 0, None, lambda error: codes.append(error.code))
    background.run(lambda: 1, done.append)
    wait_until(lambda: bool(done))
    assert (codes, done) == (["bug"], [1])
    assert noise.heard


def test_closing_finishes_what_was_asked_for_and_takes_nothing_more(qt_app: object) -> None:
    background = Background("test")
    written: list[int] = []
    told: list[None] = []

    def slow() -> None:
        time.sleep(0.05)
        written.append(1)

    for _ in range(3):
        background.run(slow, told.append)
    assert background.close()
    background.run(slow)
    assert written == [1, 1, 1]
    assert told == []


def test_closing_does_not_wait_for_ever(qt_app: object) -> None:
    background = Background("test")
    go_on = threading.Event()
    background.run(go_on.wait)
    assert not background.close(0.05)
    go_on.set()


def test_one_that_was_never_used_closes_at_once(qt_app: object) -> None:
    assert Background("test").close()


def test_what_a_job_refers_to_is_let_go_on_the_asking_thread(background: Background) -> None:
    where: list[int] = []

    class Page:
        def wait(self) -> None:
            time.sleep(0.01)

        def show(self, _result: None) -> None:
            pass

    def ask() -> None:
        page = Page()
        weakref.finalize(page, lambda: where.append(threading.get_ident()))
        background.run(page.wait, page.show)

    for _ in range(20):
        ask()
    wait_until(lambda: len(where) == 20, "the pages to go")
    assert set(where) == {threading.get_ident()}

"""How the calls of a window's thread are timed."""

import sys
import threading
import time

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells who waits")


def test_the_slowest_call_of_the_thread_is_told_and_what_lies_inside_belongs_to_it() -> None:
    from tests.benchmarks.watched_storage import Watch

    watch = Watch()
    inner = watch.over("inner", lambda: time.sleep(0.05))
    outer = watch.over("outer", inner)
    quick = watch.over("quick", lambda: 7)
    assert quick() == 7
    outer()
    elsewhere = threading.Thread(target=watch.over("elsewhere", lambda: time.sleep(0.2)))
    elsewhere.start()
    elsewhere.join()
    watch.close()
    assert (watch.slowest.name, watch.slowest.calls) == ("outer", 2)
    assert 0.04 < watch.slowest.seconds <= watch.slowest.whole


def test_what_came_before_the_question_does_not_count() -> None:
    from tests.benchmarks.watched_storage import Watch

    watch = Watch()
    watch.over("early", lambda: time.sleep(0.02))()
    watch.begin()
    watch.over("late", lambda: None)()
    watch.close()
    assert (watch.slowest.name, watch.slowest.calls) == ("late", 1)

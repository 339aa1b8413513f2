"""What a process holds is told where the system tells it, and is never an error."""

import os
import sys

import psutil
import pytest

from app.services.models.process_memory import resident_memory


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say it without help")
def test_our_own_memory_is_what_the_system_says() -> None:
    ours = psutil.Process().memory_info().rss
    assert resident_memory(os.getpid()) == pytest.approx(ours, rel=0.2)


@pytest.mark.parametrize("pid", [0, 2**22 + 1])
def test_a_process_that_is_not_there_takes_nothing(pid: int) -> None:
    assert resident_memory(pid) == 0

"""What this machine has is looked up off the GUI thread, and what cannot be is reported as unknown."""

import threading
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.services.machine_report import MachineReport, MachineService, read_machine
from tests.conftest import Noise
from tests.waiting import wait_until


def test_this_machine_is_described(tmp_path: Path) -> None:
    report = read_machine(tmp_path / "not" / "yet")
    assert report.cores >= 1
    assert 0 < report.memory_free <= report.memory_total
    assert 0 < report.disk_free <= report.disk_total


def test_it_is_looked_up_on_another_thread_and_once_at_a_time(qt_app: QCoreApplication) -> None:
    threads: list[threading.Thread] = []

    def look() -> MachineReport:
        threads.append(threading.current_thread())
        return MachineReport("x", 2)

    service = MachineService(look)
    told: list[MachineReport] = []
    service.known.connect(told.append)
    service.look()
    service.look()
    wait_until(lambda: bool(told), "the report")
    assert told == [MachineReport("x", 2)]
    assert service.report == told[0]
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
    service.look()
    wait_until(lambda: len(told) == 2, "the second look")
    service.close()


def test_a_look_that_fails_leaves_everything_unknown(qt_app: QCoreApplication, noise: Noise) -> None:
    noise.allow("a job of machine failed")

    def look() -> MachineReport:
        raise ValueError

    service = MachineService(look)
    service.look()
    wait_until(lambda: service.report is not None, "the report")
    assert service.report == MachineReport()

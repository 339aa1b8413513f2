"""This machine, whatever it is."""

import os

import psutil

from app.library.hardware import this_machine


def test_this_machine_has_cores_and_memory() -> None:
    machine = this_machine()
    assert machine.cpu_name
    assert 1 <= machine.usable_cores <= machine.physical_cores <= machine.logical_cores == os.cpu_count()
    assert 0 < machine.memory_available <= machine.memory_total <= psutil.virtual_memory().total

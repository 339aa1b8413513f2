"""How the first page speaks of this machine: a line for what there is, and a quieter one beneath it."""

import math
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from app.services.machine_report import MachineReport

_GIB = 2**30
_GB = 10**9
_SMALL = 10
"""Below so many GB a tenth of one matters."""


class Lines(NamedTuple):
    """What a fact says; `quiet` may be empty."""

    strong: str
    quiet: str = ""


def processor(report: MachineReport) -> Lines:
    """The processor and its cores."""
    return Lines(report.cpu_name or _tr("Not known"), _cores(report.cores) if report.cores else "")


def memory(report: MachineReport) -> Lines:
    """All memory, as it was bought, and what is free."""
    if not report.memory_total:
        return Lines(_tr("Not known"))
    free = _tr("{size} free").format(size=_gigabytes(report.memory_free / _GIB))
    return Lines(_bought(report.memory_total), free)


def graphics(report: MachineReport) -> Lines:
    """The graphics card and its own memory."""
    if not report.gpu_name:
        return Lines(_tr("None found"), _tr("models run on the processor"))
    return Lines(report.gpu_name, _bought(report.gpu_memory) if report.gpu_memory else "")


def disk(report: MachineReport) -> Lines:
    """What is free on the disk of the models."""
    if not report.disk_total:
        return Lines(_tr("Not known"))
    free = _tr("{size} free").format(size=_gigabytes(report.disk_free / _GB))
    return Lines(free, _tr("of {size}").format(size=_gigabytes(report.disk_total / _GB)))


def _cores(count: int) -> str:
    if count == 1:
        return _tr("1 core")
    return QCoreApplication.translate("FirstRun", "%n cores", "", count)


def _bought(count: int) -> str:
    """Bytes of memory as they are sold: what the firmware keeps for itself is part of it."""
    size = count / _GIB
    return _gigabytes(math.ceil(size) if size > _SMALL / 2 else size)


def _gigabytes(size: float) -> str:
    locale = QLocale()
    if size >= 1000:
        number = locale.toString(size / 1000, "f", 1)
        return _tr("{number}\N{NO-BREAK SPACE}TB").format(number=number)
    whole = size >= _SMALL or size == int(size)
    number = locale.toString(round(size)) if whole else locale.toString(size, "f", 1)
    return _tr("{number}\N{NO-BREAK SPACE}GB").format(number=number)


def _tr(text: str) -> str:
    return QCoreApplication.translate("FirstRun", text)

"""What this machine has to run models with, gathered off the GUI thread."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.errors import AppError
from app.services.background import Background


@dataclass(frozen=True)
class MachineReport:
    """Names are empty and numbers 0 where there is none or the system does not tell; memory and disk in bytes.

    `disk_free` and `disk_total` are of the disk that holds the models.
    """

    cpu_name: str = ""
    cores: int = 0
    memory_total: int = 0
    memory_free: int = 0
    gpu_name: str = ""
    gpu_memory: int = 0
    disk_free: int = 0
    disk_total: int = 0


def read_machine(models: Path) -> MachineReport:
    """This machine; asks the system and, where there is one, a graphics driver: up to seconds."""
    from app.library.graphics import graphics_card, short
    from app.library.hardware import this_machine

    machine = this_machine()
    card = graphics_card()
    free, total = _disk(models)
    return MachineReport(
        cpu_name=short(machine.cpu_name),
        cores=machine.physical_cores,
        memory_total=machine.memory_total,
        memory_free=machine.memory_available,
        gpu_name=short(card.name) if card else "",
        gpu_memory=card.memory if card else 0,
        disk_free=free,
        disk_total=total,
    )


def _disk(folder: Path) -> tuple[int, int]:
    """Bytes that are free and that there are; of the nearest folder that exists."""
    for place in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(place)
        except OSError:
            continue
        return usage.free, usage.total
    return 0, 0


class MachineService(QObject):
    """Looks at the machine when it is asked to. Signal: `known` with a MachineReport."""

    known = Signal(object)

    def __init__(self, look: Callable[[], MachineReport], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._background: Background | None = None
        self._report: MachineReport | None = None

    @property
    def report(self) -> MachineReport | None:
        """What was found last; None before."""
        return self._report

    def look(self) -> None:
        """Begins to look; `known` follows. What cannot be found out is reported as unknown."""
        if self._background is None:
            self._background = Background("machine", self)
            self._background.run(self._look, self._on_known, self._on_failed)

    def close(self) -> None:
        """Waits for nothing that is still being looked at."""
        if self._background is not None:
            self._background.close(0.0)
            self._background = None

    def _on_known(self, report: MachineReport) -> None:
        self.close()
        self._report = report
        self.known.emit(report)

    def _on_failed(self, _error: AppError) -> None:
        self._on_known(MachineReport())

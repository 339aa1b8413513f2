"""A text for a bug report: versions, this machine and the log's end, without a word of any conversation."""

from app.diagnostics import report
from app.paths import Paths
from app.services.machine_report import MachineReport, read_machine

_GIGA = 1e9


def problem_report(paths: Paths) -> str:
    """The report, in English for those who read it; asking the system takes up to seconds: not for the GUI thread."""
    return report(paths.logs, machine_rows(read_machine(paths.models)))


def machine_rows(machine: MachineReport) -> list[tuple[str, str]]:
    """The machine in names and values; what the system does not tell is left out."""
    rows = [
        ("CPU", f"{machine.cpu_name}, {machine.cores} cores" if machine.cpu_name else ""),
        ("Memory", _pair(machine.memory_free, machine.memory_total)),
        ("GPU", _gpu(machine)),
        ("Disk", _pair(machine.disk_free, machine.disk_total)),
    ]
    return [(name, value) for name, value in rows if value]


def _gpu(machine: MachineReport) -> str:
    if not machine.gpu_name:
        return "none found"
    memory = f", {machine.gpu_memory / _GIGA:.1f} GB" if machine.gpu_memory else ""
    return machine.gpu_name + memory


def _pair(free: int, total: int) -> str:
    return f"{free / _GIGA:.1f} GB free of {total / _GIGA:.1f} GB" if total else ""

"""A report for a bug says what machine this is, and leaves out what is not known."""

from pathlib import Path

import pytest

from app.paths import Paths
from app.services import problem_report as module
from app.services.machine_report import MachineReport
from app.services.problem_report import machine_rows, problem_report


def test_the_machine_in_rows() -> None:
    machine = MachineReport(
        "Ryzen 7", 8, 32_000_000_000, 20_000_000_000, "RTX 4070", 12_000_000_000, 1, 10**12
    )
    assert machine_rows(machine) == [
        ("CPU", "Ryzen 7, 8 cores"),
        ("Memory", "20.0 GB free of 32.0 GB"),
        ("GPU", "RTX 4070, 12.0 GB"),
        ("Disk", "0.0 GB free of 1000.0 GB"),
    ]


def test_what_is_not_known_is_left_out() -> None:
    assert machine_rows(MachineReport()) == [("GPU", "none found")]


def test_the_report_holds_the_machine_and_the_logs_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "read_machine", lambda _models: MachineReport(cpu_name="Ryzen 7", cores=8))
    paths = Paths.under(tmp_path)
    paths.prepare()
    (paths.logs / "soliloquy.log").write_text("one line of the log\n", encoding="utf-8")
    text = problem_report(paths)
    assert "CPU: Ryzen 7, 8 cores" in text
    assert "one line of the log" in text

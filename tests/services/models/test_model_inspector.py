"""A model file is looked at in a process of its own, and the answer comes once."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from app.errors import AppError
from app.paths import Paths, demo_model
from app.services.models.engine_command import engine_command
from app.services.models.model_inspector import ModelInspector
from tests.conftest import Noise
from tests.services.conftest import SCRIPTED
from tests.waiting import wait_until


class Heard:
    """What an inspector said."""

    def __init__(self, inspector: ModelInspector) -> None:
        self.accepted: list[Path] = []
        self.refused: list[AppError] = []
        self.distrusted: list[Path] = []
        self.stopped: list[AppError] = []
        inspector.stopped.connect(self.stopped.append)
        inspector.distrusted.connect(self.distrusted.append)
        inspector.accepted.connect(self.accepted.append)
        inspector.refused.connect(self.refused.append)

    def anything(self) -> bool:
        """Whether it said anything."""
        return bool(self.accepted or self.refused)


@pytest.fixture
def inspector(qt_app: QCoreApplication, tmp_path: Path) -> Iterator[ModelInspector]:
    """An inspector with the real engine process."""
    made = ModelInspector(engine_command(Paths.under(tmp_path)))
    yield made
    made.close()


def test_a_model_is_accepted(inspector: ModelInspector) -> None:
    heard = Heard(inspector)
    inspector.inspect(demo_model())
    wait_until(heard.anything, "the answer")
    assert heard.accepted == [demo_model()]
    assert heard.refused == []


@pytest.mark.parametrize(
    ("kept", "code"), [(0, "gguf_truncated"), (100, "gguf_truncated"), (500_000, "gguf_truncated")]
)
def test_a_file_that_is_cut_is_refused_with_its_own_error(
    inspector: ModelInspector, tmp_path: Path, kept: int, code: str
) -> None:
    file = tmp_path / "cut.gguf"
    file.write_bytes(demo_model().read_bytes()[:kept])
    heard = Heard(inspector)
    inspector.inspect(file)
    wait_until(heard.anything, "the answer")
    assert [error.code for error in heard.refused] == [code]


def test_only_the_last_of_two_files_is_answered(inspector: ModelInspector, tmp_path: Path) -> None:
    heard = Heard(inspector)
    inspector.inspect(tmp_path / "missing.gguf")
    inspector.inspect(demo_model())
    wait_until(heard.anything, "the answer")
    assert heard.accepted == [demo_model()]
    assert heard.refused == []


def test_a_process_that_dies_refuses_the_file(qt_app: QCoreApplication, noise: Noise) -> None:
    inspector = ModelInspector([sys.executable, "-c", "import os; os.abort()"])
    heard = Heard(inspector)
    inspector.inspect(demo_model())
    wait_until(heard.anything, "the answer")
    assert [error.code for error in heard.refused] == ["engine_crashed"]
    inspector.close()


@pytest.mark.parametrize(
    ("script", "codes"),
    [
        ("wild_template", ["template_forbidden"]),
        ("endless_template", ["template_runaway"]),
        ("deadly_template", ["template_runaway"]),
        ("plain", []),
    ],
)
def test_a_file_whose_template_runs_away_is_named_before_it_is_loaded_and_why_is_told(
    qt_app: QCoreApplication, script: str, codes: list[str]
) -> None:
    patience = 20_000 if script != "endless_template" else 50
    inspector = ModelInspector([sys.executable, str(SCRIPTED), script], template_ms=patience)
    heard = Heard(inspector)
    path = Path("/models/any.gguf")
    inspector.inspect(path)
    wait_until(heard.anything, "the answer")
    assert heard.accepted == [path]
    assert heard.distrusted == [path] * len(codes)
    assert [error.code for error in heard.stopped] == codes
    inspector.close()


def test_a_process_that_dies_of_the_file_itself_refuses_it(qt_app: QCoreApplication) -> None:
    inspector = ModelInspector([sys.executable, str(SCRIPTED), "deadly_file"])
    heard = Heard(inspector)
    inspector.inspect(Path("/models/any.gguf"))
    wait_until(heard.anything, "the answer")
    assert [error.code for error in heard.refused] == ["engine_crashed"]
    assert heard.distrusted == []
    inspector.close()

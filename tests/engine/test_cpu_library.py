"""The CPU library is the best that decodes a token, and one that died is never tried again."""

import logging
import shutil
import sys
from pathlib import Path

import pytest

from app.engine import cpu_library
from app.engine.cpu_library import Record, choose, read_record, write_record
from app.errors import EngineError
from app.paths import demo_model


def libraries(*names: str) -> list[Path]:
    """Paths of libraries that need not exist."""
    return [Path("/lib") / name for name in names]


SCORES = {"best.so": 9, "good.so": 5, "plain.so": 1, "foreign.so": 0}


def score(path: Path) -> int:
    """Fixed scores by name."""
    return SCORES[path.name]


def test_the_best_library_that_decodes_is_chosen() -> None:
    tried: list[str] = []

    def proven(path: Path) -> bool:
        tried.append(path.name)
        return path.name != "best.so"

    name, record = choose(libraries(*SCORES), Record("here"), score, proven)
    assert name == "good.so"
    assert record == Record("here", "good.so", ("best.so",))
    assert tried == ["best.so", "good.so"]


def test_a_library_that_died_is_not_tried_again() -> None:
    tried: list[str] = []

    def proven(path: Path) -> bool:
        tried.append(path.name)
        return True

    name, record = choose(libraries(*SCORES), Record("here", "", ("best.so", "good.so")), score, proven)
    assert name == record.proven == "plain.so"
    assert tried == ["plain.so"]


def test_a_proven_library_needs_no_second_proof() -> None:
    name, record = choose(
        libraries(*SCORES), Record("here", "good.so"), score, lambda _path: pytest.fail("asked again")
    )
    assert name == record.proven == "good.so"


def test_a_proven_library_that_is_gone_is_chosen_anew() -> None:
    name, record = choose(libraries("plain.so"), Record("here", "good.so"), score, lambda _path: True)
    assert name == record.proven == "plain.so"


def test_a_library_of_which_a_proof_cannot_tell_is_taken_and_not_remembered() -> None:
    name, record = choose(libraries(*SCORES), Record("here"), score, lambda _path: None)
    assert name == "best.so"
    assert record == Record("here")


def test_when_every_library_died_the_next_start_tries_again() -> None:
    name, record = choose(libraries(*SCORES), Record("here"), score, lambda _path: False)
    assert name == ""
    assert record == Record("here")


def test_a_model_that_cannot_be_loaded_tells_nothing_of_a_library(cpu: Path, tmp_path: Path) -> None:
    assert cpu_library.prove(cpu, tmp_path / "missing.gguf") is None


def test_a_build_of_which_no_library_runs_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "libggml-cpu-none.so").write_bytes(b"not a library")
    with pytest.raises(EngineError) as raised:
        cpu_library.chosen_library(tmp_path, tmp_path / "cache", demo_model())
    assert raised.value.code == "engine_missing"


def test_a_library_for_other_processors_is_never_chosen() -> None:
    name, _record = choose(libraries("foreign.so"), Record("here"), score, lambda _path: True)
    assert name == ""


def test_the_record_is_remembered_for_the_same_processor_only(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "cpu.json"
    record = Record("here", "good.so", ("best.so",))
    write_record(file, record)
    assert read_record(file, "here") == record
    assert read_record(file, "elsewhere") == Record("elsewhere")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"fingerprint": 1}', '{"fingerprint":"here","proven":"x"}'])
def test_a_damaged_record_counts_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cpu.json"
    file.write_text(text, encoding="utf-8")
    assert read_record(file, "here") == Record("here")


def test_the_amx_library_is_left_out() -> None:
    names = [path.name for path in cpu_library.cpu_libraries(cpu_library.backend_folder())]
    assert names
    assert not [name for name in names if "sapphirerapids" in name]


def test_a_library_of_this_machine_proves_itself(cpu: Path) -> None:
    assert cpu_library.score(cpu) > 0
    assert cpu_library.prove(cpu, demo_model())


@pytest.mark.skipif(sys.platform != "linux", reason="shared objects of Linux are damaged here")
def test_a_library_that_dies_is_left_for_the_next_one_and_the_log_says_so(
    tmp_path: Path, cpu: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    shutil.copy(cpu, folder / "libggml-cpu-good.so")
    dying = folder / "libggml-cpu-dying.so"
    dying.write_bytes(b"not a library")

    def scored(path: Path) -> int:
        return 9 if path == dying else 1

    with caplog.at_level(logging.WARNING):
        _name, record = choose(
            cpu_library.cpu_libraries(folder),
            Record("here"),
            scored,
            lambda path: cpu_library.prove(path, demo_model()),
        )
    assert record == Record("here", "libggml-cpu-good.so", ("libggml-cpu-dying.so",))
    assert "libggml-cpu-dying.so is not used again" in caplog.text

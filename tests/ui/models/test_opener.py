"""A model file comes by dialog or by being dropped; anything else is not taken."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.models.opener import ModelOpener, dropped_file, refusal
from tests.ui.conftest import Show


def _mime(*names: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(name) for name in names])
    return mime


def test_one_file_is_taken() -> None:
    assert dropped_file(_mime("/m/Model.GGUF")) == Path("/m/Model.GGUF")


@pytest.mark.parametrize("names", [("/m/a.gguf", "/m/b.gguf"), ("/m/a.gguf", "/m/b.txt"), ()])
def test_several_and_none_are_not(names: tuple[str, ...]) -> None:
    assert dropped_file(_mime(*names)) is None


def test_a_file_elsewhere_is_not_taken() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/model.gguf")])
    assert dropped_file(mime) is None


def test_what_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    codes = [error.code if error else "" for error in map(refusal, (tmp_path, Path("a.txt"), Path("A.GGUF")))]
    assert codes == ["file_is_folder", "not_gguf", ""]


def _drawn_by_qt(parent: QWidget) -> QFileDialog:
    dialog = QFileDialog(parent)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    return dialog


@pytest.fixture
def opener(show: Show) -> ModelOpener:
    window = QWidget()
    show(window)
    return ModelOpener(window, _drawn_by_qt)


def test_the_dialog_does_not_block_and_tells_the_choice(opener: ModelOpener, tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    model.write_bytes(b"GGUF")
    chosen: list[Path] = []
    opener.chosen.connect(chosen.append)
    opener.ask()
    dialog = opener.dialog
    assert dialog is not None
    assert dialog.nameFilters()[0] == "Models (*.gguf)"
    dialog.fileSelected.emit(str(model))
    dialog.reject()
    assert chosen == [model]
    assert opener.dialog is None


def test_the_next_dialog_opens_where_the_last_file_was(opener: ModelOpener, tmp_path: Path) -> None:
    opener.ask()
    assert opener.dialog is not None
    opener.dialog.fileSelected.emit(str(tmp_path / "model.gguf"))
    opener.dialog.reject()
    opener.ask()
    assert opener.dialog is not None
    assert Path(opener.dialog.directory().absolutePath()) == tmp_path
    opener.dialog.reject()


def test_asking_twice_opens_one_dialog(opener: ModelOpener) -> None:
    opener.ask()
    first = opener.dialog
    opener.ask()
    assert opener.dialog is first
    assert first is not None
    first.reject()

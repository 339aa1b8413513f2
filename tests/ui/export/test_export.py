"""The export dialog by keyboard and name, the files that it writes, and what comes back in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QLocale, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from app.chat.conversation import Conversation
from app.export.json_format import to_json
from app.services.exchange.export_service import Exported
from app.services.settings_service import SettingsService
from app.settings import EXPORT_FORMAT, EXPORT_THINKING, Settings
from app.ui.export.dialog import ExportDialog
from app.ui.export.exchange import Exchange
from app.ui.export.words import exported
from app.ui.icons import Icons
from app.ui.notices import Action, Notices
from app.ui.theme import Theme
from tests.doubles.exchange import Services
from tests.export.samples import rich, simple
from tests.ui.conftest import Show
from tests.waiting import wait_until


def drawn_by_qt(parent: QWidget) -> QFileDialog:
    dialog = QFileDialog(parent)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    return dialog


class Place:
    """A window with everything that exports need, and what it said."""

    def __init__(
        self, folder: Path, theme: Theme, icons: Icons, conversations: tuple[Conversation, ...]
    ) -> None:
        self.services = Services(folder, *conversations)
        self.settings = SettingsService(Settings(folder / "settings.json"))
        self.window = QWidget()
        self.notices = Notices(theme, icons, self.window)
        QVBoxLayout(self.window).addWidget(self.notices)
        self.said: list[tuple[str, Action | None]] = []
        self.folders: list[QUrl] = []
        self.exchange = Exchange(
            self.window,
            self.services.export,
            self.settings,
            theme,
            self.notices,
            lambda text, action: self.said.append((text, action)),
            make_dialog=drawn_by_qt,
            show_folder=self.folders.append,
        )

    @property
    def dialog(self) -> ExportDialog:
        """The dialog that is open."""
        assert self.exchange.dialog is not None
        return self.exchange.dialog

    def open(self, conversation_id: str = "") -> ExportDialog:
        """Opens it and waits for its preview."""
        self.exchange.export(conversation_id)
        wait_until(lambda: bool(self.dialog.preview.toPlainText()), "the preview")
        return self.dialog

    def choose(self, target: Path) -> None:
        """Chooses a file or folder in the file dialog."""
        dialog = self.exchange.file_dialog
        assert dialog is not None
        dialog.fileSelected.emit(str(target))
        dialog.done(1)

    def wait(self) -> str:
        """What was said next."""
        wait_until(lambda: bool(self.said), "the toast")
        return self.said[-1][0]


Make = Callable[..., Place]


@pytest.fixture
def make(tmp_path: Path, theme: Theme, icons: Icons, show: Show) -> Iterator[Make]:
    made: list[Place] = []

    def make_one(*conversations: Conversation) -> Place:
        place = Place(tmp_path / "data", theme, icons, conversations)
        made.append(place)
        show(place.window)
        return place

    yield make_one
    for place in made:
        place.services.close()


def test_a_conversation_is_exported_by_keyboard_alone(make: Make, tmp_path: Path) -> None:
    place = make(simple(), rich())
    dialog = place.open("c1")
    assert dialog.accessibleName() == "Export"
    assert dialog.preview.accessibleName() == "Preview"
    assert dialog.preview.toPlainText().startswith("# Sums")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    chosen = place.exchange.file_dialog
    assert chosen is not None
    assert chosen.selectedFiles()[0].endswith("Sums.md")
    assert chosen.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert chosen.nameFilters() == ["Markdown (*.md)"]
    place.choose(tmp_path / "My sums.md")
    assert place.exchange.dialog is None
    assert place.wait() == "Exported to My sums.md"
    assert (tmp_path / "My sums.md").read_text(encoding="utf-8").startswith("# Sums")
    action = place.said[-1][1]
    assert action is not None
    assert action.text == "Show in folder"
    action.run()
    assert place.folders == [QUrl.fromLocalFile(str(tmp_path))]


def test_tab_goes_through_the_dialog_from_its_top(make: Make) -> None:
    dialog = make(simple()).open("c1")
    assert dialog.focusWidget() is not None
    order: list[str] = []
    for _ in range(6):
        focused = dialog.focusWidget()
        assert focused is not None
        order.append(focused.accessibleName() or getattr(focused, "text", str)())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == ["This conversation", "Markdown", "Left out", "Preview", "Cancel", "Export…"]


def test_arrow_keys_choose(make: Make) -> None:
    dialog = make(simple()).open("c1")
    focused = dialog.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Tab)
    focused = dialog.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Right)
    assert dialog.form.kind == "txt"


def test_escape_closes_it_and_exports_nothing(make: Make) -> None:
    place = make(simple())
    QTest.keyClick(place.open("c1"), Qt.Key.Key_Escape)
    assert place.exchange.dialog is None
    assert place.said == []


def test_a_cancelled_file_dialog_goes_back_to_the_choices(make: Make) -> None:
    place = make(simple())
    dialog = place.open("c1")
    dialog.buttons[1].click()
    assert place.exchange.file_dialog is not None
    place.exchange.file_dialog.reject()
    assert place.dialog is dialog
    dialog.buttons[1].click()
    place.exchange.file_dialog.reject()


def test_choices_are_seen_at_once_and_remembered(make: Make) -> None:
    place = make(simple())
    dialog = place.open("c1")
    dialog.thinking["md"].chosen.emit("collapsed")
    wait_until(lambda: "<details>" in dialog.preview.toPlainText(), "the thinking")
    dialog.format.chosen.emit("txt")
    wait_until(lambda: dialog.preview.toPlainText().startswith("Sums\n===="), "plain text")
    assert dialog.thinking["txt"].value == "collapsed"
    assert dialog.thinking["txt"].isVisible()
    assert not dialog.thinking["md"].isVisible()
    assert (place.settings.get(EXPORT_FORMAT), place.settings.get(EXPORT_THINKING)) == ("txt", "collapsed")
    dialog.reject()
    assert place.open("c1").format.value == "txt"


def test_json_knows_left_out_and_included_and_keeps_the_choice_of_the_others(make: Make) -> None:
    place = make(simple())
    place.settings.set(EXPORT_THINKING, "appendix")
    place.settings.set(EXPORT_FORMAT, "json")
    dialog = place.open("c1")
    assert dialog.thinking["json"].value == "collapsed"
    dialog.thinking["json"].chosen.emit("collapsed")
    assert place.settings.get(EXPORT_THINKING) == "appendix"
    dialog.thinking["json"].chosen.emit("none")
    wait_until(lambda: '"thinking": "none"' in dialog.preview.toPlainText(), "no thinking")
    assert place.settings.get(EXPORT_THINKING) == "none"


def test_all_are_exported_into_a_folder(make: Make, tmp_path: Path) -> None:
    place = make(simple(), rich())
    place.exchange.export_all()
    wait_until(lambda: bool(place.dialog.preview.toPlainText()), "the preview")
    assert place.dialog.what.value == "all"
    place.dialog.buttons[1].click()
    assert place.exchange.file_dialog is not None
    assert place.exchange.file_dialog.fileMode() == QFileDialog.FileMode.Directory
    place.choose(tmp_path / "out")
    assert place.wait() == "2 conversations exported to out"
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["A cat 🐈.md", "Sums.md"]


def test_without_a_conversation_nothing_can_be_exported(make: Make) -> None:
    place = make()
    place.exchange.export()
    assert not place.dialog.buttons[1].isEnabled()
    place.dialog.reject()


def test_files_are_looked_for_at_home_and_then_where_the_last_one_was(make: Make, tmp_path: Path) -> None:
    place = make(simple())
    place.exchange.import_file()
    assert place.exchange.file_dialog is not None
    first = Path(place.exchange.file_dialog.directory().absolutePath())
    assert first in (Path.home(), Path.home() / "Documents")
    file = tmp_path / "a.json"
    file.write_text(to_json([simple()], "none"), encoding="utf-8")
    place.choose(file)
    place.wait()
    place.open("c1").buttons[1].click()
    assert Path(place.exchange.file_dialog.directory().absolutePath()) == tmp_path


def test_a_long_preview_says_that_the_file_goes_on(make: Make) -> None:
    dialog = make(simple("\n\n".join(map(str, range(1000))))).open("c1")
    assert dialog.preview.blockCount() <= 200
    assert "the file goes on" in dialog.note


def test_a_second_wish_brings_the_open_dialog_to_the_front(make: Make) -> None:
    place = make(simple())
    dialog = place.open("c1")
    place.exchange.export("c1")
    assert place.dialog is dialog


def test_a_file_that_cannot_be_written_is_a_banner_with_what_to_do(make: Make, tmp_path: Path) -> None:
    place = make(simple())
    place.open("c1").buttons[1].click()
    place.choose(tmp_path / "none" / "x.md")
    wait_until(lambda: "export_failed" in place.notices.banners, "the banner")
    assert "There is no folder for" in place.notices.banners["export_failed"].text


@pytest.mark.parametrize(
    ("thinking", "said"),
    [("none", "Copied as Markdown"), ("collapsed", "Copied as Markdown, with the thinking")],
)
def test_a_conversation_is_copied_as_markdown(make: Make, thinking: str, said: str) -> None:
    place = make(simple())
    place.settings.set(EXPORT_THINKING, thinking)
    place.exchange.copy_as_markdown("c1")
    assert place.wait() == said
    text = QGuiApplication.clipboard().text()
    assert text.startswith("# Sums")
    assert ("<details>" in text) == (thinking != "none")


def test_a_file_is_imported(make: Make, tmp_path: Path) -> None:
    place = make(simple())
    file = tmp_path / "a.json"
    file.write_text(to_json([rich()], "appendix"), encoding="utf-8")
    for expected in ("1 conversation imported", "The conversation is here already"):
        place.said.clear()
        place.exchange.import_file()
        place.choose(file)
        assert place.wait() == expected
    assert place.notices.banners == {}


def test_what_is_not_imported_is_told_with_the_reason(make: Make, tmp_path: Path) -> None:
    place = make()
    file = tmp_path / "a.json"
    broken = [msgspec.structs.replace(rich(), id=name, leaf="nobody") for name in ("x", "y")]
    file.write_text(to_json([simple(), *broken], "appendix"), encoding="utf-8")
    place.exchange.import_file()
    place.choose(file)
    assert place.wait() == "1 conversation imported"
    text = place.notices.banners["import_refused"].text
    assert text.startswith("2 parts of what was chosen were not imported. Conversation 2 of the file")
    file.write_text("nothing", encoding="utf-8")
    place.exchange.import_file()
    place.choose(file)
    wait_until(lambda: "import_unknown" in place.notices.banners, "the banner")
    assert "import_refused" not in place.notices.banners


def test_numbers_are_written_by_the_locale(make: Make) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German))
    assert "1.200" in exported(Exported(Path("out"), 1200, is_folder=True))


def test_it_repaints_with_the_theme(make: Make, theme: Theme) -> None:
    dialog = make(simple()).open("c1")
    before = dialog.styleSheet()
    theme.set_scheme("dark")
    assert dialog.styleSheet() != before


def test_enter_on_cancel_exports_nothing(make: Make) -> None:
    place = make(simple())
    dialog = place.open("c1")
    cancel = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Cancel")
    cancel.setFocus()
    QTest.keyClick(cancel, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert place.exchange.file_dialog is None

"""What is stored is counted, backed up and restored; each failure is said beside what was asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Conversation
from app.errors import AppError, StorageError
from app.paths import Paths
from app.services.conversations.store_service import StoreService
from app.services.settings_service import SettingsService
from app.settings import SECURE_DELETE
from app.ui.controls.confirm_dialog import ConfirmDialog
from app.ui.controls.switch import Switch
from app.ui.settings import about as about_module
from app.ui.settings.about import AboutPage
from app.ui.settings.backups import BackupsPage
from app.ui.settings.page import SettingsPage
from app.ui.settings.privacy import PrivacyPage
from app.ui.settings.view import SettingsView
from tests.waiting import wait_until

Shown = Callable[[str], SettingsPage]


@pytest.fixture
def backups(page: Shown) -> BackupsPage:
    shown = page("backups")
    assert isinstance(shown, BackupsPage)
    wait_until(lambda: "machine" in shown.rows["stored"].about.plain_text, "the figures")
    return shown


@pytest.fixture
def privacy(page: Shown) -> PrivacyPage:
    shown = page("privacy")
    assert isinstance(shown, PrivacyPage)
    wait_until(lambda: len(shown.table) == 6, "the figures")
    return shown


def _save(store: StoreService, *ids: str) -> None:
    done: list[None] = []
    for name in ids:
        _save_one(store, Conversation(id=name, title=name), done.append)
    wait_until(lambda: len(done) == len(ids), "the conversations")


def _save_one(store: StoreService, conversation: Conversation, done: Callable[[None], None]) -> None:
    store.run(lambda there: there.save(conversation), done)


def _confirm(page: BackupsPage) -> ConfirmDialog:
    page.backups[0].button.click()  # type: ignore[union-attr]
    assert page.dialog is not None
    return page.dialog


def test_without_anything_it_says_so(backups: BackupsPage) -> None:
    assert backups.rows["stored"].about.plain_text.startswith("No conversations, ")
    assert backups.backups == ()


def test_a_backup_is_made_listed_and_restored(
    store: StoreService, backups: BackupsPage, view: SettingsView, qt_app: QApplication
) -> None:
    _save(store, "one")
    backups.back_up.click()
    assert not backups.back_up.isEnabled()
    wait_until(lambda: len(backups.backups) == 1 and backups.back_up.isEnabled(), "the backup")
    assert backups.backups[0].about.plain_text == "Made by you"
    _save(store, "two")
    backups.refresh()
    wait_until(lambda: "2 conversations" in backups.rows["stored"].about.plain_text, "two")
    told: list[str] = []
    view.restoring.connect(lambda: told.append("restoring"))
    view.restored.connect(lambda: told.append("restored"))
    dialog = _confirm(backups)
    assert "backed up first" in dialog.accessibleDescription()
    dialog.accept()
    wait_until(lambda: "1 conversation," in backups.rows["stored"].about.plain_text, "one")
    assert told == ["restoring", "restored"]
    wait_until(lambda: len(backups.backups) == 2, "the backup of what was there")
    assert "Made before a backup was restored" in {row.about.plain_text for row in backups.backups}


def test_keeping_what_is_here_changes_nothing(store: StoreService, backups: BackupsPage) -> None:
    backups.back_up.click()
    wait_until(lambda: len(backups.backups) == 1, "the backup")
    told: list[bool] = []
    backups.restoring.connect(lambda: told.append(True))
    _confirm(backups).reject()
    assert told == []


def test_nothing_is_restored_while_a_reply_is_written(view: SettingsView, backups: BackupsPage) -> None:
    backups.back_up.click()
    wait_until(lambda: len(backups.backups) == 1, "the backup")
    button = backups.backups[0].button
    assert button is not None
    dialog = _confirm(backups)
    view.set_answering(True)
    assert not dialog.isVisible()
    assert not button.isEnabled()
    assert button.toolTip().startswith("A reply is being written.")
    backups.refresh()
    wait_until(lambda: backups.backups[0].button is not button, "the list")
    assert not backups.backups[0].button.isEnabled()  # type: ignore[union-attr]
    view.set_answering(False)
    assert backups.backups[0].button.isEnabled()  # type: ignore[union-attr]


def test_every_restore_button_says_which(store: StoreService, backups: BackupsPage) -> None:
    backups.back_up.click()
    wait_until(lambda: len(backups.backups) == 1, "the backup")
    button = backups.backups[0].button
    assert button is not None
    assert button.accessibleName().startswith("Restore the backup of ")


def test_a_backup_that_fails_is_said_beside_its_button(
    store: StoreService, backups: BackupsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_done: object, failed: Callable[[AppError], None]) -> None:
        failed(StorageError("disk_full"))

    monkeypatch.setattr(store, "back_up_now", fail)
    backups.back_up.click()
    assert backups.rows["back_up"].problem.text
    assert backups.back_up.isEnabled()


def test_files_come_in_and_go_out_by_the_window(view: SettingsView, backups: BackupsPage) -> None:
    asked: list[str] = []
    view.import_requested.connect(lambda: asked.append("import"))
    view.export_all_requested.connect(lambda: asked.append("export"))
    backups.rows["import"].focus_control()
    for name in ("import", "export_all"):
        focused = backups.rows[name]
        focused.focus_control()
        button = QApplication.focusWidget()
        assert button is not None
        button.click()  # type: ignore[attr-defined]
    assert asked == ["import", "export"]


def test_what_is_kept_is_told_with_who_can_read_it(privacy: PrivacyPage, paths: Paths) -> None:
    assert privacy.rows["kept"].about.plain_text.endswith("in a folder that only you can read.")
    assert privacy.table[0].words.text() == "Conversations, with their drafts"
    assert privacy.table[1].about.plain_text.endswith("backups")


def test_a_folder_that_is_open_to_others_is_not_praised(
    page: Shown, store: StoreService, paths: Paths
) -> None:
    _save(store, "one")
    paths.data.chmod(0o755)
    kept = page("privacy").rows["kept"]
    wait_until(lambda: "others on this machine" in kept.about.plain_text, "the figures")
    assert kept.about.plain_text.startswith("1 conversation, ")


def test_the_folder_is_shown_by_the_desktop_or_named(
    privacy: PrivacyPage, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def show(url: QUrl) -> bool:
        shown.append(url.toLocalFile())
        return len(shown) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", show)
    privacy.show_folder.click()
    assert Path(shown[0]) == paths.data
    assert privacy.rows["kept"].problem.text == ""
    privacy.show_folder.click()
    assert str(paths.data) in privacy.rows["kept"].problem.text.replace("\N{ZERO WIDTH SPACE}", "")


def test_overwriting_is_chosen_with_honest_words(privacy: PrivacyPage, settings: SettingsService) -> None:
    row = privacy.rows["secure_delete"]
    assert "backups" in row.about.plain_text
    assert "solid-state" in row.about.plain_text
    switch = row.findChild(Switch)
    assert switch is not None
    switch.click()
    assert settings.get(SECURE_DELETE)


def test_a_report_is_copied_and_said(page: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(about_module, "problem_report", lambda _paths: "Soliloquy: 1\n")
    about = page("about")
    assert isinstance(about, AboutPage)
    about.copy_report.click()
    assert not about.copy_report.isEnabled()
    wait_until(lambda: about.copy_report.text() == "Copied", "the report")
    assert QGuiApplication.clipboard().text() == "Soliloquy: 1\n"
    wait_until(lambda: about.copy_report.text() == "Copy report", "the button")
    assert about.copy_report.icon().isNull()


def test_licences_open_and_close(page: Shown) -> None:
    about = page("about")
    assert isinstance(about, AboutPage)
    row, area = about.texts["llama.cpp"]
    assert area.isHidden()
    row.click()
    assert area.isVisible()
    assert "MIT License" in area.toPlainText()
    assert area.isReadOnly()
    row.click()
    assert area.isHidden()

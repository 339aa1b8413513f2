"""A command tells what is true when it has ended."""

import pytest

from app.errors import AppError, StorageError
from app.services.words.command_messages import COMMAND_ERRORS, explain_to_command, not_recorded
from app.services.words.storage_messages import STORAGE_ERRORS


@pytest.mark.parametrize("code", list(STORAGE_ERRORS))
def test_nothing_is_promised_for_later(code: str) -> None:
    words = explain_to_command(StorageError(code, reason="it is a folder", path="/x")).text
    for promise in ("meanwhile", "is saved as soon", "stays here", "not saved yet"):
        assert promise not in words
    assert "{" not in words


def test_only_what_differs_has_other_words() -> None:
    assert COMMAND_ERRORS.keys() <= STORAGE_ERRORS.keys()
    assert explain_to_command(AppError("no_model")).title == "No model is loaded."


def test_an_id_that_nothing_has_is_told() -> None:
    words = explain_to_command(StorageError("conversation_missing", id="abc"))
    assert words.title == "There is no conversation with the id “abc”."


def test_a_reply_that_was_not_kept_is_told() -> None:
    full = StorageError("disk_full")
    assert not_recorded(full, in_part=False).startswith("The question and its reply are not saved. The disk")
    assert "not saved in full" in not_recorded(full, in_part=True)

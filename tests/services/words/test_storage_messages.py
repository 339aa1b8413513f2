"""What became of a damaged store is said plainly."""

from pathlib import Path

from app.services.words.storage_messages import repair_notice
from app.storage.values import Repair


def test_a_repair_says_how_much_was_found_and_where_the_file_lies() -> None:
    words = repair_notice(Repair(Path("/data/conversations.db.damaged-1"), 12, 0))
    assert "12 conversations were found." in words.advice
    assert "/data/conversations.db.damaged-1" in words.advice
    assert "missing" not in words.advice


def test_a_repair_says_what_is_missing() -> None:
    words = repair_notice(Repair(Path("/data/x"), 30, 2))
    assert "30 conversations were found. In 2 of them text may be missing." in words.advice
    words = repair_notice(Repair(Path("/data/x"), 1, 1))
    assert "One conversation was found. In one of them text may be missing." in words.advice

"""What became of a damaged store is said plainly."""

from app.services.storage_messages import repaired


def test_a_repair_says_how_much_was_found_and_where_the_file_lies() -> None:
    words = repaired("/data/conversations.db.damaged-1", 12, 0)
    assert "12 conversations were copied" in words.advice
    assert "/data/conversations.db.damaged-1" in words.advice
    assert "missing" not in words.advice


def test_a_repair_says_what_is_missing() -> None:
    assert "In 2 of them something is missing." in repaired("/data/x", 30, 2).advice
    assert "One conversation was copied" in repaired("/data/x", 1, 1).advice
    assert "is missing" in repaired("/data/x", 1, 1).advice

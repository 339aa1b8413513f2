"""Headings follow the calendar: today, yesterday, spans of days, then months."""

import pytest
from PySide6.QtCore import QDate, QDateTime, QTime
from PySide6.QtWidgets import QApplication

from app.ui.conversations.date_groups import DateGroups, date_of

TODAY = QDate(2026, 11, 25)


def _at(day: QDate, hour: int = 12, minute: int = 0) -> float:
    return QDateTime(day, QTime(hour, minute)).toSecsSinceEpoch()


@pytest.mark.parametrize(
    ("day", "heading"),
    [
        (TODAY.addDays(3), "Today"),
        (TODAY, "Today"),
        (TODAY.addDays(-1), "Yesterday"),
        (TODAY.addDays(-2), "Last 7 days"),
        (TODAY.addDays(-7), "Last 7 days"),
        (TODAY.addDays(-8), "Last 30 days"),
        (TODAY.addDays(-30), "Last 30 days"),
        (TODAY.addDays(-31), "October 2026"),
        (QDate(2026, 10, 1), "October 2026"),
        (QDate(2026, 9, 30), "September 2026"),
        (QDate(2025, 11, 25), "November 2025"),
    ],
)
def test_each_day_has_its_heading(qt_app: QApplication, day: QDate, heading: str) -> None:
    assert DateGroups(TODAY).group(_at(day)).heading == heading


def test_the_day_ends_at_midnight(qt_app: QApplication) -> None:
    groups = DateGroups(TODAY)
    assert groups.group(_at(TODAY, 0, 0)).heading == "Today"
    assert groups.group(_at(TODAY.addDays(-1), 23, 59)).heading == "Yesterday"


def test_a_month_that_the_last_span_ends_with_is_not_named_twice(qt_app: QApplication) -> None:
    groups = DateGroups(QDate(2026, 10, 31))
    assert groups.group(_at(QDate(2026, 10, 1))).heading == "Last 30 days"
    assert groups.group(_at(QDate(2026, 9, 30))).heading == "September 2026"


def test_times_before_there_were_any_have_a_heading_too(qt_app: QApplication) -> None:
    groups = DateGroups(TODAY)
    assert groups.group(-1e12).heading
    assert groups.group(0).heading


def test_the_date_is_that_of_this_machine(qt_app: QApplication) -> None:
    assert date_of(lambda: _at(TODAY, 23, 59)) == TODAY

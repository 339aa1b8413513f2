"""The headings of a list that is ordered by time: today, yesterday, the last days, then months."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime

_YESTERDAY: Final = 1
_WEEK: Final = 7
_MONTH: Final = 30
_FIRST_YEAR: Final = 1970


@dataclass(frozen=True)
class DateGroup:
    """A heading, and the time in seconds since 1970 from which on (until the group before) things belong under it."""

    heading: str
    since: float


class DateGroups:
    """The headings of one day. Times that lie ahead, which a clock that was set back leaves, count as today."""

    def __init__(self, today: QDate) -> None:
        self.today = today
        words = QCoreApplication.translate
        self._groups = [
            DateGroup(words("DateGroups", "Today"), _start(today)),
            DateGroup(words("DateGroups", "Yesterday"), _start(today.addDays(-_YESTERDAY))),
            DateGroup(words("DateGroups", "Last 7 days"), _start(today.addDays(-_WEEK))),
            DateGroup(words("DateGroups", "Last 30 days"), _start(today.addDays(-_MONTH))),
        ]
        # What is older begins with the rest of the month in which the last span began.
        self._month_ends = today.addDays(-_MONTH)

    def group(self, when: float) -> DateGroup:
        """The group of that time; months are made as they are asked for."""
        for group in self._groups:
            if when >= group.since:
                return group
        while True:
            group = self._add_month()
            if when >= group.since:
                return group

    def _add_month(self) -> DateGroup:
        last = self._month_ends.addDays(-1)
        first = QDate(last.year(), last.month(), 1)
        since = _start(first) if first.year() >= _FIRST_YEAR else float("-inf")
        # The order of the month and the year is the language's.
        pattern = QCoreApplication.translate("DateGroups", "MMMM yyyy")
        group = DateGroup(QLocale().toString(first, pattern), since)
        self._groups.append(group)
        self._month_ends = first
        return group


def date_of(now: Callable[[], float] = time.time) -> QDate:
    """The date on this machine's calendar."""
    return QDateTime.fromSecsSinceEpoch(int(now())).date()


def _start(day: QDate) -> float:
    return QDateTime(day, QTime(0, 0)).toSecsSinceEpoch()

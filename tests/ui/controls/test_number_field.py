"""A number field takes what is a number within its limits, and says of everything else what is wrong."""

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from app.ui.controls.number_field import NumberField
from app.ui.theme import Theme
from tests.ui.conftest import Show


@pytest.fixture
def field(theme: Theme, show: Show) -> NumberField:
    field = NumberField(theme, "Context length", 256, 131_072, step=1024)
    field.set_value(8192)
    show(field)
    return field


def _type(field: NumberField, text: str) -> list[float]:
    told: list[float] = []
    field.changed.connect(told.append)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    field.changed.disconnect(told.append)
    return told


def test_a_number_is_written_as_the_locale_writes_it(field: NumberField) -> None:
    assert field.text() == "8,192"


@pytest.mark.parametrize("text", ["16384", "16,384"])
def test_what_is_typed_holds_at_once(field: NumberField, text: str) -> None:
    assert _type(field, text)[-1] == 16384
    assert field.value == 16384
    assert field.text() == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("200000", "The most is 131,072."),
        ("12", "The least is 256."),
        ("lots", "A number is needed here."),
        ("300.5", "A number is needed here."),
        ("nan", "A number is needed here."),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(field: NumberField, text: str, problem: str) -> None:
    told: list[str] = []
    field.problem_changed.connect(told.append)
    _type(field, text)
    assert field.problem == problem
    assert told[-1] == problem
    assert field.property("wrong") is True


def test_leaving_puts_back_what_holds(field: NumberField) -> None:
    _type(field, "200000")
    held = field.value
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.problem == ""
    assert field.text() == QLocale().toString(round(held))


def test_the_arrows_go_by_the_step_and_stop_at_the_ends(field: NumberField) -> None:
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.value == 9216
    QTest.keyClick(field, Qt.Key.Key_PageDown)
    assert field.value == 256
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.value == 256


def test_a_fraction_shows_the_decimals_that_it_needs(theme: Theme, show: Show) -> None:
    field = NumberField(theme, "Temperature", 0, 2, step=0.05, decimals=2)
    field.set_value(0.7)
    show(field)
    assert field.text() == "0.7"
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.value == 0.75
    assert field.text() == "0.75"
    field.set_value(1)
    assert field.text() == "1.0"


def test_a_comma_is_read_where_the_locale_writes_one(theme: Theme, show: Show) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    try:
        field = NumberField(theme, "Temperature", 0, 2, decimals=2)
        show(field)
        assert _type(field, "0,65")[-1] == 0.65
    finally:
        QLocale.setDefault(before)


def test_what_is_set_from_outside_is_not_told(field: NumberField) -> None:
    told: list[float] = []
    field.changed.connect(told.append)
    field.set_value(4096)
    assert told == []
    assert field.text() == "4,096"


def test_an_empty_field_may_stand_for_a_number(theme: Theme, show: Show) -> None:
    field = NumberField(theme, "Seed", 0, 100, blank=-1)
    chosen: list[float] = []
    field.changed.connect(chosen.append)
    show(field)
    assert (field.text(), field.value) == ("", -1)
    QTest.keyClicks(field, "7")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert chosen == [7, -1]
    assert field.problem == ""
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert (field.text(), chosen[-1]) == ("0", 0)
    field.set_value(-1)
    assert field.text() == ""


def test_what_assistive_technology_writes_is_chosen(field: NumberField) -> None:
    chosen: list[float] = []
    field.changed.connect(chosen.append)
    QAccessible.queryAccessibleInterface(field).editableTextInterface().replaceText(0, 5, "4096")
    assert chosen == [4096]
    field.set_value(2048)
    assert chosen == [4096]

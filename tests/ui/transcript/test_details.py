"""What a reply cost and how it was asked for, as rows, on a card and in the clipboard."""

import msgspec
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.chat.conversation import FinishReason, Message, Statistics
from app.chat.options import GenerateOptions, Sampling
from app.ui.transcript.details import as_text, details, seconds
from app.ui.transcript.details_card import DetailsCard
from app.ui.transcript.spots import ControlKind, Key
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.messages import question, reply

COST = Statistics(3106, 2904, 1842, 212, 57.04, 6.7, 32.2, 0.42)
OPTIONS = GenerateOptions("high", 4096, Sampling(0.6, 20, 0.95, 0.0, 1.0, 1.5, 7), "German")


def _told(message: Message) -> dict[str, str]:
    return dict(details(message))


def _full() -> Message:
    return msgspec.structs.replace(reply("r", "Hm.", "So."), statistics=COST, options=OPTIONS)


def test_every_figure_has_its_row_with_its_unit() -> None:
    assert _told(_full()) == {
        "Ended": "The answer is complete",
        "Thinking": "1,842 tokens · 57.0\N{NO-BREAK SPACE}s",
        "Answer": "212 tokens · 6.70\N{NO-BREAK SPACE}s",
        "Speed": "32.2\N{NO-BREAK SPACE}tok/s",
        "First token after": "0.42\N{NO-BREAK SPACE}s",
        "Prompt": "3,106 tokens",
        "From the cache": "2,904 tokens",
        "Model": "Qwen3 8B",
        "Thinking effort": "High",
        "Thinks in": "German",
        "Limit": "4,096 tokens",
        "Sampling": (
            "temperature\N{NO-BREAK SPACE}0.6, top-k\N{NO-BREAK SPACE}20, top-p\N{NO-BREAK SPACE}0.95, "
            "presence penalty\N{NO-BREAK SPACE}1.5, seed\N{NO-BREAK SPACE}7"
        ),
    }


def test_what_is_not_known_is_left_out() -> None:
    assert list(_told(reply("r", answer="So."))) == ["Ended", "Model"]
    plain = msgspec.structs.replace(reply("r", answer="So."), options=GenerateOptions())
    assert _told(plain)["Sampling"] == "As the model asks"
    assert "Thinking effort" not in _told(plain)
    quiet = msgspec.structs.replace(plain, statistics=Statistics(10, 0, 0, 2))
    assert "Thinking" not in _told(quiet)
    assert "Speed" not in _told(quiet)
    assert _told(quiet)["From the cache"] == "0 tokens"


@pytest.mark.parametrize(
    ("answer", "reason", "said"),
    [
        ("So", "limit", "The limit was reached"),
        ("", "limit", "The limit was reached while it was thinking"),
        ("", "stopped", "Stopped while thinking"),
        ("So", "end", "The answer is complete"),
    ],
)
def test_how_it_ended_is_told_in_the_words_of_the_transcript(
    answer: str, reason: FinishReason, said: str
) -> None:
    assert _told(reply("r", "Hm", answer, reason=reason))["Ended"] == said


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.416, "0.42\N{NO-BREAK SPACE}s"), (12.34, "12.3\N{NO-BREAK SPACE}s"), (84.2, "1:24")],
)
def test_short_times_have_fractions_and_long_ones_minutes(value: float, text: str) -> None:
    assert seconds(value) == text


def test_numbers_are_written_as_the_locale_does() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    told = _told(_full())
    assert told["Speed"] == "32,2\N{NO-BREAK SPACE}tok/s"
    assert told["Prompt"].startswith("3.106")


@pytest.fixture
def card(view: TranscriptView) -> DetailsCard:
    """The details of a reply, opened by the keyboard."""
    view.set_messages((question("q"), _full()))
    button = view.stage.tools.widget(Key(1, ControlKind.DETAILS))
    assert button is not None
    assert button.accessibleName() == "Details"
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Return)
    card = view.findChild(DetailsCard)
    assert card is not None
    return card


def test_the_button_opens_the_card_and_escape_goes_back_to_it(
    view: TranscriptView, card: DetailsCard
) -> None:
    assert card.isVisible()
    assert card.copy.hasFocus()
    QTest.keyClick(card.copy, Qt.Key.Key_Escape)
    assert card.isHidden()
    assert view.stage.tools.focused_key == Key(1, ControlKind.DETAILS)


def test_the_card_is_copied_as_lines(card: DetailsCard) -> None:
    assert card.copy.accessibleName() == "Copy the details"
    QTest.keyClick(card.copy, Qt.Key.Key_Return)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Ended: The answer is complete"
    assert lines == as_text(details(_full())).splitlines()
    assert card.copy.done
    card.copy.set_tool("copy", "Copy the details", "", 16)


def test_assistive_technology_hears_all_of_it_on_the_way_in(card: DetailsCard) -> None:
    told = QAccessible.queryAccessibleInterface(card.card)
    assert told.text(QAccessible.Text.Name) == "Details"
    assert told.text(QAccessible.Text.Description) == as_text(details(_full()))


def test_every_row_is_as_high_as_its_words(card: DetailsCard, qt_app: QApplication) -> None:
    qt_app.processEvents()
    cells = {cell.accessibleName(): cell for cell in card.card.findChildren(QWidget) if cell.accessibleName()}
    assert cells["Prompt"].y() - cells["Speed"].y() == 2 * (cells["Speed"].y() - cells["Answer"].y())
    assert cells["Ended"].y() == cells["The answer is complete"].y()


def test_a_reply_that_is_being_written_has_no_details_yet(view: TranscriptView) -> None:
    view.set_messages((question("q"), reply("r", answer="So", state="streaming")))
    assert view.stage.tools.widget(Key(1, ControlKind.DETAILS)) is None

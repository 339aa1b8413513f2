"""The header, the list and the first page are gone through by Tab in the order in which they are read."""

import threading

from PySide6.QtWidgets import QWidget

from app.chat.options import Choices, ChosenSampling
from app.services.machine_report import MachineService
from app.ui.first_run.page import FirstRunPage
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from tests.doubles.services import PlayedEngine, Services
from tests.ui.conftest import Show
from tests.ui.first_run.test_page import LAPTOP
from tests.ui.reading_order import name, out_of_order, place, read, stops
from tests.waiting import wait_until


def test_the_list_and_the_header(window: MainWindow, services: Services, engine: PlayedEngine) -> None:
    engine.be_ready()
    services.chat.send("Letter")
    wait_until(window.sidebar.view.isVisible, "the list")
    wait_until(window.header.export_button.isEnabled, "something to export")
    listed = stops(window, window.sidebar)
    names = ["New conversation", "Hide the list", "Search conversations", "Conversations", "Settings"]
    assert [name(stop) for stop in listed] == names
    assert out_of_order(listed) == []
    head = stops(window, window.header)
    assert [name(stop) for stop in head][-2:] == ["Export", "More"]
    assert out_of_order(sorted(head, key=lambda stop: place(stop).left())) == []
    assert head == sorted(head, key=lambda stop: place(stop).left())


def test_the_header_and_the_list_are_read_as_they_stand(window: MainWindow, services: Services) -> None:
    told = read(window.header)
    assert told[0] == "New conversation"
    assert told[-2:] == ["Export", "More"]
    side = read(window.sidebar)
    assert side.index("New conversation") < side.index("Hide the list") < side.index("Search conversations")


def test_the_composer_and_the_card_that_opens_from_it(
    window: MainWindow, engine: PlayedEngine, services: Services
) -> None:
    engine.be_ready()
    composer = window.page.composer
    assert [name(stop) for stop in stops(window, composer)] == ["Message", "Sampling"]
    told = read(composer)
    assert told.index("Message") < told.index("Sampling") < told.index("Send")
    window.choices.open_sampling()
    card = window.choices.card
    assert card is not None
    services.chat.choosing.choose(Choices(sampling=ChosenSampling(temperature=0.3, seed=7)))
    found = stops(window, card.card)
    assert [name(stop) for stop in found][:3] == ["Reset all", "Reset: Temperature", "Temperature"]
    assert out_of_order(found) == []
    told = read(card.card)
    assert told[:3] == ["Sampling", "Reset all", "For this conversation, from the next reply on."]
    assert told.index("Temperature") < told.index("this conversation") < told.index("Top K")


def test_the_first_page(theme: Theme, icons: Icons, show: Show) -> None:
    looked = threading.Event()
    looked.set()
    page = FirstRunPage(theme, icons, MachineService(lambda: LAPTOP))
    page.resize(1280, 840)
    show(page)
    found: list[QWidget] = stops(page, page)
    assert len(found) >= 2
    assert out_of_order(found) == []

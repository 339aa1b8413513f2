"""The graphics card is found where the system speaks of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.library.graphics import (
    GraphicsCard,
    adapter,
    apple_cards,
    graphics_card,
    linux_cards,
    nvidia_cards,
    short,
)


def _says(text: str) -> "_Run":
    return _Run(text)


class _Run:
    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, command: Sequence[str]) -> str:
        return self._text


def _card(root: Path, number: int, **files: str) -> None:
    device = root / f"sys/class/drm/card{number}/device"
    device.mkdir(parents=True)
    for name, text in files.items():
        (device / name).write_text(text + "\n", encoding="ascii")


def test_nvidia_s_own_words_are_read() -> None:
    told = "NVIDIA GeForce RTX 4060 Laptop GPU, 8188\nNVIDIA GB10, [N/A]\n\nnonsense\n"
    assert nvidia_cards(told) == [
        GraphicsCard("NVIDIA GeForce RTX 4060 Laptop GPU", 8188 * 2**20),
        GraphicsCard("NVIDIA GB10", 0),
    ]


def test_nvidia_s_driver_is_asked_wherever_it_lies(tmp_path: Path) -> None:
    assert linux_cards(tmp_path, _says("")) == []
    assert linux_cards(tmp_path, _says("NVIDIA T4, 16384")) == [GraphicsCard("NVIDIA T4", 2**34)]


def test_linux_names_a_card_by_its_maker_and_counts_its_memory(tmp_path: Path) -> None:
    _card(tmp_path, 0, vendor="0x8086")
    _card(tmp_path, 1, vendor="0x1002", mem_info_vram_total="17163091968", product_name="Radeon RX 7800 XT")
    _card(tmp_path, 2, vendor="0x1234")
    assert linux_cards(tmp_path, _says("")) == [
        GraphicsCard("Intel graphics"),
        GraphicsCard("Radeon RX 7800 XT", 17_163_091_968),
    ]


def test_a_card_that_its_driver_names_is_not_named_twice(tmp_path: Path) -> None:
    _card(tmp_path, 0, vendor="0x10de")
    assert linux_cards(tmp_path, _says("NVIDIA T4, 16384")) == [GraphicsCard("NVIDIA T4", 2**34)]
    assert linux_cards(tmp_path, _says("")) == [GraphicsCard("NVIDIA graphics")]


def test_apple_s_chips_hold_their_graphics() -> None:
    assert apple_cards(_says("Apple M2 Pro\n")) == [GraphicsCard("Apple M2 Pro")]
    assert apple_cards(_says("Intel(R) Core(TM) i9\n")) == []


def test_windows_adapters_that_only_draw_a_desktop_do_not_count() -> None:
    assert adapter("NVIDIA GeForce RTX 3060", 12_884_901_888) == GraphicsCard(
        "NVIDIA GeForce RTX 3060", 12_884_901_888
    )
    assert adapter("Intel(R) UHD Graphics 770", None) == GraphicsCard("Intel UHD Graphics 770")
    assert adapter("Microsoft Basic Display Adapter", 0) is None
    assert adapter(None, None) is None


@pytest.mark.parametrize(
    ("name", "shortened"),
    [
        ("Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz", "Intel Xeon Platinum 8481C"),
        ("12th Gen Intel(R) Core(TM) i7-12700H", "12th Gen Intel Core i7-12700H"),
        ("AMD Ryzen 9 7950X 16-Core Processor", "AMD Ryzen 9 7950X"),
        ("AMD Ryzen 7 7840U w/ Radeon 780M Graphics", "AMD Ryzen 7 7840U w/ Radeon 780M Graphics"),
        ("AMD Ryzen 5 5600G with Radeon Graphics", "AMD Ryzen 5 5600G"),
        ("Apple M2", "Apple M2"),
        ("", ""),
    ],
)
def test_names_are_shortened_to_what_tells_them_apart(name: str, shortened: str) -> None:
    assert short(name) == shortened


def test_this_machine_can_be_asked() -> None:
    card = graphics_card()
    assert card is None or card.name

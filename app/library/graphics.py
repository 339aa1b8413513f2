"""The graphics card of this machine, as the system tells it without help of a driver's library."""

import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

Run = Callable[[Sequence[str]], str]

_NVIDIA = ("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
_CHIP = ("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string")
_SECONDS = 5
_MIB = 2**20
# Who made a card, by the number that PCI gives to a maker; virtual ones are nothing to run a model on.
_MAKERS = {"0x1002": "AMD", "0x10de": "NVIDIA", "0x8086": "Intel"}
_ADAPTERS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"
_VIRTUAL = ("basic display", "basic render", "remote display", "virtual")


class GraphicsCard(NamedTuple):
    """A card: its name, and its own memory in bytes, 0 where it shares the machine's or none is told."""

    name: str
    memory: int = 0


def graphics_card() -> GraphicsCard | None:
    """The card with the most memory of its own; None where there is none."""
    if sys.platform == "darwin":
        cards = apple_cards(_run)
    elif sys.platform == "win32":
        cards = _windows_cards()
    else:
        cards = linux_cards(Path("/"), _run)
    return max(cards, key=lambda card: card.memory, default=None)


def linux_cards(root: Path, run: Run) -> list[GraphicsCard]:
    """What NVIDIA's driver tells, and what /sys knows of all others, taken from `root`."""
    # Where the driver lies differs (a container and Windows' Linux have no entry in /proc), so it is always asked.
    cards = nvidia_cards(run(_NVIDIA))
    for device in sorted((root / "sys/class/drm").glob("card?/device")):
        maker = _MAKERS.get(_text(device / "vendor"))
        if maker and not (maker == "NVIDIA" and cards):
            name = _text(device / "product_name") or f"{maker} graphics"
            total = _text(device / "mem_info_vram_total")
            cards.append(GraphicsCard(name, int(total) if total.isdecimal() else 0))
    return cards


def nvidia_cards(told: str) -> list[GraphicsCard]:
    """The cards in what `nvidia-smi` prints: a line each, name and MiB; memory that is shared is "[N/A]"."""
    cards = []
    for line in told.splitlines():
        name, _, memory = line.rpartition(",")
        if name.strip():
            mib = memory.strip()
            cards.append(GraphicsCard(name.strip(), int(mib) * _MIB if mib.isdecimal() else 0))
    return cards


def apple_cards(run: Run) -> list[GraphicsCard]:
    """A chip of Apple's holds its graphics and shares its memory; older machines are told nothing of."""
    name = run(_CHIP).strip()
    return [GraphicsCard(name)] if name.startswith("Apple") else []


def adapter(description: object, memory: object) -> GraphicsCard | None:
    """A card from the two values of Windows' registry; None for one that only draws a desktop."""
    if not isinstance(description, str) or any(word in description.lower() for word in _VIRTUAL):
        return None
    return GraphicsCard(short(description), memory if isinstance(memory, int) else 0)


def short(name: str) -> str:
    """A processor's or a card's name without trade marks, clock and what every one of them is called."""
    name = re.sub(r"\((?:R|TM|C)\)|®|™", "", name, flags=re.IGNORECASE)
    name = re.sub(r"\s+(?:CPU\s*)?@.*$|\s+with Radeon.*$", "", name)
    name = re.sub(r"\s+(?:\d+-Core )?(?:Processor|CPU)\b", "", name)
    return " ".join(name.split())


def _windows_cards() -> list[GraphicsCard]:
    cards: list[GraphicsCard] = []
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _ADAPTERS) as adapters:
            for number in range(8):
                try:
                    with winreg.OpenKey(adapters, f"{number:04}") as key:
                        description = winreg.QueryValueEx(key, "DriverDesc")[0]
                        memory = _value(key, "HardwareInformation.qwMemorySize")
                except OSError:
                    break
                card = adapter(description, memory)
                cards.extend([card] if card else [])
    return cards


def _value(key: object, name: str) -> object:
    if sys.platform == "win32":
        import winreg

        try:
            return winreg.QueryValueEx(key, name)[0]  # type: ignore[arg-type]
        except OSError:
            return None
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _run(command: Sequence[str]) -> str:
    """What a command prints; nothing where it is missing, fails or takes too long."""
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ended.stdout if ended.returncode == 0 else ""

"""How the window speaks of a model: where it runs, how much it can read, what its thinking can be set to."""

from PySide6.QtCore import QCoreApplication, QLocale

from app.chat.options import Capabilities, Placement

_TOKENS_A_PAGE = 680
"""Tokens of English prose on a page of about 500 words."""


def placement_text(placement: Placement) -> str:
    """Where a model runs, as the bar says it after the model's name."""
    if placement.gpu_layers <= 0:
        return _tr("on the processor")
    if placement.gpu_layers >= placement.layers:
        return _tr("on the GPU")
    locale = QLocale()
    return _tr("{part} of {all} layers on the GPU").format(
        part=locale.toString(placement.gpu_layers), all=locale.toString(placement.layers)
    )


def room_text(capabilities: Capabilities) -> str:
    """Where a model runs and how much it can read, as a sentence."""
    pages = capabilities.context // _TOKENS_A_PAGE
    if pages < 2:
        return _tr("{runs}, with room for about one page.").format(runs=runs_text(capabilities.placement))
    return _tr("{runs}, with room for about {pages} pages.").format(
        runs=runs_text(capabilities.placement), pages=QLocale().toString(pages)
    )


def runs_text(placement: Placement) -> str:
    """Where a model runs, as the beginning of a sentence."""
    if 0 < placement.gpu_layers < placement.layers:
        locale = QLocale()
        return _tr("{part} of its {all} layers run on the GPU").format(
            part=locale.toString(placement.gpu_layers), all=locale.toString(placement.layers)
        )
    return _tr("It runs {where}").format(where=placement_text(placement))


def thinking_text(choice: str) -> str:
    """A thinking choice as a menu says it: on and off in the person's language, efforts in the template's words."""
    known = {
        "on": _tr("On"),
        "off": _tr("Off"),
        "low": _tr("Low"),
        "medium": _tr("Medium"),
        "high": _tr("High"),
    }
    return known.get(choice, choice[:1].upper() + choice[1:])


def in_order(choices: tuple[str, ...]) -> list[str]:
    """Thinking choices in the order of a menu: off, on, then the efforts as the model has them."""
    return sorted(choices, key=lambda choice: {"off": 0, "on": 1}.get(choice, 2))


def waiting_text(choice: str) -> str:
    """Said of a choice that the model does not have."""
    return _tr("“{choice}” was chosen here. It waits for a model that has it.").format(
        choice=thinking_text(choice)
    )


def percent(share: float) -> str:
    """A share from 0 to 1 in per cent, with a no-break space."""
    return _tr("{number}\N{NO-BREAK SPACE}%").format(number=QLocale().toString(round(share * 100)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Models", text)

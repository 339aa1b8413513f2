"""The words of exported files, in the person's language."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.chat.conversation import FinishReason
from app.export.words import Words

_MINUTE: Final = 60
_HOUR: Final = 3600


def export_words() -> Words:
    """The words as they are now; they may be used on any thread."""
    return Words(
        you=_tr("You"),
        model=_tr("Model"),
        system=_tr("System prompt"),
        thinking=_tr("Thinking"),
        note=_tr("Your note"),
        bridge=_tr("Added by the app"),
        untitled=untitled(),
        back=_tr("Back"),
        date=date,
        thought=_thought,
        numbered=lambda number: _tr("Thinking {number}").format(number=QLocale().toString(number)),
        attached=lambda name: _tr("Attached: {name}").format(name=name),
        ended=_ended,
    )


def untitled() -> str:
    """What a conversation without a title is called."""
    return _tr("Untitled")


def date(seconds: float) -> str:
    """Day and time on this machine, as its language writes them."""
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    locale = QLocale()
    kind = QLocale.FormatType
    day, time = (
        locale.toString(moment.date(), kind.LongFormat),
        locale.toString(moment.time(), kind.ShortFormat),
    )
    return _tr("{day}, {time}").format(day=day, time=time)


def _thought(seconds: float, tokens: int) -> str:
    words = _tr("Thought for {time}").format(time=_duration(seconds))
    if seconds < 1:
        words = _tr("Thought for under a second")
    if tokens == 1:
        return f"{words} · {_tr('1 token')}"
    count = QCoreApplication.translate("Export", "%Ln tokens", None, tokens)
    return f"{words} · {count}" if tokens else words


def _duration(seconds: float) -> str:
    """Whole seconds as a clock shows them: 0:57, 12:04, 1:02:03."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // _HOUR, whole // _MINUTE % _MINUTE, whole % _MINUTE
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _ended(reason: FinishReason | None) -> str:
    if reason == "stopped":
        return _tr("Stopped")
    if reason == "limit":
        return _tr("Reached the token limit")
    if reason == "interrupted":
        return _tr("The engine stopped here")
    if reason == "context_full":
        return _tr("The context is full")
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Export", text)

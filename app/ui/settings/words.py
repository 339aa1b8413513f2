"""Numbers, sizes and times as the settings write them."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

_GIGA = 1e9


def conversations(count: int) -> str:
    """How many conversations."""
    if count == 0:
        return _tr("No conversations")
    if count == 1:
        return _tr("1 conversation")
    return QCoreApplication.translate("Settings", "%Ln conversations", None, count)


def characters(count: int) -> str:
    """How many characters."""
    if count == 1:
        return _tr("1 character")
    return QCoreApplication.translate("Settings", "%Ln characters", None, count)


def minutes(count: int) -> str:
    """After how many minutes; whole hours are told as hours."""
    if count == 1:
        return _tr("After 1 minute")
    if count == 60:
        return _tr("After 1 hour")
    if count % 60 == 0:
        return QCoreApplication.translate("Settings", "After %Ln hours", None, count // 60)
    return QCoreApplication.translate("Settings", "After %Ln minutes", None, count)


def size(count: int) -> str:
    """Bytes in the unit that suits them."""
    digits = 1 if count >= _GIGA else 0
    text = QLocale().formattedDataSize(count, digits, QLocale.DataSizeFormat.DataSizeSIFormat)
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def per_cent(count: int) -> str:
    """A share in hundredths."""
    return _tr("{number}\N{NO-BREAK SPACE}%").format(number=QLocale().toString(count))


def moment(seconds: float) -> str:
    """A day and a time of it, from seconds since 1970."""
    at = QDateTime.fromSecsSinceEpoch(int(seconds))
    locale = QLocale()
    day = locale.toString(at.date(), QLocale.FormatType.LongFormat)
    time = locale.toString(at.time(), QLocale.FormatType.ShortFormat)
    return _tr("{day}, {time}").format(day=day, time=time)


def place(path: Path) -> str:
    """A path, the home folder short."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except ValueError:
        return str(path)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)

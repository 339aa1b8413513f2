"""What the export dialog and its notices say."""

from PySide6.QtCore import QCoreApplication, QLocale

from app.services.exchange.export_service import Exported, Form, Format
from app.services.exchange.importing import Imported
from app.services.words.explanation import Explanation
from app.services.words.messages import explain
from app.ui.direction import isolated


def formats() -> dict[str, str]:
    """The formats by name."""
    return {"md": _tr("Markdown"), "txt": _tr("Plain text"), "json": _tr("JSON")}


def thinking_choices(kind: Format) -> dict[str, str]:
    """What can become of the thinking in that format."""
    if kind == "json":
        return {"none": _tr("Left out"), "collapsed": _tr("Included")}
    in_place = _tr("Folded") if kind == "md" else _tr("In its place")
    return {"none": _tr("Left out"), "collapsed": in_place, "appendix": _tr("At the end")}


def about(form: Form) -> str:
    """What a file of that format is good for."""
    if form.kind == "json":
        return _tr("Everything: all versions, statistics, system prompt and draft; it can be imported again.")
    if form.kind == "txt":
        return _tr("The open versions, as text that every program reads.")
    return _tr("The open versions, for everything that reads Markdown.")


def file_filter(kind: Format) -> str:
    """How a file dialog names the format."""
    return _tr("{name} ({pattern})").format(name=formats()[kind], pattern=f"*.{kind}")


def exported(done: Exported) -> str:
    """What was written and where."""
    if not done.is_folder:
        return _tr("Exported to {name}").format(name=isolated(done.path.name))
    if done.count == 1:
        return _tr("1 conversation exported to {name}").format(name=isolated(done.path.name))
    words = QCoreApplication.translate("Export", "%Ln conversations exported to {name}", None, done.count)
    return words.format(name=isolated(done.path.name))


def imported(done: Imported) -> str:
    """How much was taken."""
    count = len(done.ids)
    if count == 1:
        return _tr("1 conversation imported")
    if count:
        return QCoreApplication.translate("Export", "%Ln conversations imported", None, count)
    if done.present == 1:
        return _tr("The conversation is here already")
    return _tr("The conversations are all here already")


def refused(done: Imported) -> Explanation:
    """What was not taken and why: of several, the first reason."""
    count = len(done.problems)
    first = explain(done.problems[0])
    if count == 1:
        return first
    title = _tr("{count} parts of what was chosen were not imported.").format(count=QLocale().toString(count))
    return Explanation(title, first.text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Export", text)

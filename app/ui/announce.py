"""Says something to assistive technology that nobody has focused."""

import PySide6.QtGui as gui
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Has `text` spoken: politely after what is being said, or at once when it is urgent."""
    if not gui.QAccessible.isActive():
        return
    # Announcements came with Qt 6.8; before, an alert has the widget's own name and description read out.
    if hasattr(gui, "QAccessibleAnnouncementEvent"):
        event = gui.QAccessibleAnnouncementEvent(widget, text)
        politeness = gui.QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
        gui.QAccessible.updateAccessibility(event)
    else:
        gui.QAccessible.updateAccessibility(gui.QAccessibleEvent(widget, gui.QAccessible.Event.Alert))

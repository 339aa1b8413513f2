"""How buttons that open a menu are told to assistive technology: Qt tells it of menus that it opens itself only."""

from functools import cache
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget

_OPENS_MENU: Final = "opens_menu"


@cache
def _install() -> None:
    QAccessible.installFactory(_made)


def _made(_key: str, thing: QObject) -> QAccessibleInterface | None:
    opens = isinstance(thing, QAbstractButton) and thing.property(_OPENS_MENU)
    return MenuButtonAccess(thing) if opens and isinstance(thing, QAbstractButton) else None


def tell_of_menu(button: QAbstractButton) -> None:
    """Has a button told as one that opens a menu; to be called before the button is named."""
    button.setProperty(_OPENS_MENU, True)
    _install()


class MenuButtonAccess(QAccessibleWidget):
    """A button that has a menu; pressing it is its first action."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button, QAccessible.Role.ButtonMenu, button.accessibleName())
        self._button = button

    def state(self) -> QAccessible.State:
        """As every widget's, and that there is a menu."""
        state = super().state()
        state.hasPopup = True
        state.pressed = self._button.isDown()
        return state

    def actionNames(self) -> list[str]:
        """What can be done with it now."""
        known = QAccessibleActionInterface
        return [known.pressAction(), known.setFocusAction()] if self._button.isEnabled() else []

    def doAction(self, name: str) -> None:
        """Does it."""
        if name == QAccessibleActionInterface.pressAction():
            self._button.click()
        elif name == QAccessibleActionInterface.setFocusAction():
            self._button.setFocus()

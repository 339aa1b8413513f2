"""Windows: the machine stays awake while this process asks for it."""

import sys
from typing import Final

from app.services.desktop.desktop_system import DesktopSystem

_CONTINUOUS: Final = 0x80000000
_SYSTEM_REQUIRED: Final = 0x00000001


class WindowsDesktop(DesktopSystem):
    """The wish belongs to the thread that utters it, and dies with it."""

    def keep_awake(self, _why: str, /) -> None:
        """Asks the system not to sleep; the screen may."""
        _wish(_CONTINUOUS | _SYSTEM_REQUIRED)

    def let_sleep(self) -> None:
        """Takes the wish back."""
        _wish(_CONTINUOUS)


def _wish(flags: int) -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetThreadExecutionState(ctypes.c_uint(flags))

"""Frees the memory of a model that nobody has used for a while; the next question loads it again."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from app.protocol.engine import Event
from app.services.models.engine_service import EngineService
from app.services.settings_service import SettingsService
from app.settings import IDLE_UNLOAD

_MINUTE = 60.0
_AGAIN = 5.0
"""Seconds until a model that was busy when its time came is looked at again."""


class IdleUnload(QObject):
    """Lets the engine rest after the chosen minutes without a load, a reply or a plan.

    `busy` tells of work that has not reached the engine, such as a queue. `now` is a clock in seconds that neither
    jumps nor goes on while the machine sleeps: nobody has been away for a night that the machine slept through.
    """

    def __init__(
        self,
        engine: EngineService,
        settings: SettingsService,
        parent: QObject | None = None,
        *,
        busy: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._busy = busy
        self._now = now
        self._last = now()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.look)
        engine.heard.connect(self._on_heard)
        engine.state_changed.connect(self._on_state_changed)
        settings.changed.connect(self._on_setting_changed)

    def look(self) -> None:
        """Lets the engine rest if its time has come; waits for it otherwise."""
        minutes = self._settings.get(IDLE_UNLOAD)
        if self._engine.state.phase != "ready" or not minutes:
            self._timer.stop()
            return
        left = self._last + minutes * _MINUTE - self._now()
        if left > 0:
            self._wait(left)
        elif self._busy():
            self._wait(_AGAIN)
        else:
            self._engine.rest()

    def _wait(self, seconds: float) -> None:
        self._timer.start(max(1, round(seconds * 1000)))

    def _on_heard(self, _word: Event) -> None:
        self._last = self._now()

    def _on_state_changed(self) -> None:
        self._last = self._now()
        self.look()

    def _on_setting_changed(self, name: str) -> None:
        if name == IDLE_UNLOAD.name:
            self.look()

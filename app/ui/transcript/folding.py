"""The motion of a trace that opens or folds."""

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from app.ui.theme import Motion, Theme
from app.ui.transcript.measures import Measure
from app.ui.transcript.sections import ThinkingSection


class Folding(QObject):
    """Moves traces between folded and open, and tells after each step."""

    def __init__(self, theme: Theme, moved: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._moved = moved
        self._running: dict[ThinkingSection, QVariantAnimation] = {}

    @property
    def moving(self) -> bool:
        """Whether a trace is between open and folded."""
        return bool(self._running)

    def move(self, section: ThinkingSection, *, at_once: bool = False) -> None:
        """Brings a trace to where its fold says it should be."""
        target = 1.0 if section.fold.open else 0.0
        running = self._running.pop(section, None)
        if running is not None:
            running.stop()
            running.deleteLater()
        if section.openness == target:
            return
        lines = section.passage.height // section.passage.column.style.line
        if at_once or self._theme.reduced_motion or lines > Measure.FOLD_LINES:
            section.openness = target
            self._moved()
            return
        self._start(section, target)

    def _start(self, section: ThinkingSection, target: float) -> None:
        animation = QVariantAnimation(self)
        animation.setDuration(Motion.FOLD)
        animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        animation.setStartValue(section.openness)
        animation.setEndValue(target)
        animation.valueChanged.connect(lambda value: self._on_step(section, float(value)))
        animation.finished.connect(lambda: self._on_finished(section, target))
        self._running[section] = animation
        animation.start()

    def _on_step(self, section: ThinkingSection, openness: float) -> None:
        section.openness = openness
        self._moved()

    def _on_finished(self, section: ThinkingSection, target: float) -> None:
        animation = self._running.pop(section, None)
        if animation is not None:
            animation.deleteLater()
        section.openness = target
        self._moved()

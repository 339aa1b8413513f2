"""How the next reply of the open conversation is asked for, on the bar and in the composer, and how that is changed."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject

from app.chat.options import Thinking
from app.services.conversations.choosing import Choosing
from app.services.models.engine_service import EngineService
from app.ui.composer.composer import Composer
from app.ui.controls.segment import Segment, Words
from app.ui.icons import Icons
from app.ui.models.model_bar import ModelBar, ThinkingChoice
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.models.sampling_card import SamplingCard


class ChoicesDesk(QObject):
    """Joins the choices of the open conversation to what shows them.

    The segment for sampling is made when there is something to say in it, its card when it is opened.
    """

    def __init__(
        self,
        choosing: Choosing,
        engine: EngineService,
        bar: ModelBar,
        composer: Composer,
        theme: Theme,
        icons: Icons,
    ) -> None:
        super().__init__(composer)
        self._choosing = choosing
        self._engine = engine
        self._bar = bar
        self._composer = composer
        self._theme = theme
        self._icons = icons
        self._segment: Segment | None = None
        self._card: SamplingCard | None = None
        bar.thinking_chosen.connect(self._on_thinking_chosen)
        bar.own_language_chosen.connect(self._on_own_language_chosen)
        choosing.changed.connect(self._show)
        self._show()

    @property
    def sampling(self) -> Segment | None:
        """What says in the composer how replies are sampled, once a model is there."""
        return self._segment

    @property
    def card(self) -> "SamplingCard | None":
        """The card for sampling, while it is open."""
        return self._card

    def open_sampling(self) -> None:
        """Opens the card."""
        from app.ui.models.sampling_card import SamplingCard

        if self._segment is None or self._card is not None:
            return
        self._card = SamplingCard(self._theme, self._icons, self._choosing, self._segment)
        self._card.closed.connect(self._on_closed)
        self._card.open()

    def _show(self) -> None:
        choices, capabilities = self._choosing.choices, self._engine.state.capabilities
        now = self._choosing.thinking_now
        waits = _waiting(choices.thinking or "", now, capabilities.thinking) if capabilities else ""
        self._bar.set_thinking(ThinkingChoice(now, waits, choices.own_language))
        if capabilities is not None or self._segment is not None:
            self._show_sampling(capabilities is not None)

    def _show_sampling(self, known: bool) -> None:
        from app.ui.models.sampling_words import summary

        if self._segment is None:
            self._segment = Segment(self._theme, self._icons, self.tr("Sampling"))
            self._segment.setToolTip(self.tr("How the words of the next reply are drawn"))
            self._segment.opened.connect(self.open_sampling)
            self._composer.add_tool(self._segment)
        temperature, source = summary(self._choosing.sampling_now)
        told = self.tr("{temperature} · {source}").format(temperature=temperature, source=source)
        self._segment.set_words(Words(self.tr("Sampling")), Words(told, "quiet", gives_way=True))
        self._segment.setVisible(known)

    def _on_thinking_chosen(self, choice: str) -> None:
        self._choosing.choose(msgspec.structs.replace(self._choosing.choices, thinking=choice))

    def _on_own_language_chosen(self, wanted: bool) -> None:
        self._choosing.choose(msgspec.structs.replace(self._choosing.choices, own_language=wanted))

    def _on_closed(self) -> None:
        self._card = None


def _waiting(wish: str, now: str | None, thinking: Thinking) -> str:
    """The choice that the model lacks; empty where it has it. Whoever wants it to think has that in any effort."""
    fulfilled = wish in thinking.choices or (wish == "on" and now != "off")
    return "" if fulfilled else wish

"""Takes pictures of the window: python tests/screenshots.py OUTDIR, offscreen or on a display.

Every picture is of the real window with the real services; only the engine is played, so that the pictures are the
same each time. With QT_QPA_PLATFORM=xcb (and a display, or under xvfb-run) the platform that people use draws them.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEventLoop, QLocale, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chat.conversation import Message, Segment, Statistics, Summary, Text
from app.errors import EngineError
from app.paths import demo_model
from app.services.chat_service import ContextUse
from app.services.engine_service import EngineState
from app.services.settings_service import SettingsService
from app.settings import Settings
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.notices import Action
from app.ui.theme import Theme
from app.ui.window_services import WindowServices
from tests.doubles.services import EFFORTS, PlayedEngine, PlayedStore, Services, capabilities

_THINKING = """\
Two espressos at 15:00, bed at 23:00, so the gap is eight hours.

First the dose. One espresso of 30 ml holds about 63 mg, so two hold 126 mg.

Wait, many cafés pull doubles. Then it would be 252 mg. The person wrote “two espressos”, which could be either.

Take singles, and the spread is the point. So not one half-life but three: 3, 5 and 7 hours.

At five hours: 2^(−8/5) = 2^(−1.6) ≈ 0.330, and 126 × 0.330 ≈ 41.6 mg. At three: 2^(−8/3) ≈ 0.157, so 19.8 mg.

Check at five once more by halving: 126 at 15:00, 63 at 20:00, 31.5 at 01:00. At 23:00 it must lie between."""

_ANSWER = """\
With the usual half-life of five hours, 42 mg of the 126 mg remain: two thirds of one espresso. People differ a good \
deal, and the dose that is left follows from the hours alone.

```python
def left(dose, hours, half_life=5.0):
    return dose * 0.5 ** (hours / half_life)

for half_life in (3, 5, 7):
    print(half_life, round(left(126, 8, half_life)))  # mg at 23:00
```

If you sleep badly, move the second espresso before noon first, and see what changes."""

_MODEL = "Qwen3 8B"
_SIZES = {"": (1280, 840), "-narrow": (800, 600), "-smallest": (640, 480)}


def _question(number: int, text: str) -> Message:
    parent = f"a{number - 1}" if number else None
    return Message(f"q{number}", "user", parent, parts=(Text(text),))


def _reply(number: int, thinking: tuple[str, int, float], answer: str) -> Message:
    text, tokens, seconds = thinking
    segments = (
        Segment("thinking", "model", text, tokens, seconds),
        Segment("answer", "model", answer, 120, 4.0),
    )
    return Message(
        f"a{number}",
        "assistant",
        f"q{number}",
        segments=segments,
        reason="end",
        model=_MODEL,
        statistics=Statistics(40, 0, tokens, 120, seconds, 4.0, 31.0, 0.4),
    )


def conversation() -> tuple[Message, ...]:
    """Two questions and their replies."""
    first = "About five hours in most healthy adults. Anything between three and seven is ordinary."
    return (
        _question(0, "What is the half-life of caffeine, and how much do people differ?"),
        _reply(0, ("The usual figure is five hours.", 1842, 57.0), first),
        _question(
            1, "I have two espressos at 15:00 and go to bed at 23:00. How much is still there by then?"
        ),
        _reply(1, (_THINKING, 2604, 84.0), _ANSWER),
    )


def summaries() -> tuple[Summary, ...]:
    """The conversations of the look, by how many days ago they were written in."""
    titles = (
        ("Caffeine, half-lives and sleep", 0.0),
        ("Why make rebuilds everything", 0.0),
        ("Letter to the landlord", 0.0),
        ("Why √2 is irrational, three ways", 1.0),
        ("Sourdough in a cold kitchen", 1.0),
        ("A regular expression for IBANs", 3.0),
        ("SQLite or DuckDB for 40 million rows of measurements", 4.0),
        ("Birthday riddle for a nine-year-old", 5.0),
        ("Chapter 2: sampling bias", 20.0),
        ("House rewiring, room by room", 80.0),
    )
    now = time.time()
    return tuple(
        Summary(str(number), title, updated=now - days * 86_400 - number, messages=2, unread=number == 7)
        for number, (title, days) in enumerate(titles)
    )


class Studio:
    """One window in one scheme, and what can be shown in it."""

    def __init__(self, application: QApplication, scheme: str) -> None:
        self._application = application
        theme = Theme()
        theme.load_remaining_fonts()
        theme.set_scheme(scheme)
        theme.set_reduced_motion(True)
        self.engine = PlayedEngine()
        self.services = Services(self.engine, PlayedStore())
        chat, conversations, replies = (
            self.services.chat,
            self.services.conversations,
            self.services.replies,
        )
        self._folder = TemporaryDirectory()
        self._settings = SettingsService(Settings(Path(self._folder.name) / "settings.json"))
        asked = WindowServices(chat, self.engine, conversations, replies, self._settings)
        self.window = MainWindow(asked, theme, Icons(theme), demo_model())
        self.window.show()
        self.show_size(1280, 840)

    def show_size(self, width: int, height: int) -> None:
        """Makes the window so large."""
        self.window.resize(width, height)
        self.settle()

    def close(self) -> None:
        """Ends everything that was begun."""
        self.window.close()
        self._settings.save()
        self.services.close()
        self._folder.cleanup()

    def settle(self) -> None:
        """Lets everything be laid out and painted."""
        loop = QEventLoop()
        QTimer.singleShot(150, loop.quit)
        loop.exec()

    def picture(self) -> QPixmap:
        """The window as it is now; the played engine has no memory of its own to ask for."""
        loaded = self.engine.state.capabilities is not None
        self.settle()
        self.window.status_line.set_memory(1_100_000_000 if loaded else 0)
        return self.window.grab()

    def no_model(self) -> None:
        """Nothing is loaded."""
        self.engine.become(EngineState())

    def loading(self) -> None:
        """A model is being loaded."""
        self.engine.become(EngineState("loading", "Qwen3-8B-Q4_K_M.gguf", _MODEL, 0.46))

    def ready(self) -> None:
        """A model is there, the conversation is empty."""
        self.engine.be_ready()
        self.window.model_bar.set_context(ContextUse(3106, 8192))

    def demo(self) -> None:
        """The demo model is there."""
        self.engine.be_ready(capabilities("demo", context=2048), str(demo_model()))

    def full(self) -> None:
        """A conversation of four messages."""
        self.ready()
        self.window.page.empty_state.hide()
        self.listed()
        self.window.header.set_exportable(True)
        self.window.header.show_conversation("Caffeine, half-lives and sleep", temporary=False)
        self.window.page.transcript.set_messages(conversation())
        self.window.page.composer.set_answering(False)
        self.window.status_line.set_speed(0)

    def listed(self) -> None:
        """The conversations of the look, with every mark that a row can have."""
        sidebar = self.window.sidebar
        sidebar.set_summaries(summaries())
        sidebar.set_states({"1": "answering", "2": "queued"})
        sidebar.show_open("0")
        self.window.status_line.set_elsewhere("Why make rebuilds everything", 31.0)

    def over(self) -> None:
        """The list, sliding over the page where that has no room for it."""
        self.window.page.notices.clear()
        self.window.page.toast.hide()
        self.full()
        self.show_size(800, 600)
        self.window.frame.open_over()

    def searched(self) -> None:
        """A search that finds nothing."""
        self.full()
        self.window.sidebar.search.setText("quokka")

    def temporary(self) -> None:
        """A conversation that is never stored."""
        self.window.sidebar.search.clear()
        self.services.chat.new_conversation(temporary=True)
        self.window.page.composer.set_hint("")
        self.window.page.focus_composer()
        self.listed()

    def thinking(self) -> None:
        """A reply that thinks."""
        self.full()
        question, reply = conversation()[-2:]
        live = Segment("thinking", "model", _THINKING, 1310, 42.0)
        growing = Message(
            reply.id, "assistant", question.id, segments=(live,), state="streaming", model=_MODEL
        )
        self.window.page.transcript.set_messages((*conversation()[:-2], question))
        self.window.page.transcript.add_message(growing)
        self.window.page.composer.set_answering(True)
        self.window.status_line.set_speed(31.0)

    def notices(self) -> None:
        """Banners, a toast, a draft that is too long."""
        self.full()
        page = self.window.page
        page.composer.editor.setPlainText("And if I had a third one?\nAt 17:00, say.")
        page.composer.set_hint("This is longer than the model can read at once.", "warning")
        page.notices.show_error(EngineError("engine_crashed"), Action("Start it again", lambda: None))
        page.notices.show_notice("device_failed")
        page.notices.show_notice("template_missing")
        self.settle()
        page.toast.say("Conversation deleted", page.toast_place(), Action("Undo", lambda: None))

    def focused(self) -> None:
        """The focus ring, as the keyboard shows it."""
        self.window.page.notices.clear()
        self.window.page.toast.hide()
        self.window.activateWindow()
        self.window.page.composer.editor.setFocus()
        QTest.keyClick(self.window.page.composer.editor, Qt.Key.Key_Tab)

    def menus(self) -> Iterator[str]:
        """Opens each menu of the bar, and says its name while it is open."""
        bar = self.window.model_bar
        self.engine.be_ready(capabilities(thinking=EFFORTS))
        for name, segment in (("model-menu", bar.model), ("thinking-menu", bar.thinking)):
            segment.opened.emit()
            self.settle()
            yield name
            if bar.menu is not None:
                bar.menu.hide()


def take(application: QApplication, folder: Path, scheme: str) -> None:
    """Takes every picture of one scheme into `folder`."""
    studio = Studio(application, scheme)
    states: dict[str, Callable[[], None]] = {
        "empty": studio.no_model,
        "loading": studio.loading,
        "demo": studio.demo,
        "ready": studio.ready,
        "full": studio.full,
        "thinking": studio.thinking,
        "notices": studio.notices,
        "focus": studio.focused,
    }
    for name, show in states.items():
        show()
        for suffix, size in _SIZES.items():
            studio.show_size(*size)
            studio.picture().save(str(folder / f"{name}{suffix}-{scheme}.png"))
        studio.show_size(1280, 840)
    studio.show_size(2560, 1440)
    studio.picture().save(str(folder / f"wide-{scheme}.png"))
    studio.over()
    studio.picture().save(str(folder / f"over-{scheme}.png"))
    studio.show_size(1280, 840)
    for name, show in (("searched", studio.searched), ("temporary", studio.temporary)):
        show()
        studio.picture().save(str(folder / f"{name}-{scheme}.png"))
    for name in studio.menus():
        menu = studio.window.model_bar.menu
        assert menu is not None
        menu.grab().save(str(folder / f"{name}-{scheme}.png"))
    studio.close()


def main() -> int:
    """Takes the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description="Takes pictures of the window in all its states.")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--rtl", action="store_true", help="as a language that is read from the right shows it"
    )
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    if chosen.rtl:
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    for scheme in ("light", "dark"):
        take(application, chosen.folder, scheme)
    return 0


if __name__ == "__main__":
    sys.exit(main())

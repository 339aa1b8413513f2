"""A person at a screen: opens the real window, types a question with real key presses, and tells what was answered.

    xvfb-run -a python -m tests.doubles.screen_user DATA_FOLDER

Key presses come from `xdotool`, through the X server, as a keyboard's would.
"""

import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.application import Application
from app.paths import Paths
from app.settings import WELCOMED, Settings
from tests.waiting import wait_until


def press(window: int, *words: str) -> None:
    """Sends key presses to whatever has the focus in the window."""
    subprocess.run(["xdotool", "windowfocus", "--sync", str(window), *words], check=True, timeout=30)


def main(folder: Path) -> None:
    """Asks once, and prints one JSON object."""
    app = QApplication(["soliloquy"])
    paths = Paths.under(folder)
    paths.prepare()
    settings = Settings(paths.data / "settings.json")
    settings.set(WELCOMED, True)
    settings.save()
    application = Application(paths)
    application.open(None)
    wait_until(lambda: application.engine.state.phase == "ready", "the demo model")
    window = int(application.window.winId())
    press(window, "type", "--delay", "20", "12 + 35")
    press(window, "key", "Return")
    wait_until(lambda: len(application.chat.conversation.branch()) == 2, "the question")
    wait_until(lambda: application.chat.answering is None, "the reply")
    question, reply = application.chat.conversation.branch()
    picture = application.window.screen().grabWindow(window)
    told = {
        "platform": app.platformName(),
        "question": question.text,
        "thinking": reply.thinking,
        "answer": reply.answer,
        "colours": len({picture.toImage().pixel(x, y) for x in range(0, 800, 7) for y in range(0, 600, 7)}),
    }
    application.close()
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

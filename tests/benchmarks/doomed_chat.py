"""A window that is going to be killed in the middle of a reply: asks, and tells when its moment has come.

    python -m tests.benchmarks.doomed_chat FOLDER MOMENT OTHER PACE

OTHER is the id of a stored conversation that may be deleted. It prints one line, a `Told` as JSON, at the moment, and
goes on until it is killed.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from app.application import Application
from app.protocol.engine import Delta
from tests.benchmarks.left_behind import NEW_TITLE, QUESTION, SECOND, Moment, Told
from tests.benchmarks.paced_engine import Pace
from tests.benchmarks.staged_window import open_window


def main(folder: Path, moment: Moment, other: str, pace: Pace) -> int:
    """Runs until it is killed."""
    return open_window(folder, pace, lambda window: _Scene(window, moment, other))


class _Scene:
    """What happens in the window, up to its moment."""

    def __init__(self, window: Application, moment: Moment, other: str) -> None:
        self._window = window
        self._moment = moment
        self._other = other
        self._told = False
        window.chat.new_conversation()
        self._own = window.chat.conversation.id
        if self._moment == "sending":
            self._tell()
        window.engine.prefilling.connect(self._on_prefilling)
        window.engine.delta.connect(self._on_delta)
        window.chat.send(QUESTION)  # the rest follows from what the engine says

    def _on_prefilling(self, _reply: str, _done: int, _total: int) -> None:
        if self._moment == "prefill":
            self._tell()

    def _on_delta(self, delta: Delta) -> None:
        if self._told or (self._moment in ("answer", "end") and delta.channel == "thinking"):
            return
        self._tell()
        acts: dict[str, Callable[[], object]] = {
            "queued": self._ask_more,
            "delete": lambda: self._window.conversations.delete(self._other),
            "delete own": lambda: self._window.conversations.delete(self._own),
            "rename": lambda: self._window.conversations.rename(self._own, NEW_TITLE),
        }
        acts.get(self._moment, lambda: None)()

    def _ask_more(self) -> None:
        self._window.chat.new_conversation()
        self._window.chat.send(SECOND)

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            sys.stdout.buffer.write(msgspec.json.encode(Told(self._own)) + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    told_moment = msgspec.convert(sys.argv[2], Moment)
    told_pace = msgspec.json.decode(sys.argv[4], type=Pace)
    sys.exit(main(Path(sys.argv[1]), told_moment, sys.argv[3], told_pace))

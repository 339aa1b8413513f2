"""Several processes at one store: each writes, none loses anything, and each sees what the others wrote."""

import os
import subprocess
import sys
from pathlib import Path

from app.storage.conversation_store import ConversationStore
from app.storage.database import full_check
from tests.storage.talks import all_of, talk

ROOT = Path(__file__).resolve().parent.parent.parent
COUNT = 15

_WRITER = """
import sys
from pathlib import Path
from app.chat.conversation import Segment
from app.storage.database import open_store
from tests.storage.talks import growing, talk
name, count = sys.argv[3], int(sys.argv[4])
store = open_store(Path(sys.argv[1]), Path(sys.argv[2])).store
store.save(growing(name))
for number in range(count):
    store.save(talk(f"{name}{number}", 3, 20))
    store.append(f"{name}-r", [Segment("answer", "model", f"{number} ", 1, 0.0)])
    store.rename(f"{name}{number}", f"{name} the {number}th")
print(store.load(name).message(f"{name}-r").answer)
store.close()
"""


def test_three_processes_write_at_once(store: ConversationStore, file: Path, folder: Path) -> None:
    seen = store.data_version()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, file, folder, name, str(COUNT)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for name in ("x", "y")
    ]
    for number in range(COUNT):
        store.save(talk(f"z{number}", 3, 20))
    said = [writer.communicate(timeout=120)[0].strip() for writer in writers]
    assert said == [" ".join(map(str, range(COUNT)))] * 2
    assert store.data_version() != seen
    there = all_of(store)
    assert len(there) == 3 * COUNT + 2
    for name in ("x", "y"):
        for number in range(COUNT):
            conversation = there[f"{name}{number}"]
            assert conversation.messages == talk(f"{name}{number}", 3, 20).messages
            assert conversation.title == f"{name} the {number}th"
    assert full_check(file)

"""One window for each data folder: the lock, the address, what may be said, and real processes side by side."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalSocket

from app.services.desktop.folder_lock import LOCK_NAME, FolderLock
from app.services.desktop.one_instance import Ask, OneInstance, address_of, hand_over, parsed
from tests.conftest import Noise
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent.parent

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose address lies in it."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    for name in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "d"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def first(qt_app: QCoreApplication, folder: Path) -> Iterator[OneInstance]:
    """A window's claim that listens."""
    instance = OneInstance(folder)
    assert instance.claim()
    instance.listen()
    yield instance
    instance.close()


def client(folder: Path, code: str = "") -> subprocess.Popen[str]:
    """A process that hands over and prints whether it was heard."""
    script = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
        "from app.services.desktop.one_instance import hand_over; application = QCoreApplication([]); "
        f"{code or 'file = None'}; print(hand_over(Path(sys.argv[1]), file, 20))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        errors="surrogateescape",
    )


def heard(process: subprocess.Popen[str]) -> bool:
    """What the client said, while this process goes on listening."""
    wait_until(lambda: process.poll() is not None, "the second start")
    out, _ = process.communicate()
    return out.strip() == "True"


def test_the_second_claim_on_a_folder_fails_and_another_folder_is_free(folder: Path, tmp_path: Path) -> None:
    lock, second = FolderLock(folder), FolderLock(folder)
    other = tmp_path / "other"
    other.mkdir()
    assert lock.claim() == "ours"
    assert second.claim() == "taken"
    assert FolderLock(other).claim() == "ours"
    lock.release()
    assert second.claim() == "ours"
    second.release()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_what_a_killed_window_left_is_taken_over_at_once(folder: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from app.services.desktop.folder_lock import FolderLock; "
        "lock = FolderLock(Path(sys.argv[1])); print(lock.claim(), flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "ours"
        assert FolderLock(folder).claim() == "taken"
        holder.kill()
    lock = FolderLock(folder)
    assert lock.claim() == "ours"
    lock.release()


def test_a_folder_that_cannot_be_written_is_opened_all_the_same(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert FolderLock(missing).claim() == "unknown"
    instance = OneInstance(missing)
    assert instance.claim()
    instance.close()


def test_a_file_system_without_locks_is_no_reason_not_to_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("app.services.desktop.folder_lock._lock", refuse)
    assert FolderLock(folder).claim() == "unknown"
    assert OneInstance(folder).claim()


def test_where_locks_do_not_work_whoever_answers_has_the_folder(
    first: OneInstance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("app.services.desktop.folder_lock._lock", refuse)
    assert not OneInstance(folder).claim()


def test_the_lock_lets_only_its_owner_in(folder: Path) -> None:
    before = os.umask(0)
    try:
        lock = FolderLock(folder)
        lock.claim()
        lock.release()
    finally:
        os.umask(before)
    assert (folder / LOCK_NAME).stat().st_mode & 0o777 == 0o600


def test_a_later_start_asks_for_the_window(first: OneInstance, folder: Path) -> None:
    asked: list[Path | None] = []
    first.asked.connect(asked.append)
    assert heard(client(folder))
    assert asked == [None]


def test_a_later_start_hands_over_a_file_of_any_name(first: OneInstance, folder: Path) -> None:
    asked: list[Path | None] = []
    first.asked.connect(asked.append)
    assert heard(client(folder, r"file = Path('mod\xe8l \udcff\n.gguf')"))
    assert asked == [ROOT / "mod\xe8l \udcff\n.gguf"]


def test_the_desktop_s_token_comes_along(
    first: OneInstance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token-7")
    process = client(folder)
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN")
    assert heard(process)
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-7"


def test_the_address_is_this_user_s_alone(first: OneInstance, folder: Path) -> None:
    address = Path(address_of(folder))
    assert address.parent == folder.resolve()
    assert address.stat().st_mode & 0o077 == 0


def test_a_dead_window_s_address_is_taken_over(qt_app: QCoreApplication, folder: Path) -> None:
    Path(address_of(folder)).touch()
    instance = OneInstance(folder)
    assert instance.claim()
    instance.listen()
    assert heard(client(folder))
    instance.close()


def test_a_long_folder_and_a_link_to_it_have_one_short_address(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr("app.services.desktop.one_instance._LONGEST_SOCKET", 1000)
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert address_of(link) == address_of(folder)
    assert Path(address_of(folder)).parent == runtime
    monkeypatch.setattr("app.services.desktop.one_instance._LONGEST_SOCKET", 10)
    assert len(address_of(folder)) < 100


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"hello\n",
        b'{"open": null}\n',
        b'{"open": null, "token": ""}',
        b'{"open": null, "token": "", "more": 1}\n',
        b'{"open": "relative.gguf", "token": ""}\n',
        b'{"open": "/a\\u0000b", "token": ""}\n',
        b'{"open": 7, "token": ""}\n',
        b'{"open": "/a", "token": 7}\n',
        b'{"open": "/a", "token": "\\u0007"}\n',
        b'{"open": "/a", "token": "' + b"x" * 300 + b'"}\n',
        b'{"open": null, "token": ""}\nand more\n',
        b"[" * 10_000 + b"\n",
        b"\xff\xfe\n",
        b'{"open": "/' + b"x" * 20_000 + b'", "token": ""}\n',
    ],
)
def test_nothing_but_the_one_message_is_understood(said: bytes) -> None:
    assert parsed(said) is None


def test_the_one_message_is_understood() -> None:
    assert parsed(b'{"open": "/a.gguf", "token": "t"}\n') == Ask(Path("/a.gguf"), "t")
    assert parsed(b'{"open": null, "token": ""}\n') == Ask()


def _say(folder: Path, said: bytes) -> None:
    """Connects, says it, and waits for the end."""
    socket = QLocalSocket()
    socket.connectToServer(address_of(folder))
    assert socket.waitForConnected(5000)
    socket.write(said)
    over = QLocalSocket.LocalSocketState.UnconnectedState
    wait_until(lambda: socket.state() == over, "the end of the visit")


def test_nonsense_is_hung_up_on_and_nothing_is_asked(first: OneInstance, folder: Path) -> None:
    asked: list[object] = []
    first.asked.connect(asked.append)
    for said in (b"nonsense\n", b"x" * 40_000):
        _say(folder, said)
    assert asked == []


def test_nobody_answers_where_nobody_listens(qt_app: QCoreApplication, folder: Path) -> None:
    began = time.monotonic()
    assert not hand_over(folder, None, 0.5)
    assert 0.4 < time.monotonic() - began < 5


@pytest.fixture
def start(noise: Noise) -> Iterator[Start]:
    """Starts the real window in a process of its own; ended afterwards."""
    running: list[subprocess.Popen[str]] = []

    def begin(folder: Path, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "--data-dir", str(folder), *words],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def listening(folder: Path) -> None:
    """Waits until a window listens."""
    wait_until(lambda: Path(address_of(folder)).exists(), "the first window")


def test_a_second_start_ends_well_and_another_folder_has_its_own_window(
    folder: Path, tmp_path: Path, start: Start
) -> None:
    one = start(folder)
    listening(folder)
    two = start(folder, "README.md")
    assert two.wait(60) == 0
    other = tmp_path / "o"
    three = start(other)
    listening(other)
    assert one.poll() is None
    assert three.poll() is None
    log = folder / "logs" / "soliloquy.log"
    assert "uncaught" not in log.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_a_window_that_does_not_answer_is_said_and_one_that_was_killed_is_followed(
    folder: Path, start: Start
) -> None:
    one = start(folder)
    listening(folder)
    one.send_signal(signal.SIGSTOP)
    two = start(folder)
    assert two.wait(60) == 1
    assert two.stderr is not None
    assert "does not answer" in two.stderr.read()
    one.kill()
    one.wait(60)
    three = start(folder)
    time.sleep(0.5)
    wait_until(lambda: heard(client(folder)), "the third window", 60)
    assert three.poll() is None

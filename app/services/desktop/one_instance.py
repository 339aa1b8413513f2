"""One window for each data folder: a second start hands its file to the first window, which comes to the front."""

import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.desktop.folder_lock import FolderLock

if TYPE_CHECKING:
    # The first picture does without it, and most starts never meet a second one.
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

SECONDS: Final = 3.0
"""How long a second start waits for the first window's word."""
_RETRY_SECONDS: Final = 0.1
_MAX_BYTES: Final = 16_384
_MAX_TOKEN: Final = 256
_LONGEST_SOCKET: Final = 100
"""Bytes of a socket's path; systems take 104 or 108."""
_HEARD: Final = b"shown\n"
_TOKEN_NAMES: Final = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


class Ask(NamedTuple):
    """What a second start asks for: a file to open, or only the window; `token` lets the window come to the front."""

    path: Path | None = None
    token: str = ""


class OneInstance(QObject):
    """The claim of this process on a data folder, and the ear for later starts.

    Signal: `asked` with the path of a model file, or None where only the window is wanted.
    """

    asked = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lock = FolderLock(folder)
        self._server: QLocalServer | None = None
        self._known = False

    def claim(self) -> bool:
        """Whether the folder is ours to open; False when another window has it. Needs no QtNetwork as a rule.

        Where locks do not work, whoever answers at the folder's address has it.
        """
        claim = self._lock.claim()
        self._known = claim == "ours"
        return claim != "taken" and (self._known or not _somebody_answers(self._folder))

    def listen(self) -> None:
        """Begins to listen for later starts; without an address this window just stays alone with its folder."""
        from PySide6.QtNetwork import QLocalServer

        address = address_of(self._folder)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._on_connection)
        if self._known:
            # Only a window that died can have left it there.
            QLocalServer.removeServer(address)
        if not server.listen(address):
            log.warning("later starts will not be heard: %s", server.errorString())
            return
        self._server = server

    def close(self) -> None:
        """Stops listening, and gives the folder back."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.release()

    def _on_connection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            _Visit(socket, self).asked.connect(self._on_asked)

    def _on_asked(self, ask: Ask) -> None:
        if ask.token:
            # Qt hands it to the desktop with the next request to be in front.
            os.environ[_TOKEN_NAMES[0]] = ask.token
        self.asked.emit(ask.path)


class _Visit(QObject):
    """One connection of a later start; one that says nothing sensible in time is hung up on."""

    asked = Signal(object)

    def __init__(self, socket: "QLocalSocket", parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        self._said = b""
        socket.setParent(self)
        socket.readyRead.connect(self._on_words)
        socket.disconnected.connect(self.deleteLater)
        QTimer.singleShot(round(SECONDS * 1000), self, socket.abort)
        if socket.bytesAvailable():
            self._on_words()

    def _on_words(self) -> None:
        self._said += bytes(self._socket.read(_MAX_BYTES + 1 - len(self._said)).data())
        if b"\n" not in self._said and len(self._said) <= _MAX_BYTES:
            return
        ask = parsed(self._said)
        if ask is None:
            self._socket.abort()
            return
        self._socket.readyRead.disconnect(self._on_words)
        self._socket.write(_HEARD)
        self._socket.flush()
        self._socket.disconnectFromServer()
        self.asked.emit(ask)


def hand_over(folder: Path, file: Path | None, seconds: float = SECONDS) -> bool:
    """Gives a file (None: nothing) to the window that has the folder; False when it does not answer in time.

    The window may just be starting, so it is tried until the time is over. Needs a QCoreApplication.
    """
    end = time.monotonic() + seconds
    address = address_of(folder)
    token = next((os.environ[name] for name in _TOKEN_NAMES if os.environ.get(name)), "")[:_MAX_TOKEN]
    message = _message(Ask(file.expanduser().absolute() if file else None, token))
    _allow_others_in_front()
    while (left := end - time.monotonic()) > 0:
        if _is_ours(address) and _told(address, message, left):
            return True
        time.sleep(min(_RETRY_SECONDS, max(0.0, end - time.monotonic())))
    return False


def address_of(folder: Path) -> str:
    """The folder's address: a pipe's name on Windows, elsewhere a socket in a folder that is this user's alone."""
    import hashlib  # later than the first picture, as all that only an address needs
    import tempfile

    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    name = f"soliloquy-{digest}"
    if sys.platform == "win32":
        return name
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    for home in (Path(runtime) if runtime else None, folder.resolve()):
        if home and len(os.fsencode(home / name)) <= _LONGEST_SOCKET and _is_ours(str(home)):
            return str(home / name)
    return str(Path(tempfile.gettempdir()) / name)


def parsed(said: bytes) -> Ask | None:
    """What a later start said, in one line; None when it is anything but that."""
    import json  # the first picture needs none

    line, ended, rest = said.partition(b"\n")
    if not ended or rest or len(line) > _MAX_BYTES:
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or set(value) != {"open", "token"}:
        return None
    path, token = value["open"], value["token"]
    if not _is_token(token) or not (path is None or _is_place(path)):
        return None
    return Ask(Path(path) if path else None, token)


def _is_token(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_TOKEN and value.isprintable()


def _is_place(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value and Path(value).is_absolute()


def _message(ask: Ask) -> bytes:
    import json

    # ASCII alone: a name that is no proper text of its file system comes through as it is.
    return (
        json.dumps({"open": str(ask.path) if ask.path else None, "token": ask.token}).encode("ascii") + b"\n"
    )


def _told(address: str, message: bytes, seconds: float) -> bool:
    from PySide6.QtNetwork import QLocalSocket

    end = time.monotonic() + seconds
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(_ms(end)):
        return False
    socket.write(message)
    socket.flush()
    said = b""
    while len(said) < len(_HEARD) and (socket.bytesAvailable() or socket.waitForReadyRead(_ms(end))):
        said += bytes(socket.readAll().data())
    socket.abort()
    return said == _HEARD


def _ms(end: float) -> int:
    return max(1, round((end - time.monotonic()) * 1000))


def _somebody_answers(folder: Path) -> bool:
    """Whether a window listens at the folder's address; only asked where no lock can tell."""
    address = address_of(folder)
    if sys.platform != "win32" and not Path(address).exists():
        return False
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(address)
    answers = bool(socket.waitForConnected(round(SECONDS * 1000)))
    socket.abort()
    return answers


def _is_ours(path: str) -> bool:
    """Whether a socket or its folder belongs to this user: no stranger is told which files a person opens."""
    if sys.platform == "win32":
        return True
    try:
        return Path(path).stat().st_uid == os.getuid()
    except OSError:
        return False


def _allow_others_in_front() -> None:
    """Windows lets only the program that has the focus give it away."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)

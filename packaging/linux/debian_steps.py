"""The .deb as apt installs it: in a root with Debian's base and the package's dependencies, and nothing else."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from linux.debian_root import DESKTOP_TOOLS, PERSON, PERSON_HOME, DebianRoot, environment, unpacked
from linux.trial import SkipError, Step, StepError, answered, first_paint, told, wait_for, x_server

PACKAGE, TYPE = "soliloquy", "application/x-gguf"
PROGRAM = "usr/lib/soliloquy"

OLDER = "0~older"
LEFTOVER = f"{PROGRAM}/_internal/resources/of-the-older-version"

_GTK = r"lib(g[dt]k-3|gdk_pixbuf-2\.0|atk-1\.0|pango(cairo)?-1\.0|harfbuzz)\.so\.0|libcairo(-gobject)?\.so\.2"

BY_CHOICE = {
    r"libvulkan\.so\.1": "libvulkan1",
    r"libwayland-cursor\.so\.0": "libwayland-cursor0",
    _GTK: "libgtk-3-0",
}
"""Libraries that parts of the program want and the program does not, and which package brings them."""


class DebianTrial:
    """The package in one root, from its installation to its purge; the steps are tried in their order."""

    def __init__(self, deb: Path, scratch: Path) -> None:
        self._deb, self._scratch = deb, scratch

    def steps(self) -> dict[str, Step]:
        """What is tried, by name."""
        return {
            "Debian: an older version is installed": self.install_older,
            "Debian: answer": self.answer,
            "Debian: upgraded": self.upgrade,
            "Debian: libraries": self.libraries,
            "Debian: window": self.window,
            "Debian: double click": self.double_click,
            "Debian: desktop": self.desktop,
            "Debian: removed and purged": self.purge,
        }

    @cached_property
    def _root(self) -> DebianRoot:
        return unpacked(self._deb, self._scratch / "debian")

    @property
    def _installed(self) -> DebianRoot:
        """The root, once the package is in it."""
        root = self.__dict__.get("_root")
        if not isinstance(root, DebianRoot) or not (root.folder / PROGRAM).exists():
            raise SkipError("it is not installed there")
        return root

    def install_older(self) -> str:
        """Apt installs it with what it depends on, from a version before this one."""
        root = self._root
        before = set(root.run("dpkg-query", "--show").splitlines())
        older = older_package(self._deb, self._scratch / "older")
        self._install(older)
        older.unlink()
        new = set(root.run("dpkg-query", "--show").splitlines()) - before
        return f"with {len(new) - 1} packages that it depends on"

    def answer(self) -> str:
        """Somebody without rights asks, and keeps what was said."""
        root = self._installed
        return answered(root.command(PACKAGE, user=PERSON), Path("/"), environment(PERSON))

    def upgrade(self) -> str:
        """The new version takes the older one's place; nothing of that is left, and what a person has stays."""
        root = self._installed
        root.run(PACKAGE, "ask", "--save", "What is 3 + 4?", user=PERSON)
        listed = root.run(PACKAGE, "conversations", "list", user=PERSON)
        self._install(self._deb)
        version = root.run("dpkg-query", "--show", "--showformat", "${Version}", PACKAGE)
        if version == OLDER or (root.folder / LEFTOVER).exists():
            raise StepError(f"it is {version}, and the older version's file is still there")
        if not listed or root.run(PACKAGE, "conversations", "list", user=PERSON) != listed:
            raise StepError(f"there were the conversations {listed!r}")
        return f"from {OLDER} to {version}; its conversations are there"

    def libraries(self) -> str:
        """Every library that a file of the program is linked to is there; those of the desktop are recommended."""
        root = self._installed
        files = programs_in(root.folder / PROGRAM)
        inner = f"/{PROGRAM}/_internal"
        inside = [f"/{path.relative_to(root.folder)}" for path in files]
        said = root.run("env", f"LD_LIBRARY_PATH={inner}:{inner}/llama_cpp/lib", "ldd", *inside)
        missing = missing_libraries(said)
        fields = root.run("dpkg-query", "--show", "--showformat", "${Recommends},${Suggests}", PACKAGE)
        unknown = sorted(missing - named_by_choice(missing, fields))
        if unknown:
            raise StepError(f"nothing that the package names brings {unknown}")
        return f"{len(files)} files; left to what is recommended: {', '.join(sorted(missing)) or 'nothing'}"

    def window(self) -> str:
        """It paints with the libraries of its dependencies alone."""
        root = self._installed
        with x_server() as display:
            command = root.command("env", f"DISPLAY={display}", PACKAGE, user=PERSON)
            return f"painted {first_paint(command, environment(PERSON)):.2f} s after its start"

    def double_click(self) -> str:
        """A model file that is opened as the desktop does it goes to the window that is open."""
        root = self._installed
        home = root.folder / PERSON_HOME
        inside = f"/{PERSON_HOME}/a model of mine.gguf"
        demo = next((root.folder / PROGRAM).rglob("demo.gguf"))
        shutil.copy(demo, root.folder / inside.lstrip("/"))
        words = desktop_command(self._desktop_file(root), inside)
        with x_server() as display, self._window(root, display) as window:
            wait_for("the demo model in the window", lambda: last_model(home).endswith("demo.gguf"), window)
            command = root.command("env", f"DISPLAY={display}", *words, user=PERSON)
            began = time.monotonic()
            told(command, Path("/"), environment(PERSON))
            seconds = time.monotonic() - began
            wait_for("the file in the window", lambda: last_model(home) == inside, window)
        return f"{shlex.join(words)} ended with 0 after {seconds:.1f} s, and the window has loaded it"

    def desktop(self) -> str:
        """What reads types and desktop files finds the program, its icon and its manual."""
        root = self._installed
        root.install(*DESKTOP_TOOLS)
        file = f"/{PERSON_HOME}/a model of mine.gguf"
        kind = root.run("gio", "info", "--attributes", "standard::content-type", file)
        if TYPE not in kind or "soliloquy.desktop" not in root.run("gio", "mime", TYPE):
            raise StepError(f"a model file does not open with it: {kind}")
        wanted = {"applications", "doc", "icons", "man", "metainfo", "mime"}
        there = {name.split("/")[2] for name in self._files(root) if name.startswith("usr/share/")}
        if not wanted <= there:
            raise StepError(f"missing in /usr/share: {sorted(wanted - there)}")
        return f"model files are {TYPE} and open with it"

    def purge(self) -> str:
        """Nothing of it is left, and what a person has stays, of which it tells."""
        root = self._installed
        files = self._files(root)
        kept = contents_of(root.folder / PERSON_HOME)
        root.run("dpkg", "--remove", PACKAGE)
        left = [name for name in files if (root.folder / name).is_symlink() or (root.folder / name).exists()]
        said = root.run("dpkg", "--purge", PACKAGE)
        left += [
            str(path)
            for path in (root.folder / PROGRAM, root.folder / "usr/share/doc/soliloquy")
            if path.exists()
        ]
        if left or PACKAGE in root.run("dpkg-query", "--show"):
            raise StepError(f"left behind: {left[:5]}")
        if contents_of(root.folder / PERSON_HOME) != kept:
            raise StepError("what a person had is not what it was")
        if "~/.local/share/soliloquy" not in said:
            raise StepError(f"it does not say where conversations stay: {said}")
        if "soliloquy.desktop" in root.run("gio", "mime", TYPE):
            raise StepError("model files still open with it")
        return f"{len(files)} files are gone; {len(kept)} of a person's stayed, and it says where"

    def _install(self, deb: Path) -> None:
        inside = self._root.folder / "tmp" / deb.name
        shutil.copy(deb, inside)
        self._root.install(f"/tmp/{deb.name}")
        inside.unlink()

    def _desktop_file(self, root: DebianRoot) -> Path:
        return root.folder / "usr/share/applications/soliloquy.desktop"

    def _files(self, root: DebianRoot) -> list[str]:
        """The files and links of the package, without its folders."""
        names = [name.strip("/") for name in root.run("dpkg", "--listfiles", PACKAGE).splitlines()]
        paths = {name: root.folder / name for name in names if name not in ("", ".")}
        return [name for name, path in paths.items() if path.is_symlink() or not path.is_dir()]

    @contextmanager
    def _window(self, root: DebianRoot, display: str) -> Iterator[subprocess.Popen[bytes]]:
        """The program, started from the desktop's menu."""
        words = desktop_command(self._desktop_file(root), "")
        running = subprocess.Popen(
            root.command("env", f"DISPLAY={display}", *words, user=PERSON),
            env=environment(PERSON),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield running
        finally:
            running.terminate()
            running.wait(timeout=20)


def older_package(deb: Path, work: Path) -> Path:
    """The same package with a lower version and one more file, as it might have been published before."""
    subprocess.run(["dpkg-deb", "--raw-extract", deb, work], check=True)
    control = work / "DEBIAN" / "control"
    text = control.read_text(encoding="utf-8")
    control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {OLDER}", text), encoding="utf-8")
    (work / LEFTOVER).parent.mkdir(parents=True, exist_ok=True)
    (work / LEFTOVER).write_text("older", encoding="utf-8")
    target = work.with_suffix(".deb")
    command = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(work), str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(work)
    return target


def desktop_command(file: Path, model: str) -> list[str]:
    """The words that a desktop runs for a file, or for none, as the desktop file's Exec line has them."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(file, encoding="utf-8")
    words = shlex.split(parser["Desktop Entry"]["Exec"])
    return [model if word == "%f" else word for word in words if word != "%f" or model]


def last_model(home: Path) -> str:
    """The model that the window has loaded last, as its settings tell; nothing while there are none."""
    try:
        settings = json.loads((home / ".local/share/soliloquy/settings.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    return str(settings.get("last_model", ""))


def programs_in(folder: Path) -> list[Path]:
    """Every file with machine code."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    found = []
    for path in files:
        with path.open("rb") as file:
            if file.read(4) == b"\x7fELF":
                found.append(path)
    return found


def missing_libraries(said: str) -> set[str]:
    """The libraries that ldd has not found."""
    return set(re.findall(r"^\s*(\S+) => not found$", said, re.MULTILINE))


def named_by_choice(missing: set[str], fields: str) -> set[str]:
    """Those that come with a package which `fields`, the recommended and suggested ones, names."""
    packages = {word.strip().split(" ")[0] for word in fields.replace("|", ",").split(",")}
    return {
        name
        for name in missing
        for pattern, package in BY_CHOICE.items()
        if re.fullmatch(pattern, name) and package in packages
    }


def contents_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with what it holds."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}

"""A root folder that has Debian's base alone, made once and kept, and a way to run something in it."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from linux.trial import SkipError, StepError, told

ADMINISTRATOR, PERSON = "root", "person"
PERSON_HOME = "home/person"

DESKTOP_TOOLS = ("libglib2.0-bin", "shared-mime-info", "desktop-file-utils")
"""What a desktop reads types and desktop files with; a bare Debian has none."""

_RECIPE = "1"
"""Raise it when roots are to be made anew."""

_ENTER = """
root=$1 user=$2 path=$PATH
shift 2
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount --rbind /sys "$root/sys" || exit 125
if [ -d /tmp/.X11-unix ]; then
    mkdir -p "$root/tmp/.X11-unix"
    mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix" || exit 125
fi
exec chroot --userspec="$user:$user" "$root" env PATH="$path" "$@"
"""


class DebianRoot:
    """A root folder of its own. What runs in it has no network, and its mounts are seen by nobody else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, *words: str, user: str = ADMINISTRATOR) -> list[str]:
        """What runs these words in the root."""
        return ["unshare", "-m", "-n", "sh", "-c", _ENTER, "enter", str(self.folder), user, *words]

    def run(self, *words: str, user: str = ADMINISTRATOR) -> str:
        """What a program in the root says. Raises StepError when it fails."""
        return told(self.command(*words, user=user), Path("/"), environment(user))

    def install(self, *packages: str) -> str:
        """Has apt install packages, with what they depend on and nothing that they only recommend."""
        words = ("apt-get", "-q", "-y", "--no-install-recommends")
        return self.run(*words, "install", *packages)


def environment(user: str) -> dict[str, str]:
    """What a fresh login has."""
    home = "/root" if user == ADMINISTRATOR else f"/{PERSON_HOME}"
    path = "/usr/sbin:/usr/bin:/sbin:/bin" if user == ADMINISTRATOR else "/usr/bin:/bin"
    return {"PATH": path, "HOME": home, "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}


def unpacked(deb: Path, target: Path) -> DebianRoot:
    """A fresh root in `target`, in which what `deb` depends on is downloaded and not installed.

    Raises SkipError where this machine cannot make one.
    """
    if os.geteuid() != 0:
        raise SkipError("only root can make a root folder of its own")
    if subprocess.run(["unshare", "-m", "-n", "true"], check=False, capture_output=True).returncode != 0:
        raise SkipError("this machine does not allow mounts of one's own")
    archive = _archive(deb, _cache(os.environ))
    target.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", target], check=True)
    return DebianRoot(target)


def _cache(variables: Mapping[str, str]) -> Path:
    base = variables.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "soliloquy" / "build"


def _archive(deb: Path, cache: Path) -> Path:
    """The root as an archive, from the cache where its like was made before."""
    suite, sources = _suite(), _sources(Path("/etc/apt"))
    depends = told(["dpkg-deb", "--field", str(deb), "Depends"], Path("/"), os.environ)
    texts = [_RECIPE, suite, depends, *DESKTOP_TOOLS, *(path.read_text("utf-8") for path in sources)]
    key = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
    archive = cache / f"debian-root-{key}.tar"
    if archive.exists():
        return archive
    if shutil.which("mmdebstrap") is None:
        raise SkipError("mmdebstrap is not installed")
    cache.mkdir(parents=True, exist_ok=True)
    for old in cache.glob("debian-root-*"):
        old.unlink()
    partial = archive.with_name(f"{archive.stem}.{os.getpid()}.part.tar")
    made = subprocess.run(
        making(suite, partial, deb, sources, _settings(Path("/etc/apt"))),
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if made.returncode != 0:
        partial.unlink(missing_ok=True)
        raise _failure(made.stderr)
    partial.rename(archive)
    return archive


def making(suite: str, target: Path, deb: Path, sources: list[Path], settings: list[Path]) -> list[str]:
    """The command that makes the root, with all packages in it that are to be installed later."""
    inside = f"/tmp/{deb.name}"
    download = ("apt-get", "-q", "-y", "--no-install-recommends", "--download-only", "install", inside)
    return [
        "mmdebstrap",
        "--variant=minbase",
        "--skip=cleanup/apt",
        *(f"--aptopt={path}" for path in settings),
        f"--customize-hook=copy-in '{deb}' /tmp",
        f"""--customize-hook=chroot "$1" {" ".join((*download, *DESKTOP_TOOLS))}""",
        f"""--customize-hook=rm "$1{inside}"; chroot "$1" useradd --create-home {PERSON}""",
        suite,
        str(target),
        *map(str, sources),
    ]


def _suite() -> str:
    """The release that this machine runs, whose packages it knows where to get."""
    lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    told_here = dict(line.split("=", 1) for line in lines if "=" in line)
    suite = told_here.get("VERSION_CODENAME", "").strip('"')
    if shutil.which("apt-get") is None or not suite:
        raise SkipError("this machine is no Debian")
    return suite


def _sources(apt: Path) -> list[Path]:
    """Where the system's own packages come from: the list itself, and none that somebody has added."""
    own = [
        apt / "sources.list",
        *(apt / "sources.list.d" / f"{name}.sources" for name in ("debian", "ubuntu")),
    ]
    found = [path for path in own if path.is_file() and path.stat().st_size]
    if not found:
        raise SkipError("apt knows no place of Debian's packages")
    return found


def _settings(apt: Path) -> list[Path]:
    """How apt gets there, a proxy for example."""
    return [path for path in sorted((apt / "apt.conf.d").glob("*")) if "Acquire::" in path.read_text("utf-8")]


def _failure(stderr: str) -> StepError | SkipError:
    """Dependencies that nothing fulfils are the package's fault; where no mirror answers, nothing can be tried."""
    lines = stderr.splitlines()
    unmet = [line.strip() for line in lines if "Depends:" in line]
    if unmet:
        return StepError(f"apt finds no way to install it: {unmet}")
    return SkipError(f"no root of Debian can be made here: {[line for line in lines if line[:1] == 'E'][:2]}")

"""Finds what a Vulkan build needs: on Debian, the files of Debian 13 beside the system; elsewhere, the system's own.

Debian 12's own headers are too old for llama.cpp, and its shader compiler knows no matrix cores. The packages come
through apt from the mirror that this machine already uses and are unpacked into a folder; the shader compiler runs
there with the C library that it was built for.
"""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SUITE = "trixie"
# The headers, then the shader compiler and all that it is linked with.
_PACKAGES = ("libvulkan-dev", "spirv-headers", "glslc", "libshaderc1", "libstdc++6", "libgcc-s1", "libc6")

_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class VulkanFilesError(Exception):
    """The files cannot be had here; the text says why and what to do."""


@dataclass(frozen=True)
class VulkanFiles:
    """What leads CMake and the compiler to the files: definitions, and variables for the environment."""

    flags: dict[str, str]
    environment: dict[str, str]


def vulkan_files(folder: Path) -> VulkanFiles:
    """The files for this system; those of Debian are fetched into `folder` when they are not there yet."""
    release = _os_release()
    if release.get("ID") == "debian":
        return _debian_files(folder, release.get("VERSION_CODENAME", ""))
    return _system_files()


def _system_files() -> VulkanFiles:
    """CMake finds the system's own; only what is plainly absent is said here, in better words than CMake's."""
    if shutil.which("glslc") is None:
        raise VulkanFilesError(
            "Vulkan's headers, SPIR-V's headers and the compiler glslc are needed to build for Vulkan. "
            "Install them from this system's packages or LunarG's SDK, or give --gpu none."
        )
    return VulkanFiles(flags={}, environment={})


def _debian_files(folder: Path, codename: str) -> VulkanFiles:
    root = folder / "root"
    ready = folder / "ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        root.mkdir(parents=True)
        _unpack(_download(folder, _mirror(codename)), root)
        ready.touch()
    include = str(root / "usr/include")
    flags = {
        "Vulkan_INCLUDE_DIR": include,
        "Vulkan_LIBRARY": str(_system_library()),
        "Vulkan_GLSLC_EXECUTABLE": str(_runnable_glslc(root, folder)),
        "SPIRV-Headers_DIR": str(root / "usr/share/cmake/SPIRV-Headers"),
    }
    # Told aside, so that no other file's command line changes and only the Vulkan library is compiled.
    return VulkanFiles(flags, {"CPATH": include})


def _system_library() -> Path:
    """The system's own loader of Vulkan drivers: the path of another would be written into what is linked with it."""
    library = Path(f"/usr/lib/{platform.machine()}-linux-gnu/libvulkan.so.1")
    if not library.exists():
        raise VulkanFilesError("Vulkan's loader is missing: install the package libvulkan1 and try again.")
    return library


def _download(folder: Path, mirror: str) -> list[Path]:
    """Runs apt with lists, cache and state of its own, so that the system's stay as they are."""
    archives = folder / "archives"
    for part in ("lists/partial", "cache/archives/partial", "archives"):
        (folder / part).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "debian.sources").write_text(_source(mirror), encoding="utf-8")
    _run(["apt-get", *_apt_options(folder), "update", "-qq"], archives)
    _run(["apt-get", *_apt_options(folder), "download", "-qq", *_PACKAGES], archives)
    return sorted(archives.glob("*.deb"))


def _source(mirror: str) -> str:
    signed = f"Signed-By: {_KEYRING}\n" if _KEYRING.exists() else ""
    return f"Types: deb\nURIs: {mirror}\nSuites: {SUITE}\nComponents: main\n{signed}"


def _apt_options(folder: Path) -> list[str]:
    options = {
        "Dir::Etc::sourcelist": folder / "debian.sources",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
        "Debug::NoLocking": "1",
        "Acquire::Languages": "none",
        # The folder is the person's own: apt's own user may not enter it, and a person who is not root has no other.
        "APT::Sandbox::User": "",
    }
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def _mirror(codename: str) -> str:
    """The address that this machine's apt already uses for Debian itself."""
    listing = _run(["apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)"], Path("/"))
    for line in listing.splitlines():
        suite, _, address = line.partition(" ")
        if suite == codename:
            return address
    raise VulkanFilesError("apt knows no mirror of Debian; add one to /etc/apt/sources.list and try again.")


def _os_release() -> dict[str, str]:
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines)
    return {name: value.strip('"') for name, _, value in pairs}


def _unpack(archives: list[Path], root: Path) -> None:
    for archive in archives:
        _run(["dpkg-deb", "--extract", str(archive), str(root)], root)


def _runnable_glslc(root: Path, folder: Path) -> Path:
    """A small script that starts the shader compiler with its own loader and C library, or the system's compiler."""
    script = folder / "glslc"
    for loader in sorted(root.glob("usr/lib/*-gnu/ld-linux*.so.*")):
        script.write_text(
            f'#!/bin/sh\nexec "{loader}" --library-path "{loader.parent}" "{root}/usr/bin/glslc" "$@"\n',
            encoding="utf-8",
        )
        script.chmod(0o755)
        if _starts(script):
            return script
    system = shutil.which("glslc")
    if system is None:
        raise VulkanFilesError("Debian 13's shader compiler does not run here; install the package glslc.")
    return Path(system)


def _starts(program: Path) -> bool:
    return subprocess.run([program, "--version"], check=False, capture_output=True).returncode == 0


def _run(command: list[str], folder: Path) -> str:
    """Runs a command in a folder and returns what it printed; what it complained of becomes the error."""
    environment = os.environ | {"LC_ALL": "C"}
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        complaint = (done.stderr or done.stdout).strip().splitlines()
        raise VulkanFilesError(f"{command[0]} failed: {complaint[-1] if complaint else 'it said nothing'}")
    return done.stdout

"""What goes into the program's folder, and what of all that PyInstaller gathers stays outside."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

EXCLUDED_MODULES = (
    # No network: TLS and its large library stay out. What is hashed is short enough for Python's own code.
    "_ssl",
    "ssl",
    "_hashlib",
    # llama_cpp's lower half, which is all that is used, needs none of these.
    "numpy",
    "diskcache",
    "llama_cpp.llama",
    # Ways of Python that a window has no use for.
    "_bz2",
    "_curses",
    "_lzma",
    "_tkinter",
    "_uuid",
    "bz2",
    "curses",
    "doctest",
    "ftplib",
    "http",
    "idlelib",
    "lzma",
    "multiprocessing",
    "pdb",
    "pydoc",
    "readline",
    "setuptools",
    "tkinter",
    "unittest",
    "xmlrpc",
)

QT_MODULES = ("Core", "DBus", "Gui", "Network", "Svg", "Widgets")
"""The parts of Qt that the app imports; Network for the local socket by which a second start finds the first."""

_QT_SUPPORT = ("XcbQpa", "WaylandClient")

_PLUGINS = (
    # The screen: X11, Wayland, none (for tests and scripts), Windows, macOS.
    "platforms/libqxcb.so",
    "platforms/libqwayland.so",
    "platforms/libqoffscreen.so",
    "platforms/qwindows.dll",
    "platforms/libqcocoa.dylib",
    "wayland-shell-integration/libxdg-shell.so",
    "wayland-decoration-client/libbradient.so",
    # Dead keys, and the input of Chinese, Japanese and Korean.
    "platforminputcontexts/libcomposeplatforminputcontextplugin.so",
    "platforminputcontexts/libibusplatforminputcontextplugin.so",
    # The system's own file dialogs and its dark or light appearance.
    "platformthemes/libqgtk3.so",
    "platformthemes/libqxdgdesktopportal.so",
    "styles/qmodernwindowsstyle.dll",
    "styles/libqmacstyle.dylib",
)

_OF_THE_SYSTEM = re.compile(
    # The screen's, the fonts' and the desktop's libraries belong to the machine that the program runs on.
    r"lib(X11|Xau|Xdmcp|Xext|Xrender|xcb|xkbcommon|EGL|GL|GLX|GLdispatch|OpenGL|drm|wayland|vulkan|fontconfig|freetype"
    r"|glib|gio|gobject|gthread|gmodule|gtk|gdk|gdk_pixbuf|pango|cairo|atk|harfbuzz|dbus|systemd|cap|gcrypt|gpg-error"
    r"|png16|expat|bsd|md|pcre2?|mount|blkid|selinux|gssapi_krb5|krb5|krb5support|k5crypto|com_err|keyutils|resolv"
    r"|zstd|brotlidec|brotlicommon|z|lz4|lzma|bz2|uuid|stdc\+\+|gcc_s|graphite2|fribidi|thai|datrie|pixman|tinfo"
    r"|epoxy|Xi|Xcursor|Xdamage|Xfixes|Xinerama|Xrandr|Xcomposite|cloudproviders|jpeg|tiff|webp|deflate|jbig|Lerc)"
    r"[-0-9a-zA-Z_.]*\.so(\.[0-9.]+)?"
)

_OF_TLS = re.compile(r"lib(ssl|crypto)[-.].*")
"""Qt's networking would load them to encrypt, which nothing here does."""

_BINDINGS = re.compile(
    rf"PySide6/Qt({'|'.join(QT_MODULES)})\.(abi3\.so|pyd)|PySide6/(lib)?pyside6\.abi3\..*|(PySide6|shiboken6)/[^/]*\.py"
)
_LIBRARIES = re.compile(
    rf"(PySide6/(Qt/lib/)?)?(lib)?Qt6?({'|'.join((*QT_MODULES, *_QT_SUPPORT))})(\.so\.6|\.dll|\.framework(/.*)?)"
    r"|(PySide6/Qt/lib/)?libicu(data|i18n|uc)\.so\.\d+"
    r"|(PySide6/)?(msvcp140|vcruntime140)[_0-9a-z]*\.dll"
)


def is_kept(name: str) -> bool:
    """Whether a gathered file stays, by its place in the folder (with `/`)."""
    base = name.rpartition("/")[2]
    if _OF_THE_SYSTEM.fullmatch(base) or _OF_TLS.fullmatch(base):
        return False
    if name.startswith("PySide6/") and "/plugins/" in name:
        return name.partition("/plugins/")[2] in _PLUGINS
    if name.startswith("PySide6/"):
        return bool(_BINDINGS.fullmatch(name) or _LIBRARIES.fullmatch(name))
    # Libraries of Qt that PyInstaller links at the top: those beside the bindings find each other without.
    return not re.match(r"(lib)?(Qt6|icu|pyside6|shiboken6)", base) or name.startswith("shiboken6/")


def system_libraries(needed: set[str]) -> set[str]:
    """Those of the needed libraries (by file name) that the system has to have."""
    return {name for name in needed if _OF_THE_SYSTEM.fullmatch(name)}


UNUSED_HOOKS = frozenset(
    {"pyi_rth_inspect"} | ({"pyi_rth_pyside6"} if sys.platform.startswith("linux") else set())
)
"""What PyInstaller would run before the program, and the first picture can do without: `inspect`, and on Linux the
places of Qt's files, which Qt finds by itself there."""


def hidden_modules(root: Path) -> list[str]:
    """Every module of the app: some are imported by name, and some for one system alone."""
    files = (root / "app").rglob("*.py")
    names = {".".join(path.relative_to(root).with_suffix("").parts) for path in files}
    return sorted(name.removesuffix(".__init__") for name in names)


def openmp_runtime(find: Callable[[str], str | None]) -> list[tuple[str, str, str]]:
    """GCC's OpenMP runtime, which llama.cpp's CPU libraries ask for on Linux and not every desktop has."""
    name = "libgomp.so.1"
    found = find(name) if sys.platform.startswith("linux") else None
    return [(name, found, "BINARY")] if found else []

"""Draws the app's mark in the sizes and files that each system wants."""

import os
import struct
from collections.abc import Mapping
from pathlib import Path

from bundle.release import ROOT

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Pixels, those of the hicolor icon theme."""

_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)

_ICNS_KINDS = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}


def coloured_mark() -> str:
    """The mark as SVG, in the accent of the light theme."""
    from app.ui.theme import tokens

    colours = tokens(dark=False)
    source = (ROOT / "resources" / "mark.svg").read_text(encoding="utf-8")
    return source.replace("on-accent-color", colours.on_accent.name()).replace(
        "accent-color", colours.accent.name()
    )


def drawn(svg: str, sizes: tuple[int, ...] = SIZES) -> dict[int, bytes]:
    """PNG files of the mark by their size in pixels."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QRectF
    from PySide6.QtGui import QImage, QImageWriter, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(svg.encode()))
    pictures: dict[int, bytes] = {}
    for size in sizes:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"PNG")).write(image)
        pictures[size] = bytes(buffer.data().data())
    return pictures


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """Windows' icon file: PNG pictures behind a table of their sizes (256 is written as 0)."""
    chosen = [(size, pictures[size]) for size in _ICO_SIZES]
    place = 6 + 16 * len(chosen)
    table, data = [], []
    for size, png in chosen:
        table.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), place))
        data.append(png)
        place += len(png)
    return b"".join([struct.pack("<HHH", 0, 1, len(chosen)), *table, *data])


def icns(pictures: Mapping[int, bytes]) -> bytes:
    """macOS' icon file: PNG pictures, each behind its kind and length."""
    parts = [
        kind + struct.pack(">I", len(pictures[size]) + 8) + pictures[size]
        for size, kind in _ICNS_KINDS.items()
    ]
    body = b"".join(parts)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def write_program_icons(folder: Path) -> None:
    """The icon files that PyInstaller puts into the programs of Windows and macOS."""
    pictures = drawn(coloured_mark())
    (folder / "soliloquy.ico").write_bytes(ico(pictures))
    (folder / "soliloquy.icns").write_bytes(icns(pictures))

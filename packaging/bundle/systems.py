"""What Windows and macOS want to be told about a program: icon, version, properties. It was never run there."""

import plistlib
import sys
from pathlib import Path
from typing import Any

from bundle.release import IDENTIFIER

MAC_IDENTIFIER = IDENTIFIER

_VERSION_FILE = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1,
                    subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The Soliloquy authors"),
      StringStruct("FileDescription", "Soliloquy"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "soliloquy"),
      StringStruct("LegalCopyright", "MIT licence"),
      StringStruct("OriginalFilename", "soliloquy.exe"),
      StringStruct("ProductName", "Soliloquy"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [1033, 1200])]),
  ],
)
"""


def program_icon(folder: Path) -> str | None:
    """The icon that PyInstaller puts into the program; on Linux the desktop file names it instead."""
    suffix = {"win32": ".ico", "darwin": ".icns"}.get(sys.platform)
    return str(folder / f"soliloquy{suffix}") if suffix else None


def windows_version_file(folder: Path, version: str) -> str:
    """Writes the version resource of the executable and returns its path."""
    numbers = (*(int(part) for part in version.split(".")[:3]), 0)
    file = folder / "version.txt"
    file.write_text(_VERSION_FILE.format(numbers=numbers, version=version), encoding="utf-8")
    return str(file)


def mac_properties(version: str) -> dict[str, Any]:
    """The keys of Info.plist: model files open with the app, a reply goes on while the window is hidden."""
    return {
        "CFBundleName": "Soliloquy",
        "CFBundleDisplayName": "Soliloquy",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "LSMinimumSystemVersion": "13.0",
        "LSApplicationCategoryType": "public.app-category.productivity",
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": "MIT licence",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "GGUF model",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["org.ggml.gguf"],
            }
        ],
        "UTImportedTypeDeclarations": [
            {
                "UTTypeIdentifier": "org.ggml.gguf",
                "UTTypeDescription": "GGUF model",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {"public.filename-extension": ["gguf"]},
            }
        ],
    }


def properties_file(version: str) -> bytes:
    """Info.plist as PyInstaller writes it, to be read by people and tests."""
    return plistlib.dumps(mac_properties(version))

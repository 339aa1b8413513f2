"""The list of all that is in a package, in the format of CycloneDX 1.5, from the files that are really there."""

import hashlib
import json
import time
import uuid
from pathlib import Path
from typing import Any

from bundle.components import Component, claimed, components, inside_the_program
from bundle.release import Release

NAME = "sbom.cdx.json"


def write(folder: Path, release: Release) -> Path:
    """Puts the list into the program's folder. Raises UnknownFileError for a file whose licence is not known."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    known = components(release, folder)
    files = claimed([name for name in names if name != NAME], known)
    target = folder / NAME
    target.write_text(text(folder, release, files, inside_the_program()), encoding="utf-8")
    target.chmod(0o644)
    return target


def text(
    folder: Path, release: Release, files: dict[Component, list[str]], frozen: tuple[Component, ...]
) -> str:
    """The list as JSON; its serial number follows from its content, so that it is the same each time."""
    listed = [_component(component, folder, names) for component, names in files.items() if names]
    listed += [_component(component, folder, []) for component in frozen]
    own = next(entry for entry in listed if entry["name"] == "Soliloquy")
    others = [entry for entry in listed if entry is not own]
    digest = hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest()
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.UUID(digest[:32], version=4)}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(release.epoch)),
            "component": own | {"type": "application"},
        },
        "components": others,
        "dependencies": [
            {"ref": own["bom-ref"], "dependsOn": [entry["bom-ref"] for entry in others]},
            *({"ref": entry["bom-ref"]} for entry in others),
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _component(component: Component, folder: Path, names: list[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"{component.name}@{component.version}",
        "name": component.name,
        "version": component.version,
        "licenses": [{"expression": component.licence}],
    }
    if component.supplier:
        entry["supplier"] = {"name": component.supplier}
    if names:
        entry["components"] = [_file(folder, name, component) for name in names]
    return entry


def _file(folder: Path, name: str, component: Component) -> dict[str, Any]:
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return {
        "type": "file",
        "bom-ref": f"{component.name}@{component.version}#{name}",
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }


def digests(document: str) -> dict[str, str]:
    """The files that a list names, with their SHA-256."""
    parts = json.loads(document)
    owners = [parts["metadata"]["component"], *parts["components"]]
    return {
        file["name"]: file["hashes"][0]["content"] for owner in owners for file in owner.get("components", [])
    }


def digests_of(folder: Path) -> dict[str, str]:
    """The files that a folder holds, with their SHA-256, but for the list itself."""
    files = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files if name != NAME}

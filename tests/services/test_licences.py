"""The licences of all that is shipped can be read, and a missing file is named."""

import json
from pathlib import Path

from app.paths import resources
from app.services.licences import components


def test_everything_that_is_shipped_has_its_licence() -> None:
    shipped = components(resources() / "licences")
    assert {"llama.cpp", "Inter", "Lucide"} <= {component.name for component in shipped}
    for component in shipped:
        assert component.what
        assert component.licence
        assert len(component.text) > 200
        assert "is missing" not in component.text


def test_several_files_are_one_text_and_a_missing_one_is_named(tmp_path: Path) -> None:
    entry = {"name": "Thing", "what": "Does", "versions": "1", "licence": "MIT", "files": ["a.txt", "b.txt"]}
    (tmp_path / "index.json").write_text(json.dumps([entry]), encoding="utf-8")
    (tmp_path / "a.txt").write_text("Permission is granted.\n", encoding="utf-8")
    (thing,) = components(tmp_path)
    assert thing.text == "Permission is granted.\n\n(b.txt is missing)"


def test_without_an_index_there_is_nothing(tmp_path: Path) -> None:
    assert components(tmp_path) == ()
    (tmp_path / "index.json").write_text("{", encoding="utf-8")
    assert components(tmp_path) == ()

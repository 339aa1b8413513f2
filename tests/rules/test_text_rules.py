"""The text rules notice a bad line and say where it is."""

import pytest

from tests.rules import text_rules
from tests.rules.source import Source

# Put together here, so that this file keeps the rules that it tests.
_HOME = "/" + "home/anna/models"
_NOTE = "TO" + "DO"


@pytest.mark.parametrize("line", [f"# {_NOTE}: later", f"{_NOTE.lower()} {_NOTE}", "a  # FIX" + "ME"])
def test_a_note_to_oneself_is_found(line: str) -> None:
    (breach,) = text_rules.finished(Source("README.md", f"Fine.\n{line}\n"))
    assert breach.line == 2


def test_a_word_that_only_contains_the_note_is_left_alone() -> None:
    assert not list(text_rules.finished(Source("README.md", f"{_NOTE}S and {_NOTE.lower()}\n")))


@pytest.mark.parametrize(
    "line", [f"cd {_HOME}", f'"{_HOME}"', "see /" + "Users/anna", "C:" + "\\Users\\anna"]
)
def test_a_path_on_one_machine_is_found(line: str) -> None:
    assert list(text_rules.no_ones_folders(Source("dev", line)))


def test_an_invented_person_may_be_a_sample_in_a_test_and_this_machine_may_not() -> None:
    assert not list(text_rules.no_ones_folders(Source("tests/test_a.py", f'"{_HOME}"')))
    assert list(text_rules.no_ones_folders(Source("tests/test_a.py", "cd /" + "root/models")))


@pytest.mark.parametrize(
    "line", ["~/.cache", "$HOME/models", "docs/home/page.md", "/usr/lib", "{root}/work/a"]
)
def test_other_paths_are_left_alone(line: str) -> None:
    assert not list(text_rules.no_ones_folders(Source("dev", line)))


@pytest.mark.parametrize("host", ["pypi." + "org", "files.pythonhosted." + "org", "deb.debian." + "org"])
def test_the_address_of_a_registry_is_found(host: str) -> None:
    assert list(text_rules.no_registry_addresses(Source("dev", f"https://{host}/simple")))

"""Exports and imports of the window: off its thread, on a real store."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication

from app.chat.conversation import Conversation, Message, turns
from app.chat.options import ChosenSampling, GenerateOptions
from app.errors import AppError
from app.export.json_format import from_json, to_json
from app.protocol.engine import Delta
from app.services.exchange.export_service import PREVIEW_LINES, Exported, ExportService, Form, Preview
from app.services.exchange.export_words import export_words
from app.services.exchange.importing import Imported
from tests.doubles.exchange import Services
from tests.doubles.services import capabilities
from tests.export.samples import conversation, question, rich, simple
from tests.waiting import wait_until

Make = Callable[..., Services]


@pytest.fixture
def make(qt_app: QCoreApplication, tmp_path: Path) -> Iterator[Make]:
    """Makes the services of a store that holds the conversations; closed afterwards."""
    made: list[Services] = []

    def make_one(*conversations: Conversation) -> Services:
        made.append(Services(tmp_path / f"data{len(made)}", *conversations))
        return made[-1]

    yield make_one
    for services in made:
        services.close()


class Heard:
    """What the service told."""

    def __init__(self, service: ExportService) -> None:
        self.previews: list[Preview] = []
        self.exported: list[Exported] = []
        self.copied: list[str] = []
        self.imported: list[Imported] = []
        self.failed: list[AppError] = []
        service.previewed.connect(self.previews.append)
        service.exported.connect(self.exported.append)
        service.copied.connect(self.copied.append)
        service.imported.connect(self.imported.append)
        service.failed.connect(self.failed.append)

    def wait(self) -> None:
        """Waits for the first word."""
        wait_until(
            lambda: bool(self.previews or self.exported or self.copied or self.imported or self.failed),
            "a word",
        )


def test_a_conversation_is_written(make: Make, tmp_path: Path) -> None:
    service = make(simple()).export
    heard = Heard(service)
    file = tmp_path / "a.md"
    service.export_one("c1", file, Form("md", "none"))
    heard.wait()
    assert heard.exported == [Exported(file, 1)]
    assert file.read_text(encoding="utf-8").endswith("## Qwen3 8B\n\nIt is **47**.\n")


def test_all_are_written_into_a_folder_and_none_is_replaced(make: Make, tmp_path: Path) -> None:
    service = make(simple(), rich(), msgspec.structs.replace(simple(), id="c3", title="sums")).export
    heard = Heard(service)
    folder = tmp_path / "out"
    for _ in range(2):
        service.export_all(folder, Form("json", "appendix"))
        heard.wait()
        assert heard.exported.pop() == Exported(folder, 3, is_folder=True)
    assert len(list(folder.iterdir())) == 6
    stored = [from_json(file.read_bytes(), "x").conversations[0] for file in folder.iterdir()]
    assert rich() in stored
    assert simple() in stored


def test_a_growing_reply_is_exported_with_the_text_that_it_has(make: Make, tmp_path: Path) -> None:
    services = make()
    services.engine.be_ready(capabilities())
    begun = Message("r1", "assistant", "q1", state="streaming", model="M")
    value = conversation(question("?"), begun)
    services.conversations.put(value, *value.messages)
    services.replies.ask(
        "c1", begun, turns("", value.messages[:1]), GenerateOptions(), ChosenSampling(), continuing=False
    )
    wait_until(lambda: bool(services.engine.requests), "the question")
    services.engine.delta.emit(Delta("r1", "answer", "model", "It grows", 2))
    heard = Heard(services.export)
    services.export.copy("c1", "none")
    heard.wait()
    assert "It grows" in heard.copied[0]
    services.replies.stop("r1")


def test_a_temporary_one_is_not_among_all(make: Make, tmp_path: Path) -> None:
    services = make()
    value = services.conversations.create(temporary=True)
    value = msgspec.structs.replace(value, messages=simple().messages, leaf="r1", title="Secret")
    services.conversations.put(value)
    heard = Heard(services.export)
    services.export.export_all(tmp_path / "out", Form())
    assert [error.code for error in heard.failed] == ["nothing_to_export"]
    assert services.export.file_name(value.id, "md").endswith(".md")
    services.export.export_one(value.id, tmp_path / "a.md", Form())
    wait_until(lambda: bool(heard.exported), "the one that was asked for")


def test_a_preview_is_the_beginning_and_of_several_the_last_is_told(make: Make) -> None:
    long = simple("\n\n".join(map(str, range(5000))))
    service = make(long).export
    heard = Heard(service)
    service.preview("c1", Form("json", "none"))
    service.preview("c1", Form("md", "none"))
    heard.wait()
    QCoreApplication.processEvents()
    (preview,) = heard.previews
    assert preview.text.startswith("# Sums")
    assert len(preview.text.splitlines()) <= PREVIEW_LINES
    assert preview.cut
    heard.previews.clear()
    service.preview("c1", Form("md", "none"))
    heard.wait()


def test_a_short_preview_is_the_whole_file(make: Make) -> None:
    service = make(simple()).export
    heard = Heard(service)
    service.preview("c1", Form("txt", "none"))
    heard.wait()
    assert not heard.previews[0].cut


@pytest.mark.parametrize("act", ["export", "all", "import", "missing"])
def test_what_goes_wrong_is_told(make: Make, tmp_path: Path, act: str) -> None:
    service = make(simple()).export
    heard = Heard(service)
    (tmp_path / "file").write_text("", encoding="utf-8")
    if act == "export":
        service.export_one("c1", tmp_path / "none" / "a.md", Form())
    elif act == "all":
        service.export_all(tmp_path / "file", Form())
    elif act == "import":
        service.import_from(tmp_path / "none.json")
    else:
        service.copy("nobody", "none")
    heard.wait()
    expected = {"import": "import_unreadable", "missing": "conversation_missing"}.get(act, "export_failed")
    assert [error.code for error in heard.failed] == [expected]


def test_what_is_imported_is_in_the_list(make: Make, tmp_path: Path) -> None:
    services = make(simple())
    heard = Heard(services.export)
    file = tmp_path / "a.json"
    broken = msgspec.structs.replace(rich(), id="c9", leaf="nobody")
    file.write_text(to_json([simple(), rich(), broken], "appendix"), encoding="utf-8")
    services.export.import_from(file)
    heard.wait()
    (result,) = heard.imported
    assert (result.ids, result.present, len(result.problems)) == (("c2",), 1, 1)
    wait_until(lambda: {row.id for row in services.conversations.summaries} == {"c1", "c2"}, "the list")


def test_names_come_from_titles(make: Make) -> None:
    service = make(simple(), msgspec.structs.replace(rich(), title="a/b?")).export
    assert service.file_name("c1", "md") == "Sums.md"
    assert service.file_name("c2", "json") == "a-b.json"
    assert service.file_name("nobody", "txt") == "Untitled.txt"


def test_the_words_say_seconds_and_tokens() -> None:
    words = export_words()
    assert words.thought(57.9, 1310).startswith("Thought for 0:57 · 1")
    assert words.thought(3723, 1) == "Thought for 1:02:03 · 1 token"
    assert words.thought(5, 0) == "Thought for 0:05"
    assert words.thought(0.4, 0) == "Thought for under a second"
    assert words.ended("end") == ""
    assert words.ended("stopped") == "Stopped"
    assert "1970" in words.date(43_200)

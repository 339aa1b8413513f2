"""A chat template that runs away costs one engine process and one error; its file is asked in plain words then."""

from pathlib import Path

import pytest

from app.errors import AppError
from app.protocol.engine import Failed, Generate, Loaded
from app.services.models.engine_service import EngineService
from app.services.models.template_trust import TemplateTrust
from app.services.models.template_watch import TemplateWatch
from app.settings import DISTRUSTED, Settings
from tests.conftest import Noise
from tests.doubles.services import capabilities
from tests.services.conftest import MakeEngine, MakeServices
from tests.services.models.test_heartbeat import QUESTION
from tests.waiting import wait_until


class Watched:
    """An engine that plays a script under a watch, and what it said."""

    def __init__(self, engine: EngineService, file: Path, patience_ms: int = 60) -> None:
        self.engine = engine
        self.file = file
        self.watch = TemplateWatch(engine, patience_ms=patience_ms)
        self.notices: list[str] = []
        self.failed: list[tuple[str, AppError]] = []
        self.finished: list[object] = []
        engine.notice.connect(self.notices.append)
        engine.reply_failed.connect(lambda reply_id, error: self.failed.append((reply_id, error)))
        engine.finished.connect(self.finished.append)

    def load(self) -> None:
        """Loads the file."""
        self.engine.load(self.file)
        self.is_ready()

    def is_ready(self) -> None:
        """Waits until it can be asked."""
        wait_until(lambda: self.engine.state.phase == "ready", "the load")

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Which replies failed, and how."""
        return [(reply_id, error.code) for reply_id, error in self.failed]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that can be marked."""
    path = tmp_path / "wild.gguf"
    path.write_bytes(b"GGUF")
    return path


def test_a_template_without_an_end_fails_the_reply_and_the_next_is_asked_in_plain_words(
    engine: MakeEngine, file: Path, noise: Noise
) -> None:
    noise.allow("a chat template was stopped")
    watched = Watched(engine("template_runs_away"), file)
    watched.load()
    pid = watched.engine.pid
    watched.engine.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(watched.failed), "the end")
    assert watched.codes == [("r", "template_runaway")]
    watched.is_ready()
    assert watched.engine.pid != pid
    assert watched.notices == ["template_distrusted"]
    watched.engine.generate(Generate("r2", QUESTION))
    wait_until(lambda: bool(watched.finished), "the reply in plain words")
    assert len(watched.failed) == 1


def test_a_template_that_runs_away_while_the_model_loads_costs_no_question(
    engine: MakeEngine, file: Path, noise: Noise
) -> None:
    noise.allow("a chat template was stopped")
    watched = Watched(engine("template_runs_away_loading"), file)
    watched.engine.load(file)
    watched.engine.generate(Generate("r", QUESTION))
    wait_until(lambda: bool(watched.finished), "the reply in plain words")
    assert watched.failed == []
    assert watched.notices == ["template_distrusted"]


def test_one_that_the_engine_stopped_itself_is_marked_too(
    engine: MakeEngine, file: Path, noise: Noise
) -> None:
    noise.allow("a chat template was stopped")
    watched = Watched(engine("template_is_stopped"), file, 20_000)
    watched.load()
    watched.engine.generate(Generate("r", QUESTION))
    wait_until(lambda: "template_distrusted" in watched.notices, "the load in plain words")
    assert watched.codes == [("r", "template_too_long")]


def test_where_no_reply_would_tell_it_is_told_by_itself(engine: MakeEngine, file: Path, noise: Noise) -> None:
    noise.allow("a chat template was stopped")
    watched = Watched(engine("plain"), file)
    watched.load()
    told: list[str] = []
    watched.engine.failed.connect(lambda error: told.append(error.code))
    before = watched.engine.pid
    # A draft is counted: no reply is asked for.
    watched.engine.heard.emit(Failed(None, "template_forbidden"))
    wait_until(lambda: watched.engine.pid not in (0, before), "another engine")
    watched.is_ready()
    assert (told, watched.codes) == (["template_forbidden"], [])
    assert watched.engine.templates.distrusts(file)


def test_one_that_the_load_did_without_is_marked(engine: MakeEngine, file: Path, noise: Noise) -> None:
    noise.allow("a chat template was stopped")
    watched = Watched(engine("plain"), file)
    watched.load()
    before = watched.engine.pid
    watched.engine.heard.emit(Loaded(capabilities(notices=("template_runaway",))))
    assert watched.engine.templates.distrusts(file)
    assert watched.engine.pid == before


def test_a_template_that_works_is_left_alone(engine: MakeEngine, file: Path) -> None:
    watched = Watched(engine("template_works"), file, 20_000)
    watched.load()
    text: list[object] = []
    watched.engine.delta.connect(text.append)
    watched.engine.generate(Generate("r", QUESTION))
    wait_until(lambda: len(text) == 2, "the text")
    assert not watched.watch.waiting
    assert not watched.engine.templates.distrusts(file)


def test_a_model_that_was_taken_away_is_not_waited_for(engine: MakeEngine, file: Path) -> None:
    watched = Watched(engine("template_runs_away"), file, 20_000)
    watched.load()
    watched.engine.generate(Generate("r", QUESTION))
    wait_until(lambda: watched.watch.waiting, "the template")
    watched.engine.unload()
    assert not watched.watch.waiting


def test_an_engine_that_was_closed_meanwhile_is_neither_blamed_nor_started(
    engine: MakeEngine, file: Path
) -> None:
    watched = Watched(engine("template_runs_away"), file)
    watched.load()
    watched.engine.generate(Generate("r", QUESTION))
    wait_until(lambda: watched.watch.waiting, "the template")
    watched.engine.close()
    wait_until(lambda: not watched.watch.waiting, "the end of the patience")
    assert watched.engine.pid == 0
    assert not watched.engine.templates.distrusts(file)


def test_a_reply_in_a_conversation_ends_with_one_clear_error(
    engine: MakeEngine, services: MakeServices, file: Path, noise: Noise
) -> None:
    noise.allow("a chat template was stopped")
    watched = Watched(engine("template_runs_away"), file)
    made = services(watched.engine)
    errors: list[AppError] = []
    made.chat.failed.connect(errors.append)
    watched.load()
    assert made.chat.send("12 + 3")
    wait_until(lambda: bool(errors), "the error")
    watched.is_ready()
    assert [error.code for error in errors] == ["template_runaway"]
    question, reply = made.chat.conversation.branch()
    assert (question.text, reply.state, reply.reason) == ("12 + 3", "interrupted", "interrupted")
    made.chat.regenerate(reply.id)
    wait_until(lambda: made.chat.answering is None, "the reply in plain words")
    assert made.chat.conversation.branch()[-1].answer == "It is 15."


# The marks


def test_marks_outlive_the_window_and_another_file_in_the_same_place_has_none(
    file: Path, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "settings.json")
    TemplateTrust(settings).distrust(file)
    settings.save()
    again = TemplateTrust(Settings(tmp_path / "settings.json"))
    assert again.distrusts(file)
    assert not again.distrusts(tmp_path / "other.gguf")
    file.write_bytes(b"GGUF, another one")
    assert not again.distrusts(file)


def test_a_file_can_be_trusted_again(file: Path, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    trust = TemplateTrust(settings)
    trust.distrust(file)
    trust.trust(file)
    assert not trust.distrusts(file)
    assert not TemplateTrust(settings).distrusts(file)


def test_where_there_is_no_more_room_the_oldest_mark_goes(tmp_path: Path) -> None:
    trust = TemplateTrust(Settings(tmp_path / "settings.json"))
    paths = [tmp_path / f"{number}-{'x' * 900}.gguf" for number in range(100)]
    for path in paths:
        trust.distrust(path)
    assert trust.distrusts(paths[-1])
    assert not trust.distrusts(paths[0])


def test_a_name_whose_bytes_are_no_text_is_marked_too(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    path = tmp_path / "wild\udcff.gguf"
    TemplateTrust(settings).distrust(path)
    settings.save()
    assert TemplateTrust(Settings(tmp_path / "settings.json")).distrusts(path)


@pytest.mark.parametrize("kept", ["", "{", "7", '[["a"], 3, ["a", "b", 1], ["a", 1, true]]', "[" * 60_000])
def test_marks_that_are_none_harm_nobody(tmp_path: Path, kept: str) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set(DISTRUSTED, kept)
    assert not TemplateTrust(settings).distrusts(Path("a"))

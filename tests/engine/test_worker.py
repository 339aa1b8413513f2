"""The engine process keeps its wire clean, hears Stop at any time, and ends when its parent does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.chat.conversation import Text, Turn
from app.chat.options import GenerateOptions, LoadOptions, Sampling
from app.paths import demo_model
from app.protocol.engine import (
    Delta,
    Event,
    Failed,
    Finished,
    Generate,
    Inspect,
    Inspected,
    Load,
    Loaded,
    Loading,
    Plan,
    Planned,
    Prefilling,
    Quit,
    Rendering,
    Request,
    Stop,
)
from app.protocol.wire import LineDecoder, encode

ROOT = Path(__file__).resolve().parent.parent.parent
LONG = GenerateOptions(sampling=Sampling(temperature=0.0))


class Engine:
    """A real engine process, driven over its standard input and output."""

    def __init__(self, cache: Path) -> None:
        command = [sys.executable, "-m", "app", "--engine-worker", "--no-gpu"]
        command += ["--cache-dir", str(cache), "--proof-model", str(demo_model())]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._decoder: LineDecoder[Event] = LineDecoder(Event)
        self._words: list[Event] = []

    def say(self, *words: Request) -> None:
        """Writes requests."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(map(encode, words)))
        self.process.stdin.flush()

    def hear(self) -> Event:
        """The next event that is not only the template at work."""
        while isinstance(word := self.hear_all(), Rendering):
            pass
        return word

    def hear_all(self) -> Event:
        """The next event."""
        assert self.process.stdout is not None
        while not self._words:
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            assert data, "the engine ended"
            self._words.extend(self._decoder.feed(data))
        return self._words.pop(0)

    def until(self, *kinds: type[Event]) -> tuple[Event, list[Event]]:
        """The first event of these kinds, and what came before it."""
        before: list[Event] = []
        while not isinstance(word := self.hear(), kinds):
            before.append(word)
        return word, before

    def load(self, path: Path, context: int = 2048) -> Loaded:
        """Loads a model."""
        self.say(Load(str(path), LoadOptions(context=context, threads=1)))
        word, _before = self.until(Loaded, Failed)
        assert isinstance(word, Loaded), word
        return word

    def close(self) -> None:
        """Ends it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A running engine process."""
    made = Engine(tmp_path)
    yield made
    made.close()


def question(text: str) -> tuple[Turn, ...]:
    """One question."""
    return (Turn("q", "user", (Text(text),)),)


def test_a_load_tells_its_progress_and_what_the_model_can_do(engine: Engine) -> None:
    engine.say(Load(str(demo_model())))
    word, before = engine.until(Loaded)
    assert isinstance(word, Loaded)
    shares = [event.share for event in before if isinstance(event, Loading)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert word.capabilities.thinking.kind == "switchable"
    assert word.capabilities.placement.gpu_layers == 0
    assert [device.kind for device in word.capabilities.devices] == ["cpu"]


def test_a_reply_comes_as_prefill_deltas_and_an_end(engine: Engine) -> None:
    engine.load(demo_model())
    engine.say(Generate("r", question("12+35="), LONG))
    finished, before = engine.until(Finished)
    assert isinstance(before[0], Prefilling)
    channels = [event.channel for event in before if isinstance(event, Delta)]
    assert channels == sorted(channels, reverse=True)  # thinking, then answer
    assert set(channels) == {"thinking", "answer"}
    assert isinstance(finished, Finished)
    assert finished.reason == "end"


def test_a_file_is_inspected_without_loading_it(engine: Engine, zoo: Path) -> None:
    engine.say(Inspect(str(zoo / "gptoss.gguf")))
    word = engine.hear()
    assert isinstance(word, Inspected)
    assert (word.architecture, word.thinking.kind) == ("gpt-oss", "efforts")
    maps = Path(f"/proc/{engine.process.pid}/maps")
    if maps.exists():
        assert "libllama" not in maps.read_text(encoding="utf-8")


@pytest.mark.parametrize("request_", [Plan("p", question("hi")), Generate("r", question("hi"))])
def test_without_a_model_a_request_fails_in_words(engine: Engine, request_: Request) -> None:
    engine.say(request_)
    word = engine.hear()
    assert isinstance(word, Failed)
    assert word.code == "no_model"


def test_a_plan_counts_each_message(engine: Engine) -> None:
    engine.load(demo_model())
    engine.say(Plan("p", question("12+35=")))
    word = engine.hear()
    assert isinstance(word, Planned)
    assert word.total == word.tokens["q"] > 5


def test_a_template_at_work_is_told_before_and_after_it(engine: Engine) -> None:
    engine.load(demo_model())
    for request in (Plan("p", question("12+35=")), Generate("r", question("12+35="), LONG)):
        engine.say(request)
        words = [engine.hear_all(), engine.hear_all()]
        assert words == [Rendering(True), Rendering(False)]
        engine.until(Planned, Finished)
    engine.say(Inspect(str(demo_model())))
    assert [engine.hear_all(), engine.hear_all()] == [Rendering(True), Rendering(False)]
    assert isinstance(engine.hear_all(), Inspected)


def test_stop_is_heard_while_decoding(engine: Engine, zoo: Path) -> None:
    engine.load(zoo / "llama-distill.gguf")
    engine.say(Generate("r", question("hi"), LONG))
    engine.until(Delta)
    engine.say(Stop("r"))
    word, _before = engine.until(Finished)
    assert isinstance(word, Finished)
    assert word.reason in ("stopped", "context_full")


def test_stop_is_heard_inside_a_long_prompt(engine: Engine, smollm2: Path) -> None:
    engine.load(smollm2, context=8192)
    engine.say(Generate("r", question("word " * 5000), LONG))
    engine.until(Prefilling)
    time.sleep(0.3)
    engine.say(Stop("r"))
    word, _before = engine.until(Finished)
    assert isinstance(word, Finished)
    assert word.reason == "stopped"


def test_a_reply_that_waits_is_stopped_before_it_begins(engine: Engine, smollm2: Path) -> None:
    engine.load(smollm2)
    engine.say(Generate("first", question("Count to one hundred."), LONG))
    engine.until(Delta)
    engine.say(Generate("second", question("hi"), LONG))
    time.sleep(0.2)
    engine.say(Stop("second"), Stop("first"))
    ends = {engine.until(Finished)[0], engine.until(Finished)[0]}
    assert {end.reply_id for end in ends if isinstance(end, Finished)} == {"first", "second"}


def test_a_stop_that_comes_too_late_does_not_stop_the_reply_s_continuation(engine: Engine) -> None:
    engine.load(demo_model())
    asked = question("12+35=")
    engine.say(Generate("r", asked, GenerateOptions(max_tokens=5)))
    first, before = engine.until(Finished)
    assert isinstance(first, Finished)
    thought = "".join(event.text for event in before if isinstance(event, Delta))
    engine.say(Stop("r"), Stop("r"), Stop("nobody"))
    turns = (*asked, Turn("r", "assistant", (Text(""),), thought))
    engine.say(Generate("r", turns, LONG, continuing=True))
    word, _before = engine.until(Finished)
    assert isinstance(word, Finished)
    assert word.reason == "end"


def test_a_reply_is_stopped_before_its_first_token(engine: Engine) -> None:
    engine.load(demo_model())
    engine.say(Generate("r", question("12+35="), LONG), Stop("r"))
    word, _before = engine.until(Finished)
    assert isinstance(word, Finished)
    assert word.reason == "stopped"
    engine.say(Generate("r2", question("12+35="), LONG))
    word, _before = engine.until(Finished)
    assert isinstance(word, Finished)
    assert word.reason == "end"


def test_a_hundred_thousand_digits_in_a_row_do_not_end_the_engine(engine: Engine, zoo: Path) -> None:
    engine.load(zoo / "qwen35.gguf")
    engine.say(Plan("p", question("1" * 100_000 + "!" * 100_000)))
    word = engine.hear()
    assert isinstance(word, Planned)
    assert word.total > 100_000


def test_prints_of_python_and_of_c_never_reach_the_wire(tmp_path: Path) -> None:
    code = (
        "import ctypes, os, sys\n"
        "from app.engine.worker import private_wire\n"
        "wire = private_wire()\n"
        "print('python prints')\n"
        "sys.stdout.flush()\n"
        "ctypes.CDLL(None).puts(b'C prints')\n"
        "ctypes.CDLL(None).fflush(None)\n"
        "os.write(1, b'raw prints')\n"
        "wire.write(b'a word')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=True
    )
    assert ended.stdout == b"a word"
    assert ended.stderr.replace(b"\r", b"").split(b"\n")[0] == b"python prints"


def test_the_engine_ends_when_its_input_ends_even_in_the_middle_of_a_reply(
    tmp_path: Path, smollm2: Path
) -> None:
    engine = Engine(tmp_path)
    engine.load(smollm2)
    engine.say(Generate("r", question("Tell a long story."), LONG))
    engine.until(Delta)
    engine.close()
    assert engine.process.returncode == 0


def test_nonsense_on_the_input_ends_the_engine(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    assert engine.process.stdin is not None
    engine.process.stdin.write(b"what is this\n")
    engine.process.stdin.flush()
    assert engine.process.wait(20) == 0
    engine.close()


def test_quit_ends_the_engine(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    engine.say(Quit())
    assert engine.process.wait(20) == 0
    engine.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the score is Linux's")
def test_the_system_would_take_the_engine_before_the_window(engine: Engine) -> None:
    engine.load(demo_model())
    score = Path(f"/proc/{engine.process.pid}/oom_score_adj").read_text(encoding="ascii")
    assert int(score) == 800


def test_ctrl_c_in_the_terminal_is_left_to_the_parent(engine: Engine) -> None:
    engine.load(demo_model())
    engine.process.send_signal(signal.SIGINT)
    engine.say(Generate("r", question("12+35="), LONG))
    assert isinstance(engine.until(Finished)[0], Finished)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_the_engine_is_gone_soon_after_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.doubles.parent", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    try:
        child = psutil.Process(int(parent.stdout.readline()))
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    psutil.wait_procs([child], 20)
    assert not child.is_running()


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of Unix, read back from Linux's /proc")
def test_a_large_stack_is_the_worker_s_alone_and_is_done_without_where_there_is_no_room() -> None:
    code = (
        "import resource, sys, threading\n"
        "from app.engine.role import _run_with_room\n"
        "if sys.argv[1] == 'narrow':\n"
        "    resource.setrlimit(resource.RLIMIT_AS, (400 * 2**20, 400 * 2**20))\n"
        "_run_with_room(lambda: print(threading.current_thread().name, threading.stack_size()))\n"
    )
    for room, said in (("wide", "worker 0\n"), ("narrow", "MainThread 0\n")):
        command = [sys.executable, "-c", code, room]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
        assert ended.stdout == said

"""An engine process that plays a script: the protocol without a model, for tests of what lies behind it.

    python tests/doubles/scripted_engine.py SCRIPT [--no-gpu]

SCRIPT is one of the names in `SCRIPTS`. Every reply thinks "12 + 3 = 15" in four deltas and answers "It is 15.".
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

from app.chat.conversation import Statistics
from app.chat.options import Capabilities, Device, Placement, Thinking
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

GPU = Device("GPU0", "A scripted GPU", "gpu", 8_000_000_000, 7_000_000_000)
STATISTICS = Statistics(20, 5, 4, 3, 0.4, 0.3, 10.0, 0.1)


def say(event: Event) -> None:
    """Writes one word."""
    sys.stdout.buffer.write(encode(event))
    sys.stdout.buffer.flush()


def requests() -> Iterator[Request]:
    """What is asked, until the input ends."""
    decoder: LineDecoder[Request] = LineDecoder(Request)
    while data := os.read(0, 1 << 16):
        yield from decoder.feed(data)


SWITCH = Thinking("switchable", ("off", "on"), "on")


def capabilities(
    *, gpu: bool, plain: bool = False, thinking: Thinking = SWITCH, folds_system: bool = False
) -> Capabilities:
    """A model with a switch for its thinking, on the GPU or on the CPU."""
    placement = Placement(GPU.description, 4, 4, 1) if gpu else Placement("", 0, 4, 1)
    return Capabilities(
        "Scripted model",
        "llama",
        thinking,
        context=1000,
        trained_context=4000,
        placement=placement,
        devices=(GPU,) if gpu else (),
        notices=("template_distrusted",) if plain else (),
        folds_system=folds_system,
    )


def inspected(path: str, problems: tuple[str, ...]) -> Inspected:
    """What is seen in any file."""
    return Inspected(path, "Scripted model", "llama", 100, "Q8_0", 4000, Thinking(), problems)


def deltas(reply_id: str) -> Iterator[Delta]:
    """The text of a whole reply."""
    for text in ("12 + ", "3 ", "= ", "15"):
        yield Delta(reply_id, "thinking", "model", text, 1)
    for text in ("It ", "is ", "15."):
        yield Delta(reply_id, "answer", "model", text, 1)


def reply(request: Generate) -> None:
    """A reply from beginning to end."""
    say(Prefilling(request.reply_id, 0, 20))
    say(Prefilling(request.reply_id, 20, 20))
    for delta in deltas(request.reply_id):
        say(delta)
    say(Finished(request.reply_id, "end", STATISTICS))


def plan(request: Plan) -> None:
    """A plan in which each letter is a token."""
    tokens = {turn.id: len(turn.text) for turn in request.messages}
    say(Planned(request.plan_id, sum(tokens.values()), tokens, (), 1000))


def half_a_reply(request: Generate) -> None:
    """A reply up to the middle of its thinking."""
    say(Prefilling(request.reply_id, 20, 20))
    for delta in list(deltas(request.reply_id))[:2]:
        say(delta)


def babble() -> None:
    """Writes what is no word of the protocol."""
    os.write(1, b"this is not a word\n")


def die(number: int) -> None:
    """Ends this process by a signal."""
    time.sleep(0.05)
    os.kill(os.getpid(), number)


class Script:
    """How this engine behaves; the functions may be replaced by a script."""

    def __init__(self, *, gpu: bool) -> None:
        self.gpu = gpu
        self.on_load: Callable[[], None] = self.load
        self.on_generate: Callable[[Generate], None] = reply
        self.on_plan: Callable[[Plan], None] = plan
        self.running = ""
        self.plain = False
        self.on_inspect: Callable[[Inspect], None] = lambda request: say(inspected(request.path, ()))
        self.hears_stop = True

    def load(self) -> None:
        """Loads in two steps."""
        say(Loading(0.5))
        say(Loaded(capabilities(gpu=self.gpu, plain=self.plain)))

    def half(self, request: Generate) -> None:
        """Begins a reply and waits for Stop."""
        self.running = request.reply_id
        half_a_reply(request)

    def play(self) -> None:
        """Answers until the input ends."""
        for request in requests():
            if isinstance(request, Load):
                self.plain = request.options.plain_template
                self.on_load()
            elif isinstance(request, Generate):
                self.on_generate(request)
            elif isinstance(request, Stop) and self.hears_stop:
                say(Finished(request.reply_id, "stopped", STATISTICS))
            elif isinstance(request, Plan):
                self.on_plan(request)
            elif isinstance(request, Inspect):
                self.on_inspect(request)
            elif isinstance(request, Quit):
                return


def _dies_answering(script: Script, number: int) -> None:
    def generate(request: Generate) -> None:
        half_a_reply(request)
        die(number)

    script.on_generate = generate


def _crashing(script: Script) -> None:
    _dies_answering(script, signal.SIGSEGV)


def _killed(script: Script) -> None:
    _dies_answering(script, signal.SIGKILL)


def _gpu_crashing(script: Script) -> None:
    if script.gpu:
        _dies_answering(script, signal.SIGSEGV)


def _gpu_dies_loading(script: Script) -> None:
    if script.gpu:
        script.on_load = lambda: die(signal.SIGSEGV)


def _dies_loading(script: Script) -> None:
    script.on_load = lambda: die(signal.SIGSEGV)


def _killed_loading(script: Script) -> None:
    script.on_load = lambda: die(signal.SIGKILL)


def _template_fails(script: Script) -> None:
    def refuse(request: Plan) -> None:
        say(Failed(None, "template_failed", {"reason": f"cannot say {request.messages[-1].text}"}))

    script.on_plan = refuse


def _template_runs_away(script: Script) -> None:
    def generate(request: Generate) -> None:
        if script.plain:
            reply(request)
        else:
            say(Rendering(True))

    script.on_generate = generate


def _template_runs_away_loading(script: Script) -> None:
    def load() -> None:
        if script.plain:
            script.load()
        else:
            say(Rendering(True))

    script.on_load = load


def _template_is_stopped(script: Script) -> None:
    def generate(request: Generate) -> None:
        if script.plain:
            reply(request)
        else:
            say(Rendering(True))
            say(Rendering(False))
            say(Failed(request.reply_id, "template_too_long", {}))

    script.on_generate = generate


def _wild_template(script: Script) -> None:
    script.on_inspect = lambda request: say(inspected(request.path, ("template_forbidden",)))


def _endless_template(script: Script) -> None:
    script.on_inspect = lambda _request: say(Rendering(True))


def _deadly_template(script: Script) -> None:
    def inspect(_request: Inspect) -> None:
        say(Rendering(True))
        die(signal.SIGKILL)

    script.on_inspect = inspect


def _deadly_file(script: Script) -> None:
    def inspect(_request: Inspect) -> None:
        say(Rendering(True))
        say(Rendering(False))
        die(signal.SIGKILL)

    script.on_inspect = inspect


def _loads_as(script: Script, model: Capabilities) -> None:
    script.on_load = lambda: say(Loaded(model))


def _thoughtless(script: Script) -> None:
    _loads_as(script, capabilities(gpu=False, thinking=Thinking()))


def _thoughtful(script: Script) -> None:
    _loads_as(script, capabilities(gpu=False, thinking=Thinking("always")))


def _folds(script: Script) -> None:
    _loads_as(script, capabilities(gpu=False, folds_system=True))


def _template_works(script: Script) -> None:
    def generate(request: Generate) -> None:
        say(Rendering(True))
        say(Rendering(False))
        script.half(request)

    script.on_generate = generate


def _refuses(script: Script) -> None:
    script.on_load = lambda: say(Failed(None, "not_gguf", {"path": "x.gguf"}))


def _fails_decoding(script: Script) -> None:
    def generate(request: Generate) -> None:
        half_a_reply(request)
        say(Failed(request.reply_id, "decode_failed", {"detail": "device lost"}))

    script.on_generate = generate


def _gpu_fails_decoding(script: Script) -> None:
    if script.gpu:
        _fails_decoding(script)


def _gpu_silent(script: Script) -> None:
    if script.gpu:
        script.on_generate = lambda _request: die(signal.SIGSEGV)


def _full(script: Script) -> None:
    script.on_generate = lambda request: say(
        Failed(request.reply_id, "context_full", {"needed": 2000, "context": 1000})
    )


def _waits(script: Script) -> None:
    script.on_generate = script.half


def _deaf(script: Script) -> None:
    script.on_generate = script.half
    script.hears_stop = False


def _silent(script: Script) -> None:
    script.on_plan = lambda _request: None


def _babbles(script: Script) -> None:
    script.on_load = babble


def _never_loads(script: Script) -> None:
    script.on_load = lambda: None


def _plain(_script: Script) -> None:
    """Plays the script as it is."""


SCRIPTS: dict[str, Callable[[Script], None]] = {
    "plain": _plain,
    "waits": _waits,
    "crashes": _crashing,
    "gpu_crashes": _gpu_crashing,
    "killed": _killed,
    "gpu_dies_loading": _gpu_dies_loading,
    "dies_loading": _dies_loading,
    "killed_loading": _killed_loading,
    "template_fails": _template_fails,
    "template_runs_away": _template_runs_away,
    "template_runs_away_loading": _template_runs_away_loading,
    "template_is_stopped": _template_is_stopped,
    "template_works": _template_works,
    "wild_template": _wild_template,
    "endless_template": _endless_template,
    "deadly_template": _deadly_template,
    "deadly_file": _deadly_file,
    "thoughtless": _thoughtless,
    "thoughtful": _thoughtful,
    "folds": _folds,
    "refuses": _refuses,
    "fails_decoding": _fails_decoding,
    "gpu_fails_decoding": _gpu_fails_decoding,
    "gpu_silent": _gpu_silent,
    "full": _full,
    "deaf": _deaf,
    "silent": _silent,
    "babbles": _babbles,
    "never_loads": _never_loads,
}


def scripted(name: str, *, gpu: bool) -> Script:
    """The script of that name."""
    script = Script(gpu=gpu and name.startswith("gpu"))
    SCRIPTS[name](script)
    return script


if __name__ == "__main__":
    scripted(sys.argv[1], gpu="--no-gpu" not in sys.argv).play()

"""What this program does when it is started as an engine process, and as the proof of a CPU library."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from app.diagnostics import catch_the_uncaught
from app.engine.inspection import inspect, limit_this_process
from app.engine.worker import Loads, Watch, Worker, offer_to_the_oom_killer, private_wire
from app.errors import EngineError
from app.protocol.engine import Inspected

_PROOF_CONTEXT = 64

_STACK = 512 * 1024 * 1024
"""Bytes that may be used; the system gives them as they are."""


def main(arguments: Sequence[str]) -> int:
    """Runs the role; `arguments` are those after `--engine-worker`."""
    parser = argparse.ArgumentParser(prog="soliloquy --engine-worker")
    parser.add_argument("--cache-dir", type=Path)
    parser.add_argument("--proof-model", type=Path)
    parser.add_argument("--no-gpu", action="store_true")
    parser.add_argument("--prove-cpu", type=Path, nargs=2, metavar=("LIBRARY", "MODEL"))
    chosen = parser.parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if chosen.prove_cpu:
        return prove(*chosen.prove_cpu)
    return serve(chosen.cache_dir, chosen.proof_model, gpu=not chosen.no_gpu)


def serve(cache: Path, proof_model: Path, *, gpu: bool) -> int:
    """Answers requests until standard input ends; `cache` remembers the CPU library that `proof_model` proved."""
    # Ctrl+C in a terminal reaches this process too; what to do about it is the parent's to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wire = private_wire()
    offer_to_the_oom_killer()

    def make_loader(report: Callable[[float], None], watch: Watch) -> Loads:
        return start_llama(cache, proof_model, report, watch, gpu=gpu)

    catch_the_uncaught(lambda _traceback: None)
    _run_with_room(Worker(wire, sys.stdin.buffer, make_loader, inspect_under_limits).run)
    return 0


def _run_with_room(run: Callable[[], None]) -> None:
    """Runs on a thread with a large stack.

    llama.cpp cuts text by std::regex, which goes deeper with every letter of a run of digits or signs: 8 MiB end at
    about 40,000 of them.
    """

    def begin() -> None:
        threading.stack_size(0)  # the threads that it starts need no such stack
        run()

    threading.stack_size(_STACK)
    thread = threading.Thread(target=begin, name="worker")
    try:
        thread.start()
    except RuntimeError:  # no room for it: shorter runs have to do
        begin()
    else:
        thread.join()


def start_llama(
    cache: Path, proof_model: Path, report: Callable[[float], None], watch: Watch, *, gpu: bool
) -> Loads:
    """Loads llama.cpp with this machine's backends."""
    from app.engine import cpu_library
    from app.engine.llama_backend import Runtime
    from app.engine.loading import Loader

    folder = cpu_library.backend_folder()
    cpu = cpu_library.chosen_library(folder, cache, proof_model)
    gpus = cpu_library.gpu_libraries(folder) if gpu else []
    return Loader(Runtime(cpu, gpus), report, watch)


def inspect_under_limits(path: Path, watch: Watch) -> Inspected:
    """What the file is; afterwards this process has little memory left and is to be thrown away."""
    limit_this_process()
    return inspect(path, watch)


def prove(library: Path, model: Path) -> int:
    """Decodes a token with a CPU library: 0 when that works; a library that does not dies here.

    A model that cannot be loaded says nothing about the library.
    """
    from app.engine.cpu_library import CANNOT_TELL, PROOF_SECONDS
    from app.engine.llama_backend import LlamaModel, Runtime

    if sys.platform != "win32":
        signal.alarm(PROOF_SECONDS + 5)  # whoever would end a hang may be gone by then
    runtime = Runtime(library, [])
    try:
        opened = LlamaModel(
            runtime, model, context=_PROOF_CONTEXT, gpu_layers=0, threads=1, progress=lambda _share: None
        )
    except EngineError:
        return CANNOT_TELL
    # Several tokens at once take the matrix paths of prefill, one alone those of decode.
    opened.decode_prompt(opened.tokenize("1 + 1 = 2 and 2 + 2 = 4"), lambda _done: None)
    opened.decode_token(opened.tokenize("1")[0])
    opened.close()
    return 0

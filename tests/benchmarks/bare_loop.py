"""The bare side: llama_decode and samplers in one process, with nothing around them.

Run by the bench as a process of its own. What it takes from the app is the choice of the CPU library and the
rendering of a prompt, neither of which is measured.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from llama_cpp import llama_cpp as lib

from app.chat.conversation import Turn
from app.chat.options import Sampling
from app.chat.prompt import build_prompt
from app.chat.reasoning_format import detect
from app.chat.template import PLAIN, ChatTemplate
from app.engine.cpu_library import backend_folder, chosen_library
from app.engine.llama_backend import Runtime
from app.library.model_file import read_model_file
from app.paths import demo_model
from app.protocol.wire import LineDecoder, encode
from tests.benchmarks.bare_words import Answer, Count, Counted, Measure, Measured, Order

_CHUNK = 1 << 16


class BareLoop:
    """One model, one context, and the tokens that stand in its KV cache."""

    def __init__(self, path: Path, context: int, threads: int) -> None:
        self._model = lib.llama_model_load_from_file(os.fsencode(path), lib.llama_model_default_params())
        params = lib.llama_context_default_params()
        params.n_ctx = context
        params.n_threads = params.n_threads_batch = threads
        self._context = lib.llama_init_from_model(self._model, params)
        self._vocabulary = lib.llama_model_get_vocab(self._model)
        self._memory = lib.llama_get_memory(self._context)
        self._batch = int(params.n_batch)
        self._tokens: list[int] = []
        source = read_model_file(path).chat_template or PLAIN
        bos, eos = lib.llama_vocab_bos(self._vocabulary), lib.llama_vocab_eos(self._vocabulary)
        self._template = ChatTemplate(source, bos=self._text([bos]), eos=self._text([eos]))
        self._format = detect(source)

    def answer(self, order: Order) -> Answer:
        """Does what is asked."""
        prompt = self._prompt(order.turns)
        return Counted(len(prompt)) if isinstance(order, Count) else self._measure(order, prompt)

    def _measure(self, order: Measure, prompt: list[int]) -> Measured:
        self._go_to(prompt[: order.unmeasured])
        started = time.perf_counter()
        self._read(prompt[order.unmeasured :])
        read = time.perf_counter()
        drawn = self._draw(order.tokens, order.sampling)
        ended = time.perf_counter()
        # The last token is drawn and not read.
        self._tokens = [*prompt, *drawn[:-1]]
        text = self._text(drawn)
        return Measured(len(prompt) - order.unmeasured, read - started, len(drawn), ended - read, text)

    def _prompt(self, turns: Sequence[Turn]) -> list[int]:
        data = build_prompt(self._template, self._format, turns).text.encode()
        tokens = (lib.llama_token * (len(data) + 8))()
        count = lib.llama_tokenize(self._vocabulary, data, len(data), tokens, len(tokens), False, True)
        return list(tokens[:count])

    def _go_to(self, tokens: list[int]) -> None:
        """Brings the cache to exactly these tokens, keeping what is there of them."""
        same = 0
        for one, two in zip(self._tokens, tokens, strict=False):
            if one != two:
                break
            same += 1
        lib.llama_memory_seq_rm(self._memory, 0, same, -1)
        self._read(tokens[same:])

    def _read(self, tokens: Sequence[int]) -> None:
        for start in range(0, len(tokens), self._batch):
            part = tokens[start : start + self._batch]
            self._decode((lib.llama_token * len(part))(*part), len(part))

    def _decode(self, tokens: ctypes.Array[lib.llama_token], count: int) -> None:
        code = lib.llama_decode(self._context, lib.llama_batch_get_one(tokens, count))
        if code != 0:
            raise SystemExit(f"llama_decode: {code}")

    def _draw(self, count: int, sampling: Sampling) -> list[int]:
        sampler = _sampler(sampling)
        one = (lib.llama_token * 1)()
        drawn: list[int] = []
        while len(drawn) < count:
            token = lib.llama_sampler_sample(sampler, self._context, -1)
            drawn.append(token)
            if lib.llama_vocab_is_eog(self._vocabulary, token) or len(drawn) == count:
                break
            one[0] = token
            self._decode(one, 1)
        lib.llama_sampler_free(sampler)
        return drawn

    def _text(self, tokens: Sequence[int]) -> str:
        pieces = []
        for token in tokens:
            room = ctypes.create_string_buffer(512)
            size = lib.llama_token_to_piece(self._vocabulary, token, room, len(room), 0, True)
            pieces.append(room.raw[: max(0, size)])
        return b"".join(pieces).decode("utf-8", "replace")


def _sampler(sampling: Sampling) -> lib.llama_sampler_p:
    chain: lib.llama_sampler_p = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
    if sampling.temperature <= 0:
        lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_greedy())
        return chain
    lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_top_k(sampling.top_k))
    lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_top_p(sampling.top_p, 1))
    lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_temp(sampling.temperature))
    lib.llama_sampler_chain_add(chain, lib.llama_sampler_init_dist(sampling.seed or 0))
    return chain


def main() -> None:
    """Serves until standard input ends."""
    parser = argparse.ArgumentParser(prog="bare_loop", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    chosen = parser.parse_args()
    # Kept, for it holds the function that takes llama.cpp's log.
    runtime = Runtime(chosen_library(backend_folder(), chosen.cache, demo_model()), [])
    loop = BareLoop(chosen.model, chosen.context, chosen.threads)
    decoder: LineDecoder[Order] = LineDecoder(Order)
    while data := os.read(0, _CHUNK):
        for order in decoder.feed(data):
            sys.stdout.buffer.write(encode(loop.answer(order)))
            sys.stdout.buffer.flush()
    del runtime


if __name__ == "__main__":
    main()

"""The only file that imports llama_cpp: load, tokenise, decode, sample, and its errors in our words."""

from __future__ import annotations

import ctypes
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path

import llama_cpp
from llama_cpp import llama_cpp as lib

from app.chat.options import Device, Sampling
from app.engine.ggml import Ggml
from app.errors import EngineError

log = logging.getLogger(__name__)

BATCH = 512
GPU_BATCH = 128
"""Tokens of a prompt that are read in one call; llama.cpp's own micro-batch has the same size."""

_LONGEST_TEXT = 1_000_000
"""Letters that are tokenised at once: llama.cpp needs stack for each of them."""

_TOP_K_OF_ALL = 0
_PENALTY_WINDOW = 64
_LEVELS = {1: logging.DEBUG, 2: logging.INFO, 3: logging.WARNING, 4: logging.ERROR}
_ERROR = 4
_DECODE_ABORTED = 2
_PARTIAL = lib.LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY


class LlamaLog:
    """Takes llama.cpp's log: into this process's log, and the last lines kept for the error that a person sees.

    While `aborting`, what llama.cpp calls an error is what was asked for.
    """

    def __init__(self, lines: int = 40) -> None:
        self._last: deque[str] = deque(maxlen=lines)
        self._first_error = ""
        self._partial = ""
        self.aborting = False
        self._callback = lib.llama_log_callback(self._take)

    def install(self) -> None:
        """From now on llama.cpp logs here and not to standard error."""
        lib.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _take(self, level: int, text: bytes, _user: int | None) -> None:
        lines = (self._partial + text.decode("utf-8", "replace")).split("\n")
        self._partial = lines.pop()
        for line in filter(None, map(str.strip, lines)):
            self._last.append(line)
            if level == _ERROR and not self.aborting:
                self._first_error = self._first_error or line
            log.log(
                logging.DEBUG if self.aborting else _LEVELS.get(level, logging.DEBUG), "llama.cpp: %s", line
            )

    def begin(self) -> None:
        """Forgets earlier errors: what follows is another attempt."""
        self._first_error = ""
        self.aborting = False

    def reason(self) -> str:
        """What llama.cpp said first of a failure (what follows only repeats that there was one), or its last line."""
        line = self._first_error or (self._last[-1] if self._last else "")
        return line.rpartition("error loading model: ")[2]


def library_folder() -> Path:
    """Where libllama lies."""
    return Path(llama_cpp.__file__).resolve().parent / "lib"


class Runtime:
    """llama.cpp with its backends loaded, once a process."""

    def __init__(self, cpu: Path | None, gpus: Iterable[Path]) -> None:
        self.log = LlamaLog()
        self.log.install()
        self._ggml = Ggml(library_folder())
        if cpu is not None and not self._ggml.load_backend(cpu):
            raise EngineError("engine_missing", library=cpu.name)
        for path in gpus:
            if not self._ggml.load_backend(path):
                log.warning("%s could not be loaded", path.name)
        lib.llama_backend_init()

    def devices(self) -> tuple[Device, ...]:
        """What llama.cpp can run on, the CPU among it."""
        return self._ggml.devices()


class LlamaModel:
    """A loaded model with one context: one sequence of tokens in a KV cache.

    Positions count from 0; `decode` appends, `keep` cuts back where the model `goes_back`,
    and `restore` where it does not. Not for use from two threads, but `stop` may be
    called from another one while `decode` runs.
    """

    def __init__(
        self,
        runtime: Runtime,
        path: Path,
        *,
        context: int,
        gpu_layers: int,
        threads: int,
        progress: Callable[[float], None],
    ) -> None:
        self._runtime = runtime
        self._stopping = False
        self._abort = lib.ggml_abort_callback(lambda _data: self._stopping)
        self._report = progress
        self._progress = lib.llama_progress_callback(self._on_progress)
        self._model = self._load(path, gpu_layers)
        self._context = self._new_context(context, threads)
        self._vocabulary = lib.llama_model_get_vocab(self._model)
        self._memory = lib.llama_get_memory(self._context)
        self._token = (lib.llama_token * 1)()
        self._batch = (lib.llama_token * BATCH)()
        # A GPU does not hear the abort callback: Stop has to wait for the end of the batch at hand.
        self._batch_size = GPU_BATCH if gpu_layers else BATCH
        self._pieces: dict[int, bytes] = {}
        self._sampler: lib.llama_sampler_p | None = None
        self.context = int(lib.llama_n_ctx(self._context))
        self.trained_context = int(lib.llama_model_n_ctx_train(self._model))
        self.layers = int(lib.llama_model_n_layer(self._model))
        self.goes_back = not (
            lib.llama_model_is_recurrent(self._model) or lib.llama_model_is_hybrid(self._model)
        )
        self.bos = self._special(lib.llama_vocab_bos)
        self.eos = self._special(lib.llama_vocab_eos)

    def _on_progress(self, share: float, _data: int | None) -> bool:
        self._report(share)
        return True

    def _load(self, path: Path, gpu_layers: int) -> lib.llama_model_p:
        self._runtime.log.begin()
        params = lib.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        params.progress_callback = self._progress
        model: lib.llama_model_p | None = lib.llama_model_load_from_file(os.fsencode(path), params)
        if not model:
            raise EngineError("load_failed", path=str(path), detail=self._runtime.log.reason())
        return model

    def _new_context(self, context: int, threads: int) -> lib.llama_context_p:
        params = lib.llama_context_default_params()
        params.n_ctx = context
        params.n_batch = params.n_ubatch = BATCH
        params.n_threads = params.n_threads_batch = threads
        params.no_perf = True
        made: lib.llama_context_p | None = lib.llama_init_from_model(self._model, params)
        if not made:
            lib.llama_model_free(self._model)
            raise EngineError("load_memory", context=context, detail=self._runtime.log.reason())
        return made

    def _special(self, ask: Callable[[lib.llama_vocab_p], int]) -> str:
        token = ask(self._vocabulary)
        return self.piece(token).decode("utf-8", "replace") if token >= 0 else ""

    # Text and tokens

    @cached_property
    def controls(self) -> tuple[str, ...]:
        """The texts of all tokens that are no ordinary text: what controls the model, and what its makers added."""
        tokens = range(lib.llama_vocab_n_tokens(self._vocabulary))
        kinds = lib.LLAMA_TOKEN_ATTR_CONTROL | lib.LLAMA_TOKEN_ATTR_USER_DEFINED
        texts = (
            self.piece(token).decode("utf-8", "replace")
            for token in tokens
            if lib.llama_vocab_get_attr(self._vocabulary, token) & kinds
        )
        return tuple(filter(None, texts))

    def tokenize(self, text: str, *, special: bool = True) -> list[int]:
        """The tokens of a rendered prompt: special tokens are recognised, none is added.

        Without `special`, control tokens are ordinary text; those that the model's makers added are recognised all
        the same, because llama.cpp takes them for words.
        """
        tokens: list[int] = []
        for start in range(0, len(text), _LONGEST_TEXT):
            tokens.extend(self._tokenize(text[start : start + _LONGEST_TEXT], special))
        return tokens

    def _tokenize(self, text: str, special: bool) -> list[int]:
        data = text.encode("utf-8", "surrogatepass")
        room = len(data) + 8
        tokens = (lib.llama_token * room)()
        count = lib.llama_tokenize(self._vocabulary, data, len(data), tokens, room, False, special)
        if count < 0:
            raise EngineError("decode_failed", detail=f"tokenise: {count}")
        return list(tokens[:count])

    def piece(self, token: int) -> bytes:
        """The bytes of a token, special ones spelled out; may be a part of a character."""
        known = self._pieces.get(token)
        if known is None:
            size = 64
            buffer = ctypes.create_string_buffer(size)
            count = lib.llama_token_to_piece(self._vocabulary, token, buffer, size, 0, True)
            if count < 0:
                buffer = ctypes.create_string_buffer(-count)
                count = lib.llama_token_to_piece(self._vocabulary, token, buffer, -count, 0, True)
            known = self._pieces[token] = buffer.raw[: max(count, 0)]
        return known

    def ends_reply(self, token: int) -> bool:
        """Whether the token ends a turn."""
        return bool(lib.llama_vocab_is_eog(self._vocabulary, token))

    def is_control(self, token: int) -> bool:
        """Whether the token is a control token, whose text is not for people."""
        return bool(lib.llama_vocab_is_control(self._vocabulary, token))

    # The KV cache

    def keep(self, count: int) -> bool:
        """Cuts the cache back to its first `count` tokens.

        False when the model cannot go back (a recurrent state, a window that has slid on).
        """
        return bool(lib.llama_memory_seq_rm(self._memory, 0, count, -1)) and self._reaches_back(count)

    def clear(self) -> None:
        """Empties the cache."""
        lib.llama_memory_clear(self._memory, True)

    def save(self) -> bytearray:
        """What of the cache cannot be cut back, as it is after the last token; empty when that cannot be had."""
        size = int(lib.llama_state_seq_get_size_ext(self._context, 0, _PARTIAL))
        try:
            state = bytearray(size)
        except MemoryError:
            return bytearray()
        written = lib.llama_state_seq_get_data_ext(self._context, _bytes_of(state), size, 0, _PARTIAL)
        return state if written == size else bytearray()

    def restore(self, state: bytearray, count: int) -> bool:
        """Goes back to the first `count` tokens of the cache, after which `state` was saved.

        False when that fails; what the cache holds then is not known.
        """
        size = len(state)
        read = lib.llama_state_seq_set_data_ext(self._context, _bytes_of(state), size, 0, _PARTIAL)
        # The rest of the cache, which can be cut back, still stands as it was.
        back = read == size and bool(lib.llama_memory_seq_rm(self._memory, 0, count, -1))
        return back and int(lib.llama_memory_seq_pos_max(self._memory, 0)) == count - 1

    def _reaches_back(self, count: int) -> bool:
        window = int(lib.llama_model_n_swa(self._model))
        oldest = int(lib.llama_memory_seq_pos_min(self._memory, 0))
        return oldest == 0 or (window > 0 and oldest <= max(0, count - window))

    def decode_prompt(self, tokens: Sequence[int], progress: Callable[[int], None]) -> int:
        """Reads tokens after those in the cache; returns how many, fewer when stopped.

        `progress` is told the count after each batch. Raises EngineError when the backend fails.
        """
        lib.llama_set_abort_callback(self._context, self._abort, ctypes.c_void_p(0))
        try:
            done = 0
            while done < len(tokens) and not self._stopping:
                part = tokens[done : done + self._batch_size]
                self._batch[: len(part)] = list(part)
                if not self._decode(lib.llama_batch_get_one(self._batch, len(part))):
                    break
                done += len(part)
                progress(done)
            return done
        finally:
            # A callback into Python costs a few per cent of decode, so it is set for prompts alone.
            lib.llama_set_abort_callback(self._context, lib.ggml_abort_callback(), ctypes.c_void_p(0))

    def decode_token(self, token: int) -> None:
        """Reads one token."""
        self._token[0] = token
        self._decode(lib.llama_batch_get_one(self._token, 1))

    def _decode(self, batch: lib.llama_batch) -> bool:
        code = lib.llama_decode(self._context, batch)
        if code == 0:
            return True
        if code == _DECODE_ABORTED and self._stopping:
            return False
        raise EngineError("decode_failed", detail=self._runtime.log.reason() or f"llama_decode: {code}")

    def stop(self) -> None:
        """Ends a running `decode_prompt` soon; may be called from another thread."""
        self._runtime.log.aborting = self._stopping = True

    def resume(self) -> None:
        """Makes decoding possible again after `stop`."""
        self._runtime.log.aborting = self._stopping = False

    # Sampling

    def set_sampling(self, sampling: Sampling, history: Sequence[int]) -> None:
        """Takes a new sampler chain; `history` (tokens) is what a repeat penalty looks back on."""
        self._free_sampler()
        chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        for link in _links(self._vocabulary, sampling):
            lib.llama_sampler_chain_add(chain, link)
        for token in history[-_PENALTY_WINDOW:] if _penalises(sampling) else ():
            lib.llama_sampler_accept(chain, token)
        self._sampler = chain

    def sample(self) -> int:
        """Draws the next token from what the last decode gave."""
        if self._sampler is None:
            raise EngineError("decode_failed", detail="no sampler")
        return int(lib.llama_sampler_sample(self._sampler, self._context, -1))

    def _free_sampler(self) -> None:
        if self._sampler is not None:
            lib.llama_sampler_free(self._sampler)
            self._sampler = None

    def close(self) -> None:
        """Gives everything back."""
        self._free_sampler()
        lib.llama_free(self._context)
        lib.llama_model_free(self._model)


def _bytes_of(state: bytearray) -> ctypes.Array[ctypes.c_uint8]:
    return (ctypes.c_uint8 * len(state)).from_buffer(state)


def _penalises(sampling: Sampling) -> bool:
    return sampling.repeat_penalty != 1.0 or sampling.presence_penalty != 0.0


def _links(vocabulary: lib.llama_vocab_p, sampling: Sampling) -> Iterable[lib.llama_sampler_p]:
    if _penalises(sampling):
        size = lib.llama_vocab_n_tokens(vocabulary)
        yield lib.llama_sampler_init_penalties(
            size, _PENALTY_WINDOW, sampling.repeat_penalty, 0.0, sampling.presence_penalty
        )
    if sampling.temperature <= 0.0:
        yield lib.llama_sampler_init_greedy()
        return
    if sampling.top_k > _TOP_K_OF_ALL:
        yield lib.llama_sampler_init_top_k(sampling.top_k)
    if sampling.top_p < 1.0:
        yield lib.llama_sampler_init_top_p(sampling.top_p, 1)
    if sampling.min_p > 0.0:
        yield lib.llama_sampler_init_min_p(sampling.min_p, 1)
    yield lib.llama_sampler_init_temp(sampling.temperature)
    seed = lib.LLAMA_DEFAULT_SEED if sampling.seed is None else sampling.seed & 0xFFFFFFFF
    yield lib.llama_sampler_init_dist(seed)

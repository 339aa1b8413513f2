"""Starts llama.cpp's own server on this machine alone and reads its streaming answers as any client does."""

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.chat.conversation import Turn
from app.chat.options import Sampling
from tests.benchmarks.setup import Setup

_HOST = "127.0.0.1"
_START_SECONDS = 120


@dataclass
class ServedReply:
    """One reply as the client saw it; times are `time.perf_counter()`.

    `read` and `cached` are tokens of the prompt, `speed` is what the server itself says of its decode, in tok/s.
    """

    sent: float
    first: float = 0.0
    last: float = 0.0
    texts: list[str] = field(default_factory=list)
    tokens: int = 0
    read: int = 0
    cached: int = 0
    speed: float = 0.0

    @property
    def text(self) -> str:
        """All that was said."""
        return "".join(self.texts)


class ServerClient:
    """One server with one model on the CPU, until it is closed; a context manager."""

    def __init__(self, setup: Setup, folder: Path, model: Path, context: int) -> None:
        with socket.socket() as free:
            free.bind((_HOST, 0))
            self._port: int = free.getsockname()[1]
        command = [str(folder / "llama-server"), "-m", str(model), "--host", _HOST, "--port", str(self._port)]
        command += ["-t", str(setup.threads), "-c", str(context), "-np", "1", "--device", "none", "--offline"]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, "LD_LIBRARY_PATH": str(folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def __enter__(self) -> "ServerClient":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.terminate()
        self._process.wait()

    def ask(self, turns: Sequence[Turn], tokens: int, sampling: Sampling) -> ServedReply:
        """Asks and reads the stream to its end."""
        body = {
            "messages": [{"role": turn.role, "content": turn.text} for turn in turns],
            "stream": True,
            "max_tokens": tokens,
            "cache_prompt": True,
            "temperature": sampling.temperature,
            "top_k": sampling.top_k,
            "top_p": sampling.top_p,
            "seed": sampling.seed or 0,
            "samplers": ["top_k", "top_p", "temperature"],
        }
        connection = http.client.HTTPConnection(_HOST, self._port, timeout=600)
        reply = ServedReply(time.perf_counter())
        connection.request(
            "POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"}
        )
        for event in _events(connection.getresponse()):
            _note(reply, event)
        connection.close()
        return reply

    def _wait(self) -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            if self._healthy():
                return
            time.sleep(0.2)
        raise RuntimeError("llama.cpp's server does not start")

    def _healthy(self) -> bool:
        connection = http.client.HTTPConnection(_HOST, self._port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()


def _events(response: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    if response.status != http.client.OK:
        raise RuntimeError(
            f"the server says {response.status}: {response.read(300).decode(errors='replace')}"
        )
    for line in response:
        data = line.removeprefix(b"data:").strip()
        if data.startswith(b"{"):
            yield json.loads(data)


def _note(reply: ServedReply, event: dict[str, Any]) -> None:
    for choice in event.get("choices", ()):
        text = choice.get("delta", {}).get("content")
        if text:
            reply.last = time.perf_counter()
            reply.first = reply.first or reply.last
            reply.texts.append(text)
    timings = event.get("timings")
    if timings:
        reply.tokens, reply.speed = int(timings["predicted_n"]), float(timings["predicted_per_second"])
        reply.read, reply.cached = int(timings["prompt_n"]), int(timings.get("cache_n", 0))

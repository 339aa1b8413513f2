"""Fixtures of the engine's tests: llama.cpp with this machine's CPU library, and sessions on small models."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.chat.options import LoadOptions
from app.engine.cpu_library import backend_folder, chosen_library
from app.engine.llama_backend import Runtime
from app.engine.loading import Loader
from app.engine.session import Session
from app.paths import demo_model

OpenSession = Callable[..., Session]


@pytest.fixture(scope="session")
def cpu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CPU library that was proven on this machine."""
    chosen = chosen_library(backend_folder(), tmp_path_factory.mktemp("cache"), demo_model())
    assert chosen is not None
    return chosen


@pytest.fixture(scope="session")
def runtime(cpu: Path) -> Runtime:
    """llama.cpp in this process, without a GPU."""
    return Runtime(cpu, [])


@pytest.fixture
def open_session(runtime: Runtime) -> Iterator[OpenSession]:
    """Loads a model file; its memory is given back afterwards."""
    opened: list[Session] = []

    def load(path: Path, context: int = 1024) -> Session:
        loader = Loader(runtime, lambda _share: None)
        session = loader.load(path, LoadOptions(context=context, gpu_layers=0, threads=1))
        opened.append(session)
        return session

    yield load
    for session in opened:
        session.close()

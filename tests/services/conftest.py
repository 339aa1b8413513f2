"""Fixtures of the services' tests: engine services that play a script."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from app.services.engine_service import EngineService

SCRIPTED = Path(__file__).parent.parent / "doubles" / "scripted_engine.py"

MakeEngine = Callable[[str], EngineService]


@pytest.fixture
def engine(qt_app: QCoreApplication) -> Iterator[MakeEngine]:
    """Makes an engine service that plays the named script; closed afterwards."""
    made: list[EngineService] = []

    def make(script: str) -> EngineService:
        service = EngineService([sys.executable, str(SCRIPTED), script])
        made.append(service)
        return service

    yield make
    for service in made:
        service.close()

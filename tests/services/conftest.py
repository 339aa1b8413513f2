"""Fixtures of the services' tests: engine services that play a script."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from app.services.conversations.store_service import StoreService
from app.services.models.engine_service import EngineService
from tests.doubles.services import Played, Services
from tests.waiting import wait_until

SCRIPTED = Path(__file__).parent.parent / "doubles" / "scripted_engine.py"

MakeEngine = Callable[[str], EngineService]
MakeServices = Callable[[EngineService], Services]


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


@pytest.fixture
def services(qt_app: QCoreApplication, tmp_path: Path) -> Iterator[MakeServices]:
    """Makes the services of conversations on the store of this test's folder; closed afterwards."""
    made: list[Services] = []

    def make(engine: EngineService) -> Services:
        store = StoreService(tmp_path / "conversations.db", tmp_path / "backups")
        services = Services(engine, store)
        made.append(services)
        opened: list[bool] = []
        services.conversations.list_read.connect(lambda: opened.append(True))
        store.start()
        wait_until(lambda: bool(opened), "the store")
        return services

    yield make
    for one in made:
        one.close()


@pytest.fixture
def played(qt_app: QCoreApplication) -> Iterator[Played]:
    """Services on an engine and a store that do at once what the test says; a model is loaded."""
    played = Played()
    yield played
    played.close()

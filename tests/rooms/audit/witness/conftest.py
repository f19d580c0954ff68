from collections.abc import Iterator

import pytest
from rooms.audit.histories import cosigner
from rooms.audit.witness.service import Service

from teleward.audit.formats.cosignatures import Cosigner
from teleward.audit.witnessing.client import KnownWitness
from teleward.kernel.ids import new_id


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A witness that serves, for all tests of the run: each has a log of its own."""
    service = Service(tmp_path_factory.mktemp("witness") / "here").make()
    service.start()
    yield service
    service.kill()


@pytest.fixture
def origin() -> str:
    """A log that this test alone has."""
    return f"practice.example/{new_id().hex}"


@pytest.fixture
def witness(service: Service, origin: str) -> KnownWitness:
    """The serving witness, which has just been told to watch that log."""
    service.watch(origin)
    return service.known


@pytest.fixture
def somebody() -> Cosigner:
    """A witness that is not this one."""
    return cosigner()

"""A connection of our practice to a system that is played at the end of the wire."""

from uuid import UUID

import pytest
from fakes.systems import PLACE, System

from stage.elsewhere import connection_to, numbered
from stage.visits import Stage
from teleward.kernel import outward
from teleward.records.connections.kinds.fhir import tokens


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    made = System()
    monkeypatch.setattr(outward, "ask", made)
    tokens._tokens.clear()
    tokens._places.clear()
    return made


@pytest.fixture
def connection(stage: Stage, system: System) -> UUID:
    numbered(stage.patient.id)
    return connection_to(stage, PLACE, client_id="teleward")

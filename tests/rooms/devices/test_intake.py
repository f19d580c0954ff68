"""Readings from home: kept once, answered one by one, durable with their entry in the ledger."""

from collections.abc import Iterator

import pytest
from ground.database import Databases
from pytest_django import DjangoDbBlocker
from stage.home import Gateway, Server, gateways_served, paired
from stage.visits import Stage, set_stage


@pytest.fixture(scope="module")
def home(
    django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Server, Stage]]:
    with django_db_blocker.unblock(), databases.fresh():
        stage = set_stage()
        with gateways_served() as server:
            yield server, stage


@pytest.fixture
def gateway(home: tuple[Server, Stage]) -> Gateway:
    return paired(*home)


def test_a_reading_is_kept_once_however_often_it_comes(gateway: Gateway) -> None:
    reading = gateway.reading()
    first, again = gateway.answers(reading), gateway.answers(reading)
    assert first == [{"id": reading["id"], "sequence": 1, "status": "kept"}]
    assert again == [{"id": reading["id"], "sequence": 1, "status": "already"}]

"""Calls that may use nothing but the relay."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from .conftest import Stage
from .relay import Relay, relaying


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with relaying(tmp_path_factory.mktemp("relay")) as relay:
        yield relay


@pytest.fixture
def through(stage: Stage) -> Iterator[list[dict[str, str]]]:
    """The relays the hub hands out during one test."""
    yield stage.hub.ice
    stage.hub.ice.clear()


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_a_call_through_the_relay_alone(
    stage: Stage, chromium: Browser, relay: Relay, through: list[dict[str, str]], transport: str
) -> None:
    through.append(relay.server(transport))
    clinician, patient = stage.pair(chromium, chromium, relayOnly=True)
    clinician.hears()
    patient.until("peer => call.state.peers.get(peer).path === 'relayed'", clinician.peer)
    assert clinician.checks(patient, "ready")["words"] == patient.checks(clinician, "ready")["words"]
    paths = [one["path"] for one in stage.hub.room(stage.room).said if one["type"] == "path"]
    assert set(paths) == {"relayed"}


def test_credentials_that_have_expired_open_nothing(
    stage: Stage, chromium: Browser, relay: Relay, through: list[dict[str, str]]
) -> None:
    through.append(relay.server("udp", seconds=-60))
    clinician = stage.side(chromium, "clinician", relayOnly=True)
    patient = stage.side(chromium, "patient", relayOnly=True)
    patient.until("() => heard.problems.some(({ code }) => code === 'relay:refused')")
    assert clinician.page.evaluate("peer => call.state.peers.get(peer).link", patient.peer) == "new"

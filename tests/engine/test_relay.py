"""Calls that may use nothing but the relay."""

from collections.abc import Iterator

import pytest
from ground.relay import RealRelay, real_relay
from playwright.sync_api import Browser

from .conftest import Stage

TRANSPORTS = ("udp", "tcp", "tls")


@pytest.fixture(scope="session")
def relay() -> Iterator[RealRelay]:
    with real_relay() as relay:
        yield relay


def server(relay: RealRelay, transport: str, **over: int) -> dict[str, str]:
    """An RTCIceServer as the house would hand it out."""
    name, credential = relay.credentials(**over)
    return {"urls": relay.urls[TRANSPORTS.index(transport)], "username": name, "credential": credential}


@pytest.fixture
def through(stage: Stage) -> Iterator[list[dict[str, str]]]:
    """The relays the hub hands out during one test."""
    yield stage.hub.ice
    stage.hub.ice.clear()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_call_through_the_relay_alone(
    stage: Stage, chromium: Browser, relay: RealRelay, through: list[dict[str, str]], transport: str
) -> None:
    through.append(server(relay, transport))
    clinician, patient = stage.pair(chromium, chromium, relayOnly=True)
    clinician.hears()
    patient.until("peer => call.state.peers.get(peer).path === 'relayed'", clinician.peer)
    assert clinician.checks(patient, "ready")["words"] == patient.checks(clinician, "ready")["words"]
    paths = [one["path"] for one in stage.hub.room(stage.room).said if one["type"] == "path"]
    assert set(paths) == {"relayed"}


def test_credentials_that_have_expired_open_nothing(
    stage: Stage, chromium: Browser, relay: RealRelay, through: list[dict[str, str]]
) -> None:
    through.append(server(relay, "udp", seconds=-60))
    clinician = stage.side(chromium, "clinician", relayOnly=True)
    patient = stage.side(chromium, "patient", relayOnly=True)
    patient.until("() => heard.problems.some(({ code }) => code === 'relay:refused')")
    assert clinician.page.evaluate("peer => call.state.peers.get(peer).link", patient.peer) == "new"

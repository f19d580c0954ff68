"""Calls that find no way but the relay: by UDP, TCP and TLS, and with credentials it does not accept."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from ground.relay import RealRelay
from journeys.clinic import Clinic
from journeys.people import PATIENCE, Clinician, Patient, Someone, both, person
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey
Credentials = tuple[str, str] | None
TRANSPORTS = ("udp", "tcp", "tls")
# Every connection of the page may use only the relay, only at these addresses; `as` replaces its credentials.
FORCE = """(only) => {
  const Real = window.RTCPeerConnection;
  const narrowed = (configuration) => ({
    ...configuration,
    iceTransportPolicy: 'relay',
    iceServers: configuration.iceServers
      .filter(({ username }) => username)
      .map((server) => ({ ...server, ...only.as, urls: only.urls })),
  });
  window.RTCPeerConnection = class extends Real {
    constructor(configuration) { super(narrowed(configuration)); }
    setConfiguration(configuration) { super.setConfiguration(narrowed(configuration)); }
  };
}"""


def forced(page: Page, url: str, credentials: Credentials) -> Page:
    """A page whose connections use this relay and nothing else."""
    given = dict(zip(("username", "credential"), credentials or (), strict=False))
    page.add_init_script(f"({FORCE})({json.dumps({'urls': [url], 'as': given})})")
    return page


@contextmanager
def relayed(
    clinic: Clinic, browser: Browser, url: str, credentials: tuple[Credentials, Credentials] = (None, None)
) -> Iterator[tuple[Clinician, Patient]]:
    """A clinician and a patient who have only the relay, with these credentials in place of the clinic's."""
    visit = clinic.visit()
    with person(browser) as one, person(browser) as two:
        clinician = Clinician(forced(one, url, credentials[0])).sign_in(clinic, visit)
        clinician.enter(clinic, visit)
        patient = Patient(forced(two, url, credentials[1])).opens(visit.link)
        patient.goes_to_the_waiting_room()
        clinician.lets_in(visit.patient.name)
        yield clinician, patient


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_through_the_relay_alone_they_see_and_hear_each_other_and_are_told_of_it(
    clinic: Clinic, chromium: Browser, coturn: RealRelay, transport: str
) -> None:
    with relayed(clinic, chromium, coturn.urls[TRANSPORTS.index(transport)]) as people:
        both(people, Someone.sees_frames)
        both(people, Someone.hears)
        both(people, lambda one: one.is_told("Encrypted, by way of our relay"))
        assert [one.path() for one in people] == [[["relay", transport]]] * 2


def test_credentials_that_the_relay_refuses_are_said_on_screen(
    clinic: Clinic, chromium: Browser, coturn: RealRelay
) -> None:
    expired = coturn.credentials(seconds=-60)
    invented = (coturn.credentials()[0], "invented")
    with relayed(clinic, chromium, coturn.urls[0], (expired, invented)) as people:
        for someone in people:
            notice = someone.page.locator("[data-notice=problem]")
            expect(notice).to_contain_text("Our relay did not let this connection through", timeout=PATIENCE)

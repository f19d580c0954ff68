"""Calls that are interrupted: by a reload, by the server, by the network. `make bench` measures it."""

import time
from collections.abc import Iterator

import pytest
from journeys.clinic import Clinic
from journeys.netns import browser_at, far_clinic, far_consultation, network
from journeys.outages import (
    AWAY,
    generations,
    is_cut_off,
    picture_after,
    sees_pictures,
    signalling_is_back,
    watch,
)
from journeys.people import PATIENCE, Clinician, Patient, both, consultation
from playwright.sync_api import Browser, Playwright, expect

pytestmark = pytest.mark.journey
BACK = PATIENCE / 1000
OUTAGE = 25.0
CUT = "() => window.teleward.sockets.forEach((socket) => socket.close())"
REPLACED = (
    "(old) => window.teleward.sockets.slice(old).some((socket) => socket.readyState === WebSocket.OPEN)"
)


@pytest.fixture
def people(clinic: Clinic, chromium: Browser) -> Iterator[tuple[Clinician, Patient]]:
    with consultation(clinic, chromium) as people:
        both(people, watch)
        yield people


def test_whoever_reloads_the_page_is_back_in_the_call_without_being_let_in_again(
    people: tuple[Clinician, Patient],
) -> None:
    clinician, patient = people
    for one, other in ((clinician, patient), (patient, clinician)):
        one.page.reload()
        one.is_in("call")
        sees_pictures(one)
        one.press("camera")
        if one is patient:
            one.press("unveil")
        one.press("microphone")
        sees_pictures(other)
        other.hears()
    expect(clinician.page.locator("[data-part=waiting-list] li")).to_have_count(0)


def test_the_server_is_killed_and_starts_again_and_the_call_goes_on_over_the_same_connection(
    clinic: Clinic, people: tuple[Clinician, Patient]
) -> None:
    before = [generations(one) for one in people]
    clinic.kill()
    for one in people:
        one.page.wait_for_function(AWAY, timeout=PATIENCE, polling=50)
        sees_pictures(one, 20)
    clinic.restart()
    signalling_is_back(people, within=BACK)
    both(people, sees_pictures)
    assert [generations(one) for one in people] == before
    clinician, _ = people
    assert clinician.page.evaluate("window.teleward.connections.length") == 1
    expect(clinician.page.locator("[data-part=waiting-list] li")).to_have_count(0)


def test_a_cut_socket_is_replaced_and_the_connection_with_the_pictures_is_left_alone(
    people: tuple[Clinician, Patient],
) -> None:
    before = [generations(one) for one in people]
    for one in people:
        old = one.page.evaluate("window.teleward.sockets.length")
        one.page.evaluate(CUT)
        one.page.wait_for_function(REPLACED, arg=old, timeout=PATIENCE, polling=50)
    signalling_is_back(people, within=BACK)
    both(people, sees_pictures)
    assert [generations(one) for one in people] == before


def test_pictures_are_back_after_25_seconds_without_network_and_from_another_address(
    playwright: Playwright,
) -> None:
    with (
        network() as ways,
        far_clinic(ways.clinic) as clinic,
        browser_at(playwright, ways.clinician) as one,
        browser_at(playwright, ways.patient) as other,
        far_consultation(clinic, one, other) as people,
    ):
        both(people, watch)
        ways.cut()
        for someone in people:
            expect(someone.page.locator("[data-link=stalled]")).to_be_visible(timeout=PATIENCE)
            is_cut_off(someone, for_seconds=OUTAGE)
        restored = time.time()
        ways.mend()
        both(people, lambda someone: picture_after(someone, restored))
        signalling_is_back(people, within=BACK)
        both(people, sees_pictures)
        moved = time.time()
        ways.move()
        both(people, lambda someone: is_cut_off(someone, for_seconds=1))
        both(people, lambda someone: picture_after(someone, moved + 1))
        both(people, sees_pictures)
        signalling_is_back(people, within=BACK)

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
    pauses,
    picture_after,
    sees_pictures,
    signalling_is_back,
    watch,
)
from journeys.people import PATIENCE, Clinician, Patient, both, consultation
from playwright.sync_api import Browser, Playwright, expect

pytestmark = pytest.mark.journey
BACK = 3.0  # seconds: the promise, from the moment the server answers again
OUTAGE = 25.0
MOST_AFTER_OUTAGE = 8.0  # seconds: 1 promised, measured 0.05 to 0.5
MOST_AFTER_MOVING = 20.0  # seconds: 6 promised, measured 4 to 6
LONGEST_PAUSE = 3.0  # seconds: what a busy machine may cost; a new connection costs more
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


def test_the_server_is_killed_and_starts_again_and_nobody_in_the_call_sees_a_pause(
    clinic: Clinic, people: tuple[Clinician, Patient]
) -> None:
    before = [generations(one) for one in people]
    clinic.kill()
    for one in people:
        one.page.wait_for_function(AWAY, timeout=PATIENCE, polling=50)
        sees_pictures(one, 60)
    clinic.restart()
    signalling_is_back(people, within=BACK)
    both(people, sees_pictures)
    assert [generations(one) for one in people] == before
    assert max(sum(map(pauses, people), [0.0])) < LONGEST_PAUSE
    clinician, _ = people
    assert clinician.page.evaluate("window.teleward.connections.length") == 1
    expect(clinician.page.locator("[data-part=waiting-list] li")).to_have_count(0)


def test_a_cut_socket_is_replaced_and_pictures_never_stop(people: tuple[Clinician, Patient]) -> None:
    for one in people:
        old = one.page.evaluate("window.teleward.sockets.length")
        one.page.evaluate(CUT)
        one.page.wait_for_function(REPLACED, arg=old, timeout=BACK * 1000, polling=50)
    signalling_is_back(people, within=BACK)
    both(people, sees_pictures)
    assert max(sum(map(pauses, people), [0.0])) < LONGEST_PAUSE


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
        assert max(picture_after(someone, restored) for someone in people) < MOST_AFTER_OUTAGE
        signalling_is_back(people, within=MOST_AFTER_OUTAGE)
        both(people, sees_pictures)
        moved = time.time()
        ways.move()
        both(people, lambda someone: is_cut_off(someone, for_seconds=1))
        assert max(picture_after(someone, moved + 1) for someone in people) < MOST_AFTER_MOVING
        both(people, sees_pictures)
        signalling_is_back(people, within=MOST_AFTER_OUTAGE)

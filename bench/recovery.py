"""Seconds until pictures are back after 25 s without any network, and from the moment the address changes.

Clinician, patient and clinic each in a network namespace of their own (tests/journeys/netns.py, needs root);
everything to and from the patient is dropped for 25 s. Then the server is killed: seconds until both have
their seats again, from the first answer of the new one. Each value is that of the worse side, the median of
the rounds. There is no floor: with a textbook ICE restart two connections do not come back at all in this
Chromium, neither after 25 s nor from another address.
"""

import time
from statistics import median

from ground.environment import prepare_environment
from journeys.netns import FarClinic, Network, browser_at, far_clinic, far_consultation, network
from journeys.outages import AWAY, is_cut_off, picture_after, sees_pictures, signalling_is_back, watch
from journeys.people import PATIENCE, Someone, both
from playwright.sync_api import sync_playwright

import bench.house  # noqa: F401 - finds the journeys
from bench.figures import Figure

OUTAGE = 25.0
ROUNDS = 3
PATIENT_FOR = 60.0  # seconds before a round counts as lost


def measure() -> list[Figure]:
    prepare_environment()
    with (
        sync_playwright() as playwright,
        network() as ways,
        far_clinic(ways.clinic) as clinic,
        browser_at(playwright, ways.clinician, windows=True) as one,
        browser_at(playwright, ways.patient, windows=True) as other,
        far_consultation(clinic, one, other) as people,
    ):
        both(people, watch)
        outages = [_outage(ways, people) for _ in range(ROUNDS)]
        moves = [_move(ways, people) for _ in range(ROUNDS)]
        restarts = [_restart(clinic, people) for _ in range(ROUNDS)]
    for name, values in (("outage", outages), ("address", moves), ("server", restarts)):
        print(f"{name:8} " + " ".join(f"{value:.2f}" for value in values))
    return [
        Figure(name="after-outage-seconds", value=median(outages), unit="s", goal="<=1"),
        Figure(name="address-change-seconds", value=median(moves), unit="s", goal="<=6"),
        Figure(name="signalling-back-seconds", value=median(restarts), unit="s", goal="<=3"),
    ]


def _outage(ways: Network, people: tuple[Someone, ...]) -> float:
    ways.cut()
    for someone in people:
        is_cut_off(someone, for_seconds=OUTAGE)
    restored = time.time()
    ways.mend()
    return _back(people, restored, restored)


def _move(ways: Network, people: tuple[Someone, ...]) -> float:
    moved = time.time()
    ways.move()
    for someone in people:
        is_cut_off(someone, for_seconds=1)
    return _back(people, moved, time.time())


def _back(people: tuple[Someone, ...], began: float, since: float) -> float:
    """Seconds from `began` to the first picture after `since`, at the side that waits longer."""
    waited = max(picture_after(someone, since, patience=PATIENT_FOR * 1000) for someone in people)
    both(people, sees_pictures)
    signalling_is_back(people, within=PATIENT_FOR)
    return since - began + waited


def _restart(clinic: FarClinic, people: tuple[Someone, ...]) -> float:
    clinic.kill()
    for someone in people:
        someone.page.wait_for_function(AWAY, timeout=PATIENCE, polling=50)
    clinic.restart()
    return signalling_is_back(people, within=PATIENT_FOR)

"""Booking in the browser means the clock on the practice's wall."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from stage.visits import Stage

from teleward.access.models import Person
from teleward.consult.models import Visit


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    """Both changes of the clock are still to come."""
    with time_machine.travel("2027-01-11T09:00Z", tick=False):
        yield


@pytest.fixture
def browser(stage: Stage, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(stage.doctor)


def booking(stage: Stage, **changes: object) -> dict[str, object]:
    return {
        "patient": str(stage.patient.id),
        "host": str(stage.doctor.id),
        "day": "2027-01-12",
        "clock": "14:30",
        "minutes": "20",
        "modes": ["video", "audio"],
        "purpose": "",
        **changes,
    }


def test_an_appointment_is_booked_on_the_practices_clock(stage: Stage, browser: Client) -> None:
    answer = browser.post("/visits/new/", booking(stage, day="2027-07-05"))
    assert answer.status_code == 302
    made = Visit.objects.get()
    assert made.starts_at.isoformat() == "2027-07-05T12:30:00+00:00"
    assert made.modes == ["video", "audio"]


@pytest.mark.parametrize(
    ("day", "sentence"), [("2027-03-28", "skip this time"), ("2027-10-31", "show this time twice")]
)
def test_impossible_clock_times_are_explained(stage: Stage, browser: Client, day: str, sentence: str) -> None:
    answer = browser.post("/visits/new/", booking(stage, day=day, clock="02:30"))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_second_of_two_equal_times_can_be_meant(stage: Stage, browser: Client) -> None:
    browser.post("/visits/new/", booking(stage, day="2027-10-31", clock="02:30", twice="second"))
    assert Visit.objects.get().starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_an_overlap_names_nobody_and_offers_free_times(stage: Stage, browser: Client) -> None:
    browser.post("/visits/new/", booking(stage))
    text = browser.post("/visits/new/", booking(stage, clock="14:40")).content.decode()
    assert "already an appointment" in text
    assert "14:10" in text
    assert "14:50" in text

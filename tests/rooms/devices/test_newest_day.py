"""Who wants to mark a reading is shown the last day that has any, and reads that it is not today."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from rooms.devices.test_marked_as_wrong import name, own, was_kept
from stage.home_readings import BERLIN, comes
from stage.noon import HOUR, NOON, TODAY
from stage.visits import Stage
from stage.window import account, patient

from teleward.access.grants import Action
from teleward.access.models import Patient, Person
from teleward.consult.operations.category import keep_visit_closer
from teleward.devices.models import Kept
from teleward.devices.operations.disowning import disown
from teleward.devices.queries.newest import newest_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MIDNIGHT = NOON - 12 * HOUR  # in Berlin, at the beginning of today
PAGE = "/window/readings/wrong/"
SignIn = Callable[[Person], Client]


@pytest.fixture
def browser(stage: Stage, signed_in: SignIn) -> Client:
    stage.visit_now()
    who = account(Patient.objects.get(id=stage.patient.id))
    return signed_in(Person.objects.get(id=who.id))


def last(stage: Stage, until: date = TODAY) -> date | None:
    return newest_day(grant=own(stage), until=until, zone=BERLIN)


def test_it_is_the_last_day_with_readings_on_the_calendar_of_the_practice(stage: Stage) -> None:
    assert last(stage) is None
    comes(stage, "60", at=MIDNIGHT - 5 * DAY)
    comes(stage, "61", at=MIDNIGHT - 2 * DAY - MINUTE)
    assert last(stage) == TODAY - 3 * DAY
    assert last(stage, TODAY - 3 * DAY) == TODAY - 3 * DAY
    assert last(stage, TODAY - 4 * DAY) == TODAY - 5 * DAY
    assert last(stage, TODAY - 6 * DAY) is None
    comes(stage, "62", at=MIDNIGHT)
    assert last(stage) == TODAY


def test_readings_of_somebody_else_make_no_day(stage: Stage) -> None:
    comes(stage, "60", at=NOON - HOUR, whose=patient(stage.practice, "Kwame").id)
    assert last(stage) is None


def test_a_day_of_which_everything_is_marked_is_one_as_it_can_be_taken_back(stage: Stage) -> None:
    comes(stage, "60", at=NOON - 2 * DAY)
    disown(grant=own(stage), names=[name(0)], why="wrong")
    assert last(stage) == TODAY - 2 * DAY


def test_what_was_kept_in_a_consultation_makes_the_day_on_which_it_was_measured(stage: Stage) -> None:
    visit = stage.visit_now()
    comes(stage, "60", at=NOON - 3 * DAY)
    was_kept(stage, visit.id, "70")
    Kept.objects.update(at=MIDNIGHT + DAY + MINUTE)  # measured today, kept after midnight
    assert last(stage) == TODAY
    assert last(stage, TODAY - DAY) == TODAY - 3 * DAY
    Kept.objects.update(at=NOON)
    assert last(stage) == TODAY
    keep_visit_closer(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, category="mental-health")
    assert last(stage) == TODAY - 3 * DAY


def test_the_page_opens_there_and_says_so(stage: Stage, browser: Client) -> None:
    comes(stage, "77", at=NOON - 4 * DAY)
    page = browser.get(PAGE).content.decode()
    assert "Nothing was measured today. You see the last day with readings." in page
    assert "<h2>18 November 2026</h2>" in page
    assert f'action="{PAGE}mark/?date=2026-11-18"' in page
    assert "77" in page
    earlier = browser.get(f"{PAGE}?until=2026-11-20").content.decode()
    assert "Nothing was measured on 20 November 2026. You see the last day before it" in earlier
    assert "<h2>18 November 2026</h2>" in earlier


@pytest.mark.parametrize("asked", ["?until=2026-11-18", "?date=2026-11-18", "?date=2026-11-20"])
def test_a_day_that_was_asked_for_is_shown_as_it_is(stage: Stage, browser: Client, asked: str) -> None:
    comes(stage, "77", at=NOON - 4 * DAY)
    page = browser.get(PAGE + asked).content.decode()
    assert f"<h2>{asked[-2:]} November 2026</h2>" in page
    assert "You see the last day" not in page


def test_where_there_are_no_readings_at_all_today_stands_empty(browser: Client) -> None:
    page = browser.get(PAGE).content.decode()
    assert "<h2>22 November 2026</h2>" in page
    assert "Nothing was measured in this time." in page
    assert "You see the last day" not in page

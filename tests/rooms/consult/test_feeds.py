"""A calendar to subscribe to says when a clinician is busy and nothing else; its address has an end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from fakes.members import listening
from icalendar import Calendar
from stage.visits import Stage, tomorrow

from teleward.access.grants import Action
from teleward.access.models import Person, Role
from teleward.consult.models import CalendarFeed
from teleward.consult.operations.visits import cancel
from teleward.kernel.clock import now

SignIn = Callable[[Person], Client]


@pytest.fixture
def address(stage: Stage, signed_in: SignIn) -> str:
    return made(signed_in(stage.doctor))


def made(browser: Client) -> str:
    page = browser.post("/account/calendar/new/").content.decode()
    return page.partition('<code class="tw-hash">')[2].partition("</code>")[0].partition("/calendars")[2]


def fetch(address: str, **headers: str) -> Any:
    return Client(headers=headers).get(f"/calendars{address}")


def entries(address: str) -> list[Any]:
    return list(Calendar.from_ical(fetch(address).content).walk("VEVENT"))


def test_it_says_when_and_nothing_else(stage: Stage, address: str) -> None:
    visit = stage.visit(starts_at=tomorrow(10))
    content = fetch(address).content.decode()
    (entry,) = entries(address)
    assert entry["dtstart"].dt.astimezone(UTC) == visit.starts_at
    assert entry["dtend"].dt - entry["dtstart"].dt == timedelta(minutes=20)
    assert str(entry["summary"]) == "Videosprechstunde"
    ids = (str(visit.id), str(stage.patient.id))
    assert [word for word in ("Demir", "Ayşe", "Knie", "http", "ATTENDEE", *ids) if word in content] == []


def test_times_are_those_of_the_practice_on_both_sides_of_the_change_of_clocks(
    stage: Stage, address: str
) -> None:
    for month in (7, 12):
        year = now().year + ((now().month, now().day) >= (month, 3))  # the next one
        stage.visit(starts_at=datetime(year, month, 3, 8, 0, tzinfo=UTC))
    content = fetch(address).content.decode()
    assert len(entries(address)) == 2
    assert "BEGIN:VTIMEZONE" in content
    assert "TZID:Europe/Berlin" in content
    assert {entry["dtstart"].dt.astimezone(UTC).hour for entry in entries(address)} == {8}


def test_what_was_called_off_is_told_as_that(stage: Stage, address: str) -> None:
    visit = stage.visit()
    before = fetch(address).headers["ETag"]
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="clinic")
    (entry,) = entries(address)
    assert (str(entry["status"]), int(entry["sequence"])) == ("CANCELLED", 1)
    assert fetch(address).headers["ETag"] != before


def test_where_nothing_changed_nothing_is_sent(stage: Stage, address: str) -> None:
    stage.visit()
    tag = fetch(address).headers["ETag"]
    again = fetch(address, **{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


def test_somebody_elses_appointments_are_not_in_it(stage: Stage, signed_in: SignIn) -> None:
    stage.visit()
    assert entries(made(signed_in(stage.second))) == []


def test_only_the_hash_is_kept_and_the_address_is_shown_once(
    stage: Stage, signed_in: SignIn, address: str
) -> None:
    token = address.split("/")[1]
    (row,) = CalendarFeed.objects.all()
    assert token.encode() not in bytes(row.secret_hash)
    assert token not in signed_in(stage.doctor).get("/account/calendar/").content.decode()


def test_a_new_address_ends_the_old_one_and_an_end_ends_it(
    stage: Stage, signed_in: SignIn, address: str
) -> None:
    browser = signed_in(stage.doctor)
    newer = made(browser)
    assert [fetch(each).status_code for each in (address, newer)] == [404, 200]
    browser.post("/account/calendar/end/")
    assert fetch(newer).status_code == 404


def test_who_holds_no_consultations_any_more_is_read_no_more(stage: Stage, address: str) -> None:
    Role.objects.filter(person=stage.doctor).delete()
    assert fetch(address).status_code == 404


def test_the_desk_has_no_calendar_of_its_own(stage: Stage, signed_in: SignIn) -> None:
    assert signed_in(stage.desk).get("/account/calendar/").status_code == 404


def test_each_reading_is_in_the_ledger_with_whose_it_is_and_without_the_secret(
    stage: Stage, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    fetch(address)
    fetch("/invented/busy.ics")
    (entry,) = heard
    assert (entry.action, entry.outcome) == ("consult:visit:list", "allow")
    assert entry.detail["for"] == str(stage.doctor.id)
    assert address.split("/")[1] not in str(entry)
    assert CalendarFeed.objects.get().used_at is not None

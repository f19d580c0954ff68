"""The clinician's day: booking while clocks jump, calling now, an end of access; all of it in the ledger."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from journeys.clinic import Booked, Clinic
from journeys.people import Clinician, consultation, person
from playwright.sync_api import Browser, Page, expect

from teleward.kernel.clock import now

pytestmark = pytest.mark.journey
BERLIN = ZoneInfo("Europe/Berlin")
LOOKED = {
    "/patients/": "access:patient:list",
    "/patients/{patient}/": "access:patient:read",
    "/patients/{patient}/visits/": "access:patient:read",
    "/patients/{patient}/notes/": "consult:note:read",
    "/patients/{patient}/contact/": "access:patient:read",
    "/visits/{visit}/": "consult:visit:read",
    "/visits/{visit}/purpose/": "consult:note:read",
    "/visits/{visit}/note/": "consult:note:read",
    "/visits/{visit}/consent/": "consult:visit:consent",
    "/visits/{visit}/identity/": "consult:visit:host",
    "/visits/{visit}/room/": "consult:visit:host",
    "/visits/{visit}/appointment.ics": "consult:visit:read",
    "/day/": "consult:visit:list",
}


@pytest.fixture
def desk(clinic: Clinic, chromium: Browser) -> Iterator[tuple[Page, Booked]]:
    visit = clinic.visit()
    with person(chromium, base_url=clinic.origin, accept_downloads=True) as page:
        Clinician(page).sign_in(clinic, visit)
        yield page, visit


def test_a_new_appointment_an_overlap_a_skipped_hour_and_the_calendar_file(
    desk: tuple[Page, Booked],
) -> None:
    page, visit = desk
    tomorrow = (now().astimezone(BERLIN) + timedelta(days=1)).date()
    books(page, visit, tomorrow, "10:00")
    page.wait_for_url(lambda url: "/visits/new/" not in url)
    expect(page.get_by_role("main")).to_contain_text("10:00")
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file").click()
    text = download.value.path().read_text()
    assert f"DTSTART;TZID=Europe/Berlin:{tomorrow:%Y%m%d}T100000" in text
    assert visit.patient.name not in text
    books(page, visit, tomorrow, "10:05")
    expect(page.get_by_role("main")).to_contain_text("The nearest free times")
    for free in ("09:45", "10:15"):
        expect(page.locator(".tw-notice time", has_text=free)).to_be_visible()
    books(page, visit, last_sunday_of_march(tomorrow), "02:30")
    expect(page.locator("main .tw-error").first).to_contain_text("The clocks go forward on this day")


def test_a_call_now_is_one_press_from_the_patients_entry_to_the_link(desk: tuple[Page, Booked]) -> None:
    page, visit = desk
    page.goto(f"/patients/{visit.patient.id}/")
    page.get_by_role("button", name="Call now").click()
    assert "/join/" in page.locator("#link").input_value()
    page.get_by_role("link", name="Into the room").click()
    Clinician(page).is_in("call")


def test_a_note_is_kept_while_it_is_written_with_one_version_a_minute_at_most(
    desk: tuple[Page, Booked],
) -> None:
    page, visit = desk
    page.clock.install()
    page.goto(f"/visits/{visit.id}/note/")
    kept, words = page.locator("[data-autosaved]"), page.get_by_label("Note")
    words.press_sequentially("Knee better")
    page.clock.fast_forward(5_000)
    expect(kept).to_have_text("Saved as version 1.")
    words.press_sequentially(", no pain")
    page.clock.fast_forward(30_000)
    page.clock.fast_forward(31_000)
    expect(kept).to_have_text("Saved as version 2.")
    page.clock.resume()
    words.press_sequentially(" at night")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Saved as version 3.")).to_be_visible()
    page.goto(f"/visits/{visit.id}/note/{visit.host.id}/versions/")
    expect(page.locator("article")).to_have_text(
        [re.compile(said) for said in ("no pain at night$", "better, no pain$", "better$")]
    )


def test_every_look_is_in_the_ledger_with_who_what_why_and_from_where(
    clinic: Clinic, desk: tuple[Page, Booked]
) -> None:
    page, visit = desk
    for address, action in LOOKED.items():
        answer = page.request.get(address.format(patient=visit.patient.id, visit=visit.id))
        assert answer.status == 200, address
        entry = entered(clinic, answer.headers["x-request-id"], action)
        assert entry["actor_id"] == visit.host.id, address
        assert entry["outcome"] == "allow", address
        assert entry["patient"] == visit.patient.id or "list" in action, address
        assert entry["purpose"] in {"TREAT", "HOPERAT"}, address
        assert entry["policy"], address
        assert entry["client_address"] in {"127.0.0.1", "::1"}, address


def test_whose_access_ends_is_out_of_page_and_call(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with consultation(clinic, chromium, visit=visit) as (clinician, patient):
        patient.sees_frames()
        clinic.deactivate(visit.host)
        clinician.is_in("over")  # how soon: `python -m bench ended-access`
        answer = clinician.page.goto(f"{clinic.origin}/day/")
        assert answer is not None
        assert answer.status == 401


def books(page: Page, visit: Booked, day: date, clock: str) -> None:
    """Fills in the form of a new appointment."""
    page.goto(f"/visits/new/?patient={visit.patient.id}")
    page.get_by_label("Day", exact=True).fill(day.isoformat())
    page.get_by_label("Time", exact=True).fill(clock)
    page.get_by_role("button", name="Book the appointment").click()


def last_sunday_of_march(after: date) -> date:
    """The next day on which the clocks go forward."""
    year = after.year if after < date(after.year, 3, 24) else after.year + 1
    end = date(year, 3, 31)
    return end - timedelta(days=(end.weekday() + 1) % 7)


def entered(clinic: Clinic, request: str, action: str) -> dict[str, Any]:
    """The ledger's entry of this request and action; its text is what is committed to."""
    with clinic.database() as connection:
        found = connection.execute("SELECT body FROM audit_event WHERE body LIKE %s", [f"%{request}%"])
        entries = [json.loads(body) for (body,) in found.fetchall()]
    assert action in {entry["action"] for entry in entries}
    return next(entry for entry in entries if entry["action"] == action)

"""Turned away, consent taken back, and the end with its note, its receipt and what the chart keeps."""

import re
from typing import Any

import pytest
from journeys.clinic import Clinic
from journeys.people import Clinician, Patient, Someone, both, consultation, person
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.journey


def test_turned_away_is_said_kindly_and_kept(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with person(chromium) as one, person(chromium) as two:
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit, camera=False)
        patient = Patient(two).opens(visit.link).goes_to_the_waiting_room(camera=False)
        one.get_by_role("button", name="Not now").click()
        patient.is_in("over")
        expect(two.locator("[data-part=over-title]")).to_have_text("Not now")
        expect(one.locator("[data-part=waiting-empty]")).to_be_visible()
        assert clinician.path() == []
    asked = "SELECT count(*) FROM consult_turningaway t JOIN consult_seat s ON s.id = t.seat_id"
    assert one_of(clinic, f"{asked} WHERE s.visit_id = %s", visit.id) == 1


def test_consent_taken_back_during_the_call_is_seen_at_once_by_the_clinician(
    clinic: Clinic, chromium: Browser
) -> None:
    with consultation(clinic, chromium) as (clinician, patient):
        tab = patient.page.context.new_page()
        tab.goto(f"{clinic.origin}/visit/consent/")
        tab.get_by_role("button", name="Take my consent back").click()
        expect(tab.get_by_text("You have taken your consent back")).to_be_visible()
        expect(clinician.page.locator("[data-notice=withdrawn]")).to_contain_text(
            "The consent was taken back"
        )
        expect(clinician.page.locator(".tw-desk-chart")).to_contain_text(
            "The patient has taken the consent back"
        )


def test_the_end_leaves_a_note_in_versions_a_receipt_with_minutes_and_a_chart_in_fhir(
    clinic: Clinic, chromium: Browser
) -> None:
    visit = clinic.visit()
    with consultation(clinic, chromium, visit=visit) as (clinician, patient):
        both((clinician, patient), Someone.sees_frames)
        page = clinician.page
        page.get_by_label("I know the patient in person").check()
        page.locator("form[action$='/identity/'] button").click()
        for number, text in enumerate(("Cough since Monday.", "Cough since Monday. Better today."), start=1):
            page.locator("form[action$='/note/'] textarea").fill(text)
            page.get_by_role("button", name="Save the note").click()
            expect(page.get_by_text(f"Saved as version {number}.")).to_be_visible()
        clinician.opens("ending")
        page.get_by_label("Everything was settled").check()
        page.get_by_label("I offered another appointment").check()
        page.get_by_role("button", name="End the consultation").click()
        both((clinician, patient), lambda one: one.is_in("over"))
        receipt = patient.page
        receipt.locator("[data-part=over-link]").click()
        video = re.compile(r"Video: \d+ minutes?")  # as long as this machine took
        for fact in (video, "Everything was settled", "another appointment was offered"):
            expect(receipt.get_by_role("main")).to_contain_text(fact)
        expect(receipt.get_by_role("main")).to_contain_text(f"{visit.host.name} saw")
        page.goto(f"{clinic.origin}/visits/{visit.id}/")
        page.get_by_role("link", name="2 versions").click()
        expect(page.get_by_role("heading", name="Version 1")).to_be_visible()
    kept = "SELECT array_agg(DISTINCT type ORDER BY type) FROM records_resource WHERE patient = %s"
    types = set(one_of(clinic, kept, visit.patient.id))
    assert {"Appointment", "Communication", "Consent", "Encounter"} <= types
    in_the_clear = "SELECT count(*) FROM consult_noteversion WHERE text LIKE %s"
    assert one_of(clinic, in_the_clear, b"%Cough%") == 0


def one_of(clinic: Clinic, asked: str, *values: object) -> Any:
    with clinic.database() as connection:
        row = connection.execute(asked, values).fetchone()  # type: ignore[arg-type]  # written above
    assert row is not None
    return row[0]

"""Firefox ESR and Chromium in one consultation, whichever of them the clinician uses."""

import pytest
from journeys.clinic import Clinic
from journeys.outages import watch
from journeys.people import Clinician, Patient, Someone, both, person
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("clinician_uses", ["firefox", "chromium"])
def test_firefox_and_chromium_see_hear_and_verify_each_other(
    clinic: Clinic, chromium: Browser, firefox: Browser, clinician_uses: str
) -> None:
    visit = clinic.visit()
    first, second = (firefox, chromium) if clinician_uses == "firefox" else (chromium, firefox)
    with person(first, camera=first is chromium) as one, person(second, camera=second is chromium) as two:
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(two).opens(visit.link).goes_to_the_waiting_room()
        clinician.lets_in(visit.patient.name)
        people = (clinician, patient)
        both(people, watch)
        both(people, Someone.hears)
        assert _digits(clinician) == _digits(patient)
        both(people, lambda someone: someone.says_the_words_are("same"))
        both(people, lambda someone: someone.is_told("Verified by you both"))
        patient.writes("Both browsers can write.")
        clinician.reads("Both browsers can write.")


def _digits(someone: Someone) -> list[str]:
    someone.words()
    panel = someone.page.locator("[data-verify]").first
    panel.get_by_role("button", name="Digits instead").click()
    expect(panel.get_by_role("button", name="Digits instead")).to_have_count(0)
    return sorted(character for character in panel.inner_text() if character.isdigit())

"""A consultation by each way there is, in real browsers."""

import pytest
from journeys.clinic import Clinic
from journeys.people import Clinician, Patient, Someone, both, consultation, person
from playwright.sync_api import Browser

pytestmark = pytest.mark.journey
NO_PICTURE = """() => [...document.querySelectorAll('video')].every(
  (video) => video.hidden || !video.srcObject?.getVideoTracks().length)"""


def test_by_video_they_see_hear_and_verify_each_other(clinic: Clinic, windowed: Browser) -> None:
    with consultation(clinic, windowed) as people:
        both(people, Someone.sees_frames)
        both(people, Someone.hears)
        both(people, lambda one: one.is_told("Not verified yet"))
        clinician, patient = people
        assert set(_spoken(clinician.words())) == set(_spoken(patient.words()))
        both(people, lambda one: one.says_the_words_are("same"))
        both(people, lambda one: one.is_told("Verified by you both"))


def test_by_sound_alone_nobody_is_seen_and_both_are_heard(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with person(chromium) as one, person(chromium) as two:
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit, camera=False)
        patient = Patient(two).opens(visit.link, mode="audio").goes_to_the_waiting_room(camera=False)
        clinician.lets_in(visit.patient.name)
        both((clinician, patient), Someone.hears)
        assert two.evaluate(NO_PICTURE)


def test_in_writing_alone_the_lines_arrive_on_both_sides(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with person(chromium, camera=False) as one, person(chromium, camera=False) as two:
        clinician = Clinician(one).sign_in(clinic, visit)
        one.goto(f"{clinic.origin}/visits/{visit.id}/room/")
        patient = (
            Patient(two)
            .opens(visit.link, mode="text")
            .goes_to_the_waiting_room(camera=False, microphone=False)
        )
        clinician.lets_in(visit.patient.name)
        patient.is_in("call")
        patient.is_told("Not verified yet")
        patient.writes("The cough is better.")
        clinician.reads("The cough is better.")
        clinician.writes("Good to read that.")
        patient.reads("Good to read that.")


def _spoken(panel: str) -> list[str]:
    return [line for line in panel.splitlines() if line.isalpha() and line.islower()]

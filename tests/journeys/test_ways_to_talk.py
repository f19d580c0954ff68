"""Whoever has no camera, wants none or forbids it still talks; the check finds out in under a minute."""

from collections.abc import Iterator

import pytest
from ground.browsers import launch_chromium
from journeys.clinic import Booked, Clinic
from journeys.people import Clinician, Patient, Someone, both, person
from playwright.sync_api import Browser, Locator, Page, Playwright, expect
from stage.live import until

pytestmark = pytest.mark.journey


@pytest.fixture
def chromium(windowed: Browser) -> Browser:
    """The one that asks: what people allow it is what is tried here."""
    return windowed


@pytest.fixture
def without_camera(playwright: Playwright) -> Iterator[Browser]:
    no_camera = "--use-fake-device-for-media-stream=device-count=0"
    browser = launch_chromium(playwright, no_camera, windows=True)
    yield browser
    browser.close()


def test_the_check_ends_in_one_sentence_and_a_mode_that_works(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with person(chromium) as page:
        patient = Patient(page).opens(visit.link)
        patient.press("check")
        patient.press("check-camera")
        expect(status(page, "camera")).to_have_text("Do you see yourself?")
        patient.press("check-camera")
        expect(status(page, "camera")).to_have_text("Your camera works. It is off again.")
        patient.press("check-microphone")
        expect(status(page, "microphone")).to_have_text("We hear you.")
        patient.press("check-speaker")
        patient.press("heard")
        expect(status(page, "path")).to_have_text("Your connection is good.")
        expect(page.locator("[data-part=verdict]")).to_have_text("Everything works. Video is a good choice.")
        patient.press("arrive")
        patient.is_in("lobby")
        asked = "SELECT path, camera, microphone, speaker FROM consult_equipmentcheck e"
        until(lambda: rows(clinic, asked, visit) == [("direct", True, True, True)])


def test_without_a_camera_one_sees_the_other_side_and_talks(
    clinic: Clinic, chromium: Browser, without_camera: Browser
) -> None:
    visit = clinic.visit()
    with person(chromium) as one, person(without_camera) as two:
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(two).opens(visit.link)
        checks(patient, heard=True)
        expect(status(two, "camera")).to_have_text("No camera was found. You can go on without one.")
        expect(two.locator("[data-part=verdict]")).to_contain_text("No camera? No problem")
        patient.press("microphone")
        patient.press("arrive")
        patient.is_in("lobby")
        clinician.lets_in(visit.patient.name)
        patient.sees_frames()
        both((clinician, patient), Someone.hears)


def test_a_camera_refused_by_the_browser_gets_a_sentence_and_the_call_goes_on_by_sound(
    clinic: Clinic, chromium: Browser
) -> None:
    visit = clinic.visit()
    with person(chromium) as one, person(chromium, camera=False) as two:
        two.context.grant_permissions(["microphone"])
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(two).opens(visit.link)
        patient.press("skip")
        patient.press("camera")
        expect(two.locator("[data-view=ready] [data-own-trouble]")).to_contain_text(
            "The browser was not allowed to use the camera."
        )
        patient.press("microphone")
        patient.press("arrive")
        patient.is_in("lobby")
        clinician.lets_in(visit.patient.name)
        both((clinician, patient), Someone.hears)


def test_declined_with_a_reason_on_the_first_page_without_a_script(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with person(chromium, java_script_enabled=False) as page:
        page.goto(visit.link)
        page.get_by_role("link", name="I would rather not be on camera").click()
        page.get_by_label("I do not want to be on camera").check()
        assert page.locator("#mode-video").count() == 0
        page.check("#mode-audio")
        page.check("#id_agreed")
        Patient(page).goes_on()
        page.wait_for_selector("#room", state="attached")
        page.goto(f"{clinic.origin}/visit/")  # the address to come back to, without the link
        page.wait_for_selector("#room", state="attached")
    assert choices(clinic, visit) == [("audio", "video", "camera")]


def test_declined_in_the_room_the_next_way_is_offered_and_kept(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with person(chromium) as page:
        patient = Patient(page).opens(visit.link)
        patient.press("decline")
        expect(page.locator("[data-part=next-modes] input").first).to_have_value("audio")
        page.get_by_label("I worry about my privacy").check()
        with page.expect_response("**/visit/choice/"):
            page.get_by_role("button", name="Talk this way").click()
        expect(page.locator("[data-part=mode]")).to_contain_text("Sound only")
    assert choices(clinic, visit)[-1] == ("audio", "video", "privacy")


def test_in_two_languages_both_begin_with_the_same_digits(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit(patient=clinic.patient("Liesel Abendroth", language="de"))
    with person(chromium) as one, person(chromium, locale="de") as two:
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(two).opens(visit.link).goes_to_the_waiting_room()
        clinician.lets_in(visit.patient.name)
        here, there = digits(clinician), digits(patient)
        assert here == there
        assert len(here) == 10
        both((clinician, patient), lambda one: one.says_the_words_are("same"))
        clinician.is_told("Verified by you both")
    asked = "SELECT e.form, e.outcome FROM consult_verification e"
    until(lambda: rows(clinic, asked, visit) == [("digits", "same")] * 2)


def checks(patient: Patient, *, heard: bool) -> None:
    """Runs through the check: camera, microphone, sound."""
    for step in ("check", "check-camera", "check-microphone"):
        patient.press(step)
    expect(status(patient.page, "microphone")).to_have_text("We hear you.")
    patient.press("check-speaker")
    patient.press("heard" if heard else "unheard")
    patient.page.locator("[data-view=ready]").wait_for()


def status(page: Page, part: str) -> Locator:
    return page.locator(f"[data-check={part}] [data-part=status]")


def digits(someone: Someone) -> str:
    someone.words()
    return "".join(someone.page.locator(".tw-digits span").all_inner_texts())


def choices(clinic: Clinic, visit: Booked) -> list[tuple[str, ...]]:
    with clinic.database() as connection:
        asked = "SELECT mode, declined, reason FROM consult_choice WHERE visit_id = %s ORDER BY at, id"
        return connection.execute(asked, [visit.id]).fetchall()


def rows(clinic: Clinic, asked: str, visit: Booked) -> list[tuple[object, ...]]:
    """Rows `e` that belong to seats of the visit."""
    with clinic.database() as connection:
        whole = f"{asked} JOIN consult_seat s ON s.id = e.seat_id WHERE s.visit_id = %s"
        return connection.execute(whole, [visit.id]).fetchall()

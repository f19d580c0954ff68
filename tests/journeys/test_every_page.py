"""Every page and section of the room in both languages, each wide or small; `make screenshots` keeps both.

Free of barriers, nothing sideways, nothing untranslated, nobody else asked, no complaint of the browser.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from journeys.clinic import Booked, Clinic, an_address
from journeys.clinic import Someone as Named
from journeys.devices import device
from journeys.looking import WIDE, Eye
from journeys.pages import ACCOUNT, PRACTICE, PUBLIC, asks, searched
from journeys.people import Clinician, Patient, both, person
from journeys.seen_in_the_room import before_the_call, in_the_call
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey
Visitor = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(chromium: Browser, clinic: Clinic, language: str) -> Iterator[Page]:
    with person(chromium, locale=language, base_url=clinic.origin, viewport=WIDE) as page:
        yield page


@pytest.fixture
def eye(page: Page, language: str) -> Eye:
    return Eye(page, language)


@pytest.fixture
def booked(clinic: Clinic, language: str) -> Booked:
    host = clinic.staff("Dr. Mira Holm", roles=("physician", "administrator"), language=language)
    email = f"{language}-tomasz@mail.example"
    return clinic.visit(host, clinic.patient("Tomasz Zieliński", language=language, email=email))


def test_what_is_open_to_everybody(clinic: Clinic, eye: Eye, language: str) -> None:
    for address in PUBLIC:
        eye.goes(address)
    eye.goes("/nowhere/", status=404, name="problem-404")
    eye.goes("/day/", status=401, name="problem-401")
    eye.goes("/visit/", status=401, name="problem-no-visit")
    eye.goes(clinic.sign_in_link(clinic.staff("Dr. Emil Rand")), name="sign-in-once")
    eye.page.goto("/sign-in/")
    eye.page.fill("#email", "nobody@praxis.example")
    eye.page.fill("#password", "wrong")
    eye.expected = ("401", "403", "422", "400")
    with eye.page.expect_navigation():
        eye.page.press("#password", "Enter")
    eye.at("sign-in-refused")
    assert eye.found == []


def test_the_ways_to_sign_in_and_the_people_of_the_practice(
    clinic: Clinic, eye: Eye, booked: Booked, language: str
) -> None:
    enter(eye.page, clinic, booked.host)
    for address in ACCOUNT:
        eye.goes(address.format(person=clinic.staff("Dr. Gustav Ende").id, patient=booked.patient.id))
    eye.page.goto("/account/recovery-codes/")
    eye.at("recovery-codes")
    press(eye.page, "main form .tw-button")
    eye.page.locator(".tw-codes").wait_for()
    eye.at("recovery-codes-shown")
    link = invited(eye, language)
    for address, name in ((link, "invitation"), (f"{link}password/", "invitation-password")):
        eye.goes(address, name=name)
    eye.page.clock.install()
    eye.page.goto("/account/")
    eye.page.clock.fast_forward(3_600_000)
    eye.page.locator("#tw-lock").wait_for()
    eye.page.clock.resume()
    eye.at("lock")
    eye.goes("/account/", status=401, name="locked")
    assert eye.found == []


def test_the_pages_of_the_practice(clinic: Clinic, eye: Eye, booked: Booked) -> None:
    clinic.third(booked, "interpreter", "Ewa Nowak")
    enter(eye.page, clinic, booked.host)
    ids = {"patient": booked.patient.id, "visit": booked.id, "other": clinic.patient("Tomas Zielinski").id}
    for address, name in PRACTICE:
        eye.goes(address.format(**ids), name=name)
    asks(eye.page, "1, 2, 3?")
    eye.at("questionnaire-question")
    eye.page.press("#id_longest", "Enter")
    eye.page.locator(".tw-lines").wait_for()
    eye.at("questionnaire-built")
    searched(eye.page, "Zie")
    eye.at("visits-new-found")
    eye.page.goto(f"/visits/new/?patient={booked.patient.id}")
    eye.expected = ("422",)
    with eye.page.expect_navigation():
        eye.page.fill("#id_clock, #clock, [name=clock]", "00:05")
        press(eye.page, "main form[method=post] .tw-button")
    eye.at("visits-new-refused")
    eye.page.goto(f"/patients/{booked.patient.id}/")
    press(eye.page, "form[action$='/call/'] button")
    eye.page.locator("[data-copy]").wait_for()
    eye.at("link")
    eye.goes("/objections/", status=403, name="problem-403")
    assert eye.found == []


def test_what_links_that_do_not_open_say(clinic: Clinic, eye: Eye, booked: Booked) -> None:
    def another() -> Booked:
        return clinic.visit(booked.host, booked.patient)

    expired, revoked, cancelled = another(), another(), another()
    clinic.expire(expired)
    clinic.revoke(revoked)
    clinic.cancel(cancelled)
    eye.goes(expired.link, status=410, name="link-expired")
    eye.goes(revoked.link, status=410, name="link-revoked")
    eye.goes("/join/none/", status=404, name="link-unknown")
    eye.goes(cancelled.link, status=410, name="visit-cancelled")
    assert eye.found == []


def test_the_pages_of_the_guest(eye: Eye, booked: Booked, clinic: Clinic) -> None:
    page = eye.page
    eye.goes(booked.link, name="join")
    press(page, "main a[href*='not=video']")
    page.wait_for_url("**not=video**")
    eye.at("join-declined")
    page.check("#mode-phone")
    eye.expected = ("422",)
    with page.expect_navigation():
        press(page, "main form .tw-button")
    eye.at("join-without-consent")
    page.check("#mode-phone")
    page.check("#id_agreed")
    press(page, "main form .tw-button")
    page.wait_for_url("**/visit/")
    eye.at("phone")
    for address in ("/visit/mode/", "/visit/consent/", "/visit/receipt/", "/devices/measure/"):
        eye.goes(address)
    eye.goes("/visit/receipt/?print=1", name="visit-receipt-print")
    eye.goes("/patients/", status=401, name="problem-guest")
    eye.goes(clinic.third(booked, "relative", "Ilse Zieliński", language=eye.language), name="join-third")
    assert eye.found == []


def test_the_consultation_from_the_check_to_the_receipt(
    clinic: Clinic, chromium: Browser, eye: Eye, booked: Booked, language: str
) -> None:
    with person(chromium, locale=language, base_url=clinic.origin, viewport=WIDE) as other:
        clinician, patient, desk = Clinician(other), Patient(eye.page), Eye(other, language)
        clinician.sign_in(clinic, booked)
        other.goto(f"/visits/{booked.id}/room/")
        clinician.is_in("call")
        before_the_call(eye, patient.opens(booked.link))
        desk.at("room-host-waiting")
        for key in ("microphone", "camera"):
            clinician.press(key)
        clinician.lets_in(booked.patient.name)
        patient.words()
        for name, one in (("host", desk), ("guest", eye)):
            one.at(f"room-{name}-words")
        both((clinician, patient), lambda one: one.says_the_words_are("same"))
        both((clinician, patient), lambda one: one.sees_frames(5))
        in_the_call(eye, patient, clinician, desk)
        ended(desk, clinician, booked)
        patient.is_in("over")
        eye.at("room-guest-over")
        press(eye.page, "[data-part=over-link]")
        eye.page.wait_for_url("**/receipt/")
        eye.at("receipt")
        eye.goes(booked.link, name="link-over")
    assert eye.found + desk.found == []


WINDOW = (
    "consents",
    "devices",
    "readings",
    "readings/wrong",
    "sharing",
    "sharing/new",
    "kept",
    "export",
    "erasure",
)


def test_the_patients_window_and_the_desk_of_the_privacy_officer(
    clinic: Clinic, chromium: Browser, eye: Eye, booked: Booked, language: str
) -> None:
    with person(chromium, locale=language, base_url=clinic.origin, viewport=WIDE) as other:
        desk = Eye(other, language)
        enter(other, clinic, booked.host)
        other.goto(f"/patients/{booked.patient.id}/")
        patient = device(eye.page.context, eye.page)
        patient.accepts(clinic.account_link(booked.patient, an_address("window")))
        eye.goes("/window/")
        eye.page.goto("/window/accesses/")
        expect(eye.page.locator("[data-seal]")).to_have_attribute("data-stand", "sealed")
        eye.at("window-accesses")
        for page in WINDOW:
            eye.goes(f"/window/{page}/")
        eye.page.fill("main textarea", "…")
        press(eye.page, "main form .tw-button")
        eye.page.wait_for_url("**/kept/")
        eye.goes("/window/accesses/")
        press(eye.page, ".tw-accesses a")
        eye.page.wait_for_url("**/objection/")
        eye.at("objection")
        eye.page.fill("main textarea", "…")
        press(eye.page, "main form .tw-button")
        eye.page.wait_for_url(lambda url: "/objection/" not in url)
        eye.at("objection-sent")
        other.context.clear_cookies()
        officer = clinic.staff("Vera Lind", roles=("privacy-officer",), language=language)
        enter(other, clinic, officer)
        desk.goes("/objections/")
        press(other, "article h2 a")
        other.wait_for_url("**/objections/*-*/")
        desk.at("objections-one")
        desk.goes("/objections/naming/")
        desk.goes("/erasures/")
        press(other, "article h2 a")
        other.wait_for_url("**/erasures/*-*/")
        desk.at("erasures-one")
    assert eye.found + desk.found == []


def ended(desk: Eye, clinician: Clinician, booked: Booked) -> None:
    page = desk.page
    clinician.opens("ending")
    page.locator("[name=disposition][value=completed]").check()
    press(page, "form[action$='/ending/'] button:not(.tw-key)")
    clinician.is_in("over")
    desk.at("room-host-over")
    desk.goes(f"/visits/{booked.id}/", name="visit-ended")


def enter(page: Page, clinic: Clinic, who: Named) -> None:
    page.goto(clinic.sign_in_link(who))
    press(page, "main button")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def invited(eye: Eye, language: str) -> str:
    """A link for a colleague, read from the screen."""
    eye.page.goto("/staff/invitations/new/")
    eye.page.fill("#name", "Dr. Olga Weit")
    eye.page.fill("#email", an_address("olga"))
    eye.page.check("[value=nurse]")
    for shown in eye.page.locator("[type=radio][value=shown]").all():  # without mail there is no choice
        shown.check()
    press(eye.page, "main form .tw-button")
    link = eye.page.locator("main code").inner_text()
    eye.at("invited")
    return link


def press(page: Page, what: str) -> None:
    page.locator(what).last.click() if "form" in what else page.locator(what).first.click()


def test_the_eye_sees_what_is_wrong(clinic: Clinic, page: Page) -> None:
    eye = Eye(page, "de")
    page.goto("/healthz")
    wide = "<div style='width: 500px'>.</div>"
    page.set_content(f"<html lang=en><main><h1>Your place is held</h1>{wide}<button></button></main>")
    page.evaluate("console.error('trouble')")
    eye.at("planted")
    found = " ".join(eye.found)
    faults = (
        "wide on a screen",
        "at 1280: button-name",
        "at 360: button-name",
        "that it is in de",
        "has no title",
    )
    for fault in (*faults, "not in German: Your place", "trouble"):
        assert fault in found

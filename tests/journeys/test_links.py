"""A link opens one visit on one device, and nothing else; with the keyboard as well as with a mouse."""

import re

import pytest
from journeys.clinic import Clinic
from journeys.people import Clinician, Patient, person
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey
OF_THE_PRACTICE = (
    "/day/",
    "/patients/",
    "/patients/new/",
    "/patients/{patient}/",
    "/patients/{patient}/visits/",
    "/patients/{patient}/notes/",
    "/patients/{patient}/contact/",
    "/visits/new/",
    "/visits/{visit}/",
    "/visits/{visit}/room/",
    "/visits/{visit}/note/",
    "/visits/{visit}/purpose/",
    "/visits/{visit}/identity/",
    "/visits/{visit}/appointment.ics",
    "/receipts/{visit}/",
    "/staff/",
    "/account/",
    "/objections/",
    "/window/",
    "/window/accesses/",
)
ENOUGH = 40  # presses of the tab key that reach every control of a page


def test_an_invitation_opens_its_visit_and_nothing_else(clinic: Clinic, chromium: Browser) -> None:
    visit, other = clinic.visit(), clinic.visit()
    with person(chromium) as page:
        Patient(page).opens(visit.link)
        for address in OF_THE_PRACTICE:
            for one in (visit, other):
                at = clinic.origin + address.format(patient=one.patient.id, visit=one.id)
                assert page.request.get(at).status in {401, 403, 404}, address
        refused = page.evaluate(
            """(url) => new Promise((done) => {
              const socket = new WebSocket(url);
              const said = [];
              const hello = { type: 'hello', version: 1, peer: 'a'.repeat(32) };
              socket.onopen = () => socket.send(JSON.stringify(hello));
              socket.onmessage = ({ data }) => said.push(JSON.parse(data).type);
              socket.onclose = ({ code }) => done([code, said.filter((type) => type !== 'error')]);
            })""",
            f"{clinic.websocket_origin}/live/visits/{other.id}?as=guest",
        )
        assert refused == [4403, []]


def test_a_link_opened_on_another_device_closes_the_first_one(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with person(chromium) as phone, person(chromium) as laptop:
        first = Patient(phone).opens(visit.link).goes_to_the_waiting_room(camera=False)
        Patient(laptop).opens(visit.link).goes_to_the_waiting_room(camera=False)
        first.is_in("over")
        answer = phone.goto(f"{clinic.origin}/visit/")
        assert answer is not None
        assert answer.status == 401
        expect(phone.get_by_role("heading", level=1)).to_have_text("Your link, please")


def test_a_link_of_another_house_says_what_to_do(clinic: Clinic, chromium: Browser) -> None:
    with person(chromium) as page:
        answer = page.goto(f"{clinic.origin}/join/{'A' * 43}/")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("This link is not complete")


def test_by_keyboard_alone_from_the_link_to_leaving(clinic: Clinic, chromium: Browser) -> None:
    visit = clinic.visit()
    with person(chromium) as one, person(chromium) as two:
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(two)
        two.goto(visit.link)
        presses(two, "#mode-video", "Space")
        presses(two, "#id_agreed", "Space")
        presses(two, "main .tw-button-large", "Enter")
        two.wait_for_url("**/visit/")
        two.locator("#room[data-bound]").wait_for()
        for key in ("skip", "camera", "unveil", "microphone", "arrive"):
            presses(two, f"[data-view]:not([hidden]) [data-press={key}]", "Enter")
        patient.is_in("lobby")
        clinician.lets_in(visit.patient.name)
        patient.words()
        clinician.hears()
        presses(two, "[data-stand=compare] .tw-actions button:first-child", "Enter")
        presses(two, ".tw-bar [data-press=chat]", "Enter")
        expect(two.locator("#say")).to_be_focused()
        two.keyboard.type("I hear you well.")
        two.keyboard.press("Enter")
        clinician.reads("I hear you well.")
        presses(two, ".tw-bar [data-press=leave]", "Enter")
        patient.is_in("over")


def presses(page: Page, what: str, key: str) -> None:
    """Reaches it with the tab key, sees where it is, and presses."""
    page.locator(what).first.wait_for()
    for _ in range(ENOUGH):
        if page.evaluate("(what) => document.activeElement?.matches(what)", what):
            break
        page.keyboard.press("Tab")
    expect(page.locator(what).first).to_be_focused()
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert re.match(r"[1-9]|0\.[1-9]", ring), f"{what} has the focus and does not show it"
    page.keyboard.press(key)

"""The pages around a visit: nothing for axe to say, no sideways scrolling at 320 px, in both languages."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from journeys.clinic import Booked, Clinic
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey
OF_THE_PRACTICE = (
    "/day/",
    "/patients/",
    "/patients/new/",
    "/patients/{patient}/",
    "/patients/{patient}/visits/",
    "/visits/new/",
    "/visits/new/?patient={patient}",
    "/visits/{visit}/",
    "/visits/{visit}/cancellation/",
    "/visits/{visit}/identity/",
    "/visits/{visit}/consent/",
    "/visits/{visit}/note/",
    "/visits/{visit}/ending/",
)
ALBUM = os.environ.get("ALBUM", "")


@pytest.fixture(params=["en", "de"])
def page(request: pytest.FixtureRequest, clinic: Clinic, chromium: Browser) -> Iterator[Page]:
    viewport = {"width": 320, "height": 720}
    context = chromium.new_context(base_url=clinic.origin, locale=request.param, viewport=viewport)
    context.set_extra_http_headers({"Accept-Language": request.param})
    yield context.new_page()
    context.close()


@pytest.fixture
def look(page: Page, request: pytest.FixtureRequest) -> Callable[[str], list[str]]:
    """What axe finds on the page as it is now, and whether it is wider than the screen."""
    language = request.node.callspec.params["page"]

    def at(name: str) -> list[str]:
        if ALBUM:
            page.screenshot(path=Path(ALBUM) / f"{name}-{language}.png", full_page=True)
        found = [f"{name}: {f['id']} {f['nodes'][0]['html']}" for f in Axe().run(page).response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return [*found, f"{name}: too wide"] if wide else found

    return at


@pytest.fixture
def booked(clinic: Clinic, request: pytest.FixtureRequest) -> Booked:
    language = request.node.callspec.params["page"]
    patient = clinic.patient("Tomasz Zieliński", language=language)
    return clinic.visit(host=clinic.staff("Dr. Mira Holm"), patient=patient)


def signed_in(page: Page, clinic: Clinic, booked: Booked) -> None:
    page.goto(clinic.sign_in_link(booked.host))
    page.locator("main button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def test_the_practices_pages(
    page: Page, clinic: Clinic, booked: Booked, look: Callable[[str], list[str]]
) -> None:
    signed_in(page, clinic, booked)
    found = []
    for address in OF_THE_PRACTICE:
        page.goto(address.format(patient=booked.patient.id, visit=booked.id))
        page.wait_for_load_state("networkidle")
        found += look("practice" + address.replace("/", "-").replace("?", "-"))
    assert found == []


def test_a_call_now_is_two_presses_from_the_patients_entry_to_the_room(
    page: Page, clinic: Clinic, booked: Booked, look: Callable[[str], list[str]]
) -> None:
    signed_in(page, clinic, booked)
    page.goto(f"/patients/{booked.patient.id}/")
    page.locator("form[action$='/call/'] button").click()
    page.locator("[data-copy]").wait_for()
    assert "/join/" in page.locator("#link").input_value()
    assert look("link") == []
    page.locator("main a[href$='/room/']").click()
    page.wait_for_url("**/room/")


def test_the_guests_pages(page: Page, booked: Booked, look: Callable[[str], list[str]]) -> None:
    page.goto(booked.link)
    found = look("join")
    page.locator("main a[href*='not=video']").click()
    page.wait_for_url("**not=video**")
    found += look("join-declined")
    page.locator("#mode-phone").check()
    page.locator("main form button").click()
    page.locator("[role=alert], .tw-errors, .tw-notice-stop").first.wait_for()
    found += look("join-without-consent")
    page.locator("#mode-phone").check()
    page.locator("#id_agreed").check()
    page.locator("main form button").click()
    page.wait_for_url("**/visit/")
    found += look("phone")
    for address in (
        "/visit/mode/",
        "/visit/consent/",
        "/visit/receipt/",
        "/visit/receipt/?print=1",
        "/join/none/",
    ):
        page.goto(address)
        found += look("guest" + address.replace("/", "-").replace("?", "-"))
    assert found == []

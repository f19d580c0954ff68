"""The pages of signing in: nothing for axe to say, no sideways scrolling at 320 px, in both languages."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from journeys.clinic import Clinic
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey
ACCOUNT = (
    "/account/",
    "/account/passkeys/new/",
    "/account/password/",
    "/account/password/change/",
    "/account/recovery-codes/",
    "/account/confirm/",
    "/staff/",
    "/staff/invitations/new/",
)


@pytest.fixture(params=["en", "de"])
def page(request: pytest.FixtureRequest, clinic: Clinic, chromium: Browser) -> Iterator[Page]:
    viewport = {"width": 320, "height": 720}
    context = chromium.new_context(base_url=clinic.origin, locale=request.param, viewport=viewport)
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    found = [
        f"{page.url}: {fault['id']} {fault['nodes'][0]['html']}"
        for fault in Axe().run(page).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, f"{page.url}: too wide"] if wide else found


def test_the_way_in_is_open_to_everybody(page: Page, clinic: Clinic) -> None:
    found = []
    for address in ("/sign-in/", clinic.sign_in_link(clinic.staff("Dr. Emil Rand"))):
        page.goto(address)
        found += faults(page)
    page.goto("/sign-in/")
    page.locator("#email").fill("nobody@praxis.example")
    page.locator("#password").fill("wrong")
    page.locator("#password").press("Enter")
    page.wait_for_load_state()
    assert found + faults(page) == []


def test_invited_people_and_their_account_pages(page: Page, clinic: Clinic) -> None:
    admin = clinic.staff("Ada Kern", roles=("administrator",))
    page.goto(clinic.sign_in_link(admin))
    found = faults(page)
    page.locator("main button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    for address in ACCOUNT:
        page.goto(address)
        found += faults(page)
    page.goto("/account/recovery-codes/")
    page.locator("main button").click()
    page.locator(".tw-codes").wait_for()
    found += faults(page)
    colleague = clinic.staff("Dr. Gustav Ende")
    page.goto(f"/staff/{colleague.id}/deactivation/")
    found += faults(page)
    link = invited(page)
    found += faults(page)
    for address in (link, f"{link}password/"):
        page.goto(address)
        found += faults(page)
    assert found == []


def test_the_locked_page_and_the_lock_itself(page: Page, clinic: Clinic) -> None:
    page.goto(clinic.sign_in_link(clinic.staff("Ada Stern", roles=("administrator",))))
    page.locator("main button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.clock.install()
    page.goto("/account/")
    page.clock.fast_forward(3_600_000)
    page.locator("#tw-lock").wait_for()
    page.clock.resume()
    found = faults(page)
    with page.expect_response("**/account/"):
        page.reload()
    assert found + faults(page) == []


def invited(page: Page) -> str:
    """A link for somebody, read from the screen."""
    page.goto("/staff/invitations/new/")
    page.locator("#name").fill("Dr. Olga Weit")
    page.locator("#email").fill(f"olga-{page.evaluate('navigator.language')}@praxis.example")
    page.locator("[value=nurse]").check()
    page.locator("[value=shown]").check()
    page.locator("main form .tw-button").click()
    return page.locator("main code").inner_text()

"""Signing in with real browsers: invited, passkey, lock that keeps the page, session ended from elsewhere."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from journeys.clinic import Clinic, an_address
from journeys.devices import device
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.journey
PASSWORD = "grünes Fahrrad im Keller"
HOUR = 3_600_000


@pytest.fixture
def context(clinic: Clinic, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=clinic.origin, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def other_context(clinic: Clinic, chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=clinic.origin, locale="en-GB")
    yield context
    context.close()


def sign_in_by_link(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def invite(page: Page, name: str, email: str) -> str:
    """An administrator invites a physician, whom nobody has invited, and reads the link from the screen."""
    page.goto("/staff/")
    page.get_by_role("link", name="Invite somebody").click()
    page.wait_for_url("**/invitations/new/")  # whole: a choice that is not read yet looks like none
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Doctor").check()
    for shown in page.get_by_label("Show it to me").all():  # without mail there is no choice
        shown.check()
    page.get_by_role("button", name="Invite").click()
    return page.locator("main code").inner_text()


def accept_by_passkey(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/account/recovery-codes/")
    page.get_by_role("button", name="Show my codes").click()
    expect(page.locator(".tw-codes li")).to_have_count(10)
    page.get_by_label("I have saved these codes").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "/account/" not in url)


def test_invited_then_a_passkey_then_signed_in_by_one_press(
    clinic: Clinic, context: BrowserContext, other_context: BrowserContext
) -> None:
    admin = other_context.new_page()
    sign_in_by_link(admin, clinic.sign_in_link(clinic.staff("Ada Leitner", roles=("administrator",))))
    link = invite(admin, "Dr. Carla Neu", an_address("carla.neu"))
    carla = device(context)
    accept_by_passkey(carla.page, link)
    assert len(carla.credentials()) == 1
    carla.page.goto("/account/")
    carla.page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    carla.page.wait_for_url("**/sign-in/")
    carla.page.get_by_role("button", name="Sign in with a passkey").click()
    carla.page.wait_for_url(lambda url: "/sign-in/" not in url)
    carla.page.goto("/account/")
    expect(carla.page.get_by_role("heading", name="My sign-in")).to_be_visible()


LOCKS = """async () => {
  for (let turn = 0; turn < 500; turn += 1) if ((await fetch('/account/')).status === 401) return true;
  return false;
}"""


def test_the_lock_covers_the_page_and_one_touch_brings_everything_back(
    clinic: Clinic, context: BrowserContext
) -> None:
    ada = device(context)
    page = ada.page
    sign_in_by_link(page, clinic.sign_in_link(clinic.staff("Ada Moritz", roles=("administrator",))))
    page.goto("/account/passkeys/new/")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/account/")
    page.clock.install()
    page.goto("/staff/invitations/new/")
    page.get_by_label("Name").fill("Half a na")
    page.clock.fast_forward(HOUR)
    lock = page.get_by_role("dialog", name="You were away for a while")
    expect(lock).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(lock).to_be_visible()
    assert page.evaluate(LOCKS)
    lock.get_by_role("button", name="Use my passkey").click()
    expect(lock).to_be_hidden()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Half a na")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    assert page.evaluate("() => fetch('/account/').then((answer) => answer.status)") == 200


def test_a_session_ended_in_another_browser_is_over_at_once(
    clinic: Clinic, context: BrowserContext, other_context: BrowserContext
) -> None:
    rosa = clinic.staff("Dr. Rosa Feld")
    here, there = context.new_page(), other_context.new_page()
    sign_in_by_link(here, clinic.sign_in_link(rosa))
    sign_in_by_link(there, clinic.sign_in_link(rosa))
    here.goto("/account/")
    here.get_by_role("button", name="Sign out everywhere else").click()
    expect(here.get_by_role("button", name="Sign out everywhere else")).to_have_count(0)
    answer = there.goto("/account/")
    assert answer is not None
    assert answer.status == 401
    expect(there.get_by_role("link", name="Sign in")).to_be_visible()


def test_by_keyboard_alone_a_password_and_an_app_sign_in(
    clinic: Clinic, context: BrowserContext, other_context: BrowserContext
) -> None:
    admin = other_context.new_page()
    sign_in_by_link(admin, clinic.sign_in_link(clinic.staff("Ada Sommer", roles=("administrator",))))
    email = an_address("dora.feld")
    link = invite(admin, "Dr. Dora Feld", email)
    page = context.new_page()
    page.goto(f"{link}password/")
    secret = page.locator(".tw-secret").inner_text().replace(" ", "")
    page.locator("main input[name=password]").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show the password")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.keyboard.press("Tab")
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/recovery-codes/")
    page.locator("main button").focus()
    page.keyboard.press("Enter")
    code = page.locator(".tw-codes li").first.inner_text()
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", code)
    context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("main input[name=code]")).to_be_focused()
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/account/")
    expect(page.get_by_text("You have 9 unused codes.")).to_be_visible()


def test_a_cancelled_passkey_says_what_to_do(context: BrowserContext) -> None:
    nobody = device(context)
    nobody.devtools.send(
        "WebAuthn.setUserVerified", {"authenticatorId": nobody.authenticator, "isUserVerified": False}
    )
    nobody.page.goto("/sign-in/")
    nobody.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(nobody.page.get_by_role("alert")).to_contain_text("The passkey was not used")

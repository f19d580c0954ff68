"""A record opened in an emergency, from the question to the answer; and the one line that opens an entry."""

from collections.abc import Callable

import pytest
from journeys.clinic import Clinic, an_address
from journeys.clinic import Someone as Named
from journeys.devices import device
from journeys.looking import Eye
from journeys.people import person
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey
WORDS = "Found unconscious in our waiting room"
ANSWER = "You were unconscious, and the doctor had to know your medicines."
TRIES = 200  # looks at a page before what a job does must be there


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def enter(page: Page, clinic: Clinic, who: Named) -> None:
    page.goto(clinic.sign_in_link(who))
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def with_a_passkey(page: Page, clinic: Clinic, who: Named) -> None:
    """Signed in, with a passkey of one's own on this device."""
    device(page.context, page)
    enter(page, clinic, who)
    page.goto(f"{clinic.origin}/account/passkeys/new/")
    page.locator("main button[data-passkey]").click()
    page.wait_for_url(lambda url: "/passkeys/" not in url)


def looks_until(page: Page, address: str, there: Callable[[], bool]) -> None:
    """Opens the page again and again until what a job does is there."""
    for _ in range(TRIES):
        page.goto(address)
        if there():
            return
    raise AssertionError(f"It never came to {address}")


def test_an_emergency_from_the_question_to_the_answer_that_the_patient_reads(
    clinic: Clinic, chromium: Browser, language: str
) -> None:
    email = an_address("frieda")
    frieda = clinic.patient("Frieda Korn", language=language, email=email)
    clinic.visit(clinic.staff("Dr. Nils Aden"), frieda)
    doctor = clinic.staff("Dr. Kari Voss", language=language)
    officer = clinic.staff("Vera Lind", roles=("privacy-officer",), language=language)
    options = {"locale": language, "base_url": clinic.origin}
    with (
        person(chromium, **options) as practice,
        person(chromium, **options) as home,
        person(chromium, **options) as office,
    ):
        looks = [Eye(page, language) for page in (practice, home, office)]
        with_a_passkey(practice, clinic, doctor)
        opens_in_an_emergency(looks[0], clinic, frieda)
        device(home.context, home).accepts(clinic.account_link(frieda, email))
        enter(office, clinic, officer)
        answers(looks[2])
        reads(looks[1])
        looks[0].goes("/watch/mine/", name="emergency-mine")
        assert [fault for eye in looks for fault in eye.found] == []


def opens_in_an_emergency(eye: Eye, clinic: Clinic, patient: Named) -> None:
    page = eye.page
    notes = f"/patients/{patient.id}/notes/"
    eye.goes(notes, status=403, name="emergency-needed")
    assert "Korn" not in page.content()
    page.locator(f"main a[href^='/patients/{patient.id}/emergency/']").click()
    page.wait_for_url("**/emergency/**")
    eye.at("emergency")
    page.locator("[name=code][value=unconscious]").check()
    page.locator("[name=words]").fill("too short")
    eye.expected = ("422",)
    page.locator("#emergency button[data-passkey]").click()
    page.locator("#id_words_error").wait_for()
    eye.at("emergency-refused")
    expect(page.locator("[name=code][value=unconscious]")).to_be_checked()
    page.locator("[name=words]").fill(WORDS)
    page.locator("#emergency button[data-passkey]").click()
    page.wait_for_url(f"**{notes}")
    eye.goes(f"/patients/{patient.id}/", name="emergency-open")
    expect(page.locator(".tw-emergency")).to_be_visible()
    expect(page.locator("a[href$='/print/']")).to_have_count(0)
    page.locator(".tw-emergency button").click()
    page.wait_for_url("**/end/")
    expect(page.locator(".tw-emergency")).to_have_count(0)
    eye.at("emergency-ended")
    eye.goes(notes, status=403, name="emergency-needed")


def answers(eye: Eye) -> None:
    page = eye.page
    case = page.locator("article", has_text="Dr. Kari Voss").last
    looks_until(page, "/watch/", lambda: case.count() > 0)
    eye.at("watch")
    case.get_by_role("link", name="Frieda Korn").click()
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    eye.at("watch-case")
    page.locator("[name=outcome][value=justified]").check()
    page.locator("[name=words]").fill(ANSWER)
    page.locator("main form .tw-form-end button").click()
    expect(page.locator("blockquote")).to_contain_text(ANSWER)
    eye.at("watch-answered")


def reads(eye: Eye) -> None:
    page = eye.page
    eye.goes("/window/emergencies/", name="window-emergencies")
    main = page.get_by_role("main")
    for told in (WORDS, ANSWER):
        expect(main).to_contain_text(told)
    page.goto("/window/accesses/")
    expect(page.get_by_role("main")).to_contain_text("Dr. Kari Voss")


def test_one_line_opens_an_entry_that_nothing_explains(
    clinic: Clinic, chromium: Browser, language: str
) -> None:
    unknown = clinic.patient("Otto Sand", language=language)
    with person(chromium, locale=language, base_url=clinic.origin) as page:
        eye = Eye(page, language)
        enter(page, clinic, clinic.staff("Dr. Kari Voss", language=language))
        eye.goes(f"/patients/{unknown.id}/", status=403, name="reason")
        assert "Sand" not in page.content()
        page.locator("[name=words]").fill("Called about a letter")
        page.locator("main form .tw-form-end button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Otto Sand")
        page.goto(f"/patients/{unknown.id}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Otto Sand")
        eye.at("patient-by-reason")
        assert eye.found == []

"""The patient's own account: who saw my data, this looks wrong, and the answer of the privacy officer."""

import pytest
from journeys.clinic import Clinic
from journeys.clinic import Someone as Named
from journeys.devices import device
from journeys.people import person
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey


def test_from_the_invitation_to_the_answer_about_a_look_that_seemed_wrong(
    clinic: Clinic, chromium: Browser
) -> None:
    email = "frieda.korn@mail.example"
    frieda = clinic.patient("Frieda Korn", email=email)
    visit = clinic.visit(clinic.staff("Dr. Nils Aden"), frieda)
    officer = clinic.staff("Vera Lind", roles=("privacy-officer",))
    with person(chromium) as home, person(chromium) as practice, person(chromium) as office:
        enter(practice, clinic, visit.host)
        practice.goto(f"{clinic.origin}/patients/{frieda.id}/")
        patient = device(home.context, home)
        patient.accepts(clinic.account_link(frieda, email))
        assert len(patient.credentials()) == 1
        home.goto(f"{clinic.origin}/window/")
        expect(home.get_by_role("main")).to_contain_text("with Dr. Nils Aden")
        home.get_by_role("link", name="See who opened my data").click()
        seen = home.locator(".tw-accesses li", has_text="opened your entry").first
        expect(seen).to_contain_text("Dr. Nils Aden (doctor) opened your entry")
        expect(seen).to_contain_text("because of your consultation with them on")
        seen.get_by_role("link").click()
        home.get_by_role("textbox").fill("I do not know why Dr. Aden read this on a Sunday.")
        home.get_by_role("button", name="Report this access").click()
        expect(home.get_by_role("main")).to_contain_text("The privacy officer is looking into it")
        answered(office, clinic, officer)
        home.goto(f"{clinic.origin}/window/")
        expect(home.get_by_role("main")).to_contain_text("Dr. Aden was on call that day.")
        home.goto(f"{clinic.origin}/window/accesses/")
        home.get_by_text("What you opened yourself").click()
        expect(home.get_by_role("main")).to_contain_text("You read this list")
        expect(home.get_by_role("main")).to_contain_text("Vera Lind (privacy officer) read your report")


def answered(page: Page, clinic: Clinic, officer: Named) -> None:
    enter(page, clinic, officer)
    page.goto(f"{clinic.origin}/objections/")
    page.locator("article", has_text="opened your entry").get_by_role("link", name="Frieda Korn").click()
    expect(page.get_by_role("main")).to_contain_text("read this on a Sunday")
    page.locator("[name=finding]").first.check()
    page.get_by_role("textbox").fill("Dr. Aden was on call that day.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("main")).to_contain_text("Your answer")


def enter(page: Page, clinic: Clinic, who: Named) -> None:
    page.goto(clinic.sign_in_link(who))
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)

"""The patient's own account: who saw my data, this looks wrong, and the answer of the privacy officer."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from journeys.clinic import Clinic, a_name, an_address
from journeys.clinic import Someone as Named
from journeys.devices import device
from journeys.looking import Eye
from journeys.people import person
from journeys.tampering import changed, cut, first_checkpoint, numbered
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.journey
VERIFY = Path(__file__).parents[2] / "teleward" / "audit" / "verify.py"


def test_from_the_invitation_to_the_answer_about_a_look_that_seemed_wrong(
    clinic: Clinic, chromium: Browser
) -> None:
    email = an_address("frieda.korn")
    frieda = clinic.patient(a_name("Korn"), email=email)
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
        is_sealed(home)
        proof_holds_offline(home)
        seen = home.locator(".tw-accesses li", has_text="(doctor) opened your entry").first
        expect(seen).to_contain_text("Dr. Nils Aden (doctor) opened your entry")
        expect(seen).to_contain_text("because of your consultation with them on")
        seen.get_by_role("link").click()
        home.get_by_role("textbox").fill("I do not know why Dr. Aden read this on a Sunday.")
        home.get_by_role("button", name="Report this access").click()
        expect(home.get_by_role("main")).to_contain_text("The privacy officer is looking into it")
        answered(office, clinic, officer, about=frieda)
        home.goto(f"{clinic.origin}/window/")
        expect(home.get_by_role("main")).to_contain_text("Dr. Aden was on call that day.")
        home.goto(f"{clinic.origin}/window/accesses/")
        home.get_by_text("What you opened yourself").click()
        expect(home.get_by_role("main")).to_contain_text("You read this list")
        expect(home.get_by_role("main")).to_contain_text("Vera Lind (privacy officer) read your report")


def answered(page: Page, clinic: Clinic, officer: Named, *, about: Named) -> None:
    enter(page, clinic, officer)
    page.goto(f"{clinic.origin}/objections/")
    page.locator("article", has_text="opened your entry").get_by_role("link", name=about.name).click()
    expect(page.get_by_role("main")).to_contain_text("read this on a Sunday")
    is_sealed(page)
    page.locator("[name=finding]").first.check()
    page.get_by_role("textbox").fill("Dr. Aden was on call that day.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("main")).to_contain_text("Your answer")


def test_what_the_databases_owner_changes_or_takes_away_turns_the_page_red(
    clinic: Clinic, chromium: Browser
) -> None:
    email = an_address("nora.weiss")
    nora = clinic.patient("Nora Weiss", email=email)
    visit = clinic.visit(clinic.staff("Dr. Nils Aden"), nora)
    with person(chromium) as home, person(chromium) as practice, clinic.database() as owner:
        enter(practice, clinic, visit.host)
        practice.goto(f"{clinic.origin}/patients/{nora.id}/")
        device(home.context, home).accepts(clinic.account_link(nora, email))
        home.goto(f"{clinic.origin}/window/accesses/")
        is_sealed(home)
        kept = home.evaluate(KEPT)
        assert all(word not in kept for word in ("Nora", "Weiss", nora.id, "Aden", email))

        with loaded_before_another_tab(home):
            home.reload()
            is_sealed(home)

        looked = numbered(owner, nora.id, "access:patient:read")
        changed(owner, nora.id, looked)
        home.reload()
        is_wrong(home, "An entry was changed after it was written.")
        expect(home.locator("[data-broken]:visible")).to_have_count(1)
        eye = Eye(home, "en", for_barriers=True)
        eye.at("window-accesses-wrong")
        assert eye.found == []
        changed(owner, nora.id, looked, back=True)
        home.reload()
        is_sealed(home)

        with served_from_before(home, first_checkpoint(owner)):
            home.reload()
            is_wrong(home, "The list is older than at your last visit")
        home.reload()
        is_sealed(home)

        cut(owner, nora.id, looked)
        home.reload()
        expect(home.locator("[data-seal]")).to_have_attribute("data-stand", "wrong")
        expect(home.get_by_role("alert")).to_contain_text("Please call Praxis am Seepark")

        home.add_init_script(TOO_OLD)
        home.reload()
        expect(home.locator("[data-seal]")).to_have_attribute("data-stand", "unable")
        expect(home.locator("[data-state=sealed]")).to_be_hidden()


TOO_OLD = """
  crypto.subtle.generateKey = () => Promise.reject(new DOMException("unknown", "NotSupportedError"));
"""
KEPT = """async () => {
  const opening = indexedDB.open("teleward-seal");
  await new Promise((done) => { opening.onsuccess = done; });
  const store = opening.result.transaction("chains").objectStore("chains");
  const [keys, values] = [store.getAllKeys(), store.getAll()];
  await new Promise((done) => { values.onsuccess = done; });
  return JSON.stringify([keys.result, values.result]);
}"""


@contextmanager
def loaded_before_another_tab(page: Page) -> Iterator[None]:
    """A tab whose script starts only after another tab has seen and kept more than this one shows."""
    tab, held = page.context.new_page(), list[Route]()
    tab.route("**/seal/page*.js", lambda route: held.append(route))  # noqa: PLW0108 - a method of C cannot be a handler
    tab.goto(page.url, wait_until="commit")
    expect(tab.locator("[data-state=scriptless]")).to_be_visible()
    yield
    for route in held:
        route.continue_()
    is_sealed(tab)
    tab.close()


@contextmanager
def served_from_before(page: Page, checkpoint: str) -> Iterator[None]:
    """The server hands out the checkpoint of an earlier day, truly signed then, with nothing sealed since."""

    def older(route: Route) -> None:
        answer = route.fetch()
        told = answer.json() | {"checkpoint": checkpoint, "consistency": []}
        for entry in told["entries"]:
            entry |= {"index": None, "path": []}
        route.fulfill(response=answer, json=told)

    page.route("**/proofs/**", older)
    try:
        yield
    finally:
        page.unroute("**/proofs/**")


def proof_holds_offline(page: Page) -> None:
    """The file of the page is checked by the program that shares no line with the one that made it."""
    with page.expect_download() as arriving:
        page.get_by_role("link", name="Download the proof of this page").click()
    done = subprocess.run([sys.executable, VERIFY, arriving.value.path()], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    assert "Everything that could be checked holds." in done.stdout.decode()


def is_sealed(page: Page) -> None:
    expect(page.locator("[data-seal]")).to_have_attribute("data-stand", "sealed")
    expect(page.locator("[data-state=sealed]")).to_contain_text("Checked on this device")


def is_wrong(page: Page, why: str) -> None:
    expect(page.locator("[data-seal]")).to_have_attribute("data-stand", "wrong")
    expect(page.get_by_role("alert")).to_contain_text(why)


def enter(page: Page, clinic: Clinic, who: Named) -> None:
    page.goto(clinic.sign_in_link(who))
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)

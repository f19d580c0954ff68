"""A colleague stands in, another leaves, somebody looks who still needs what: in both languages."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from journeys.clinic import Clinic, Someone
from journeys.looking import Eye
from journeys.people import person
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey


@pytest.fixture(params=["en", "de"])
def eye(request: pytest.FixtureRequest, clinic: Clinic, chromium: Browser) -> Iterator[Eye]:
    with person(chromium, locale=request.param, base_url=clinic.origin) as page:
        yield Eye(page, request.param)


def enter(page: Page, clinic: Clinic, who: Someone) -> None:
    page.goto(clinic.sign_in_link(who))
    page.locator("main form .tw-button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form[method=post] .tw-form-end .tw-button").click()


def status_of(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer is not None
    return answer.status


def test_cover_opens_and_leaving_is_planned(clinic: Clinic, chromium: Browser, eye: Eye) -> None:
    ada = clinic.staff("Ada Leitner", roles=("administrator",), language=eye.language)
    rosa, emil = clinic.staff("Dr. Rosa Feld"), clinic.staff("Dr. Emil Rand")
    notes = f"/patients/{clinic.visit(rosa, clinic.patient('Tilda Voss')).patient.id}/notes/"
    soon = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011 - the browser's own day
    page = eye.page
    with person(chromium, base_url=clinic.origin) as his:
        enter(his, clinic, emil)
        assert status_of(his, notes) == 403, "nothing ties him to her patient yet"
        enter(page, clinic, ada)
        eye.goes("/staff/")
        page.locator(f"a[href='/staff/{rosa.id}/']").click()
        eye.at("member")
        page.locator("a[href$='/cover/new/']").click()
        eye.at("member-cover-new")
        page.locator(f"input[name=by][value='{emil.id}']").check()
        page.locator("#last").fill(soon)
        save(page)
        expect(page.locator("main")).to_contain_text(emil.name)
        assert status_of(his, notes) == 200, "he stands in for her"
    eye.goes(f"/staff/{rosa.id}/leaving/", name="member-leaving")
    page.locator("#last").fill(soon)
    page.locator("#reason").fill("Elternzeit")
    save(page)
    expect(page.locator(".tw-notice")).to_contain_text("Elternzeit")
    eye.at("member-leaves")
    page.locator("form[action$='/cancellation/'] button").click()
    expect(page.locator(".tw-notice")).to_have_count(0)
    eye.goes(f"/staff/{rosa.id}/roles/new/", name="member-roles-new")
    page.locator("#role-nurse").check()
    save(page)
    page.locator("a[href*='/roles/'][href$='/end/']").first.click()
    eye.at("member-roles-end")
    save(page)
    assert eye.found == []


def test_who_still_needs_what_and_which_browsers_are_ours(
    clinic: Clinic, chromium: Browser, eye: Eye
) -> None:
    ada = clinic.staff("Ada Leitner", roles=("administrator", "privacy-officer"), language=eye.language)
    emil, page = clinic.staff("Dr. Emil Rand"), eye.page
    enter(page, clinic, ada)
    eye.goes("/staff/recertification/")
    before = page.locator(f"#person-{emil.id} time").count()
    page.locator(f"#person-{emil.id} form[action$='/confirmation/'] button").click()
    expect(page.locator(f"#person-{emil.id} time")).to_have_count(before + 1)
    for address in ("/account/family/", "/staff/family/", "/staff/browsers/"):
        eye.goes(address)
    eye.goes("/staff/browsers/new/")
    page.locator("#label").fill(f"Zimmer {eye.language}")
    save(page)
    eye.at("staff-browsers-code")
    code = page.locator("main code").inner_text()
    eye.goes("/browser/")
    with person(chromium, base_url=clinic.origin) as his:
        his.goto("/browser/")
        his.locator("#code").fill(code)
        save(his)
        expect(his.locator("h1")).to_have_text("This browser belongs to the practice now")
    eye.goes("/staff/browsers/", name="staff-browsers-marked")
    expect(page.locator("main")).to_contain_text(f"Zimmer {eye.language}")
    assert eye.found == []

"""Looking for somebody by name: sent in the body, told by its length, and gone with the page."""

from collections.abc import Callable

import pytest
from django.test import Client
from fakes.members import listening
from stage.visits import Stage

from teleward.access.models import Person, Role

SignIn = Callable[[Person], Client]
SEARCHES = ("/patients/", "/visits/new/for/", "/tiers/")
ASKED = {"/patients/": "desk", "/visits/new/for/": "desk", "/tiers/": "second"}


@pytest.fixture
def browser(stage: Stage, signed_in: SignIn, address: str) -> Client:
    Role.objects.create(person=stage.second, name="privacy-officer")
    return signed_in(getattr(stage, ASKED[address]))


@pytest.mark.parametrize("address", SEARCHES)
def test_whom_somebody_looks_for_is_found_and_stands_in_no_address(
    stage: Stage, browser: Client, address: str
) -> None:
    answer = browser.post(address, {"q": "Dem"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Demir" in page
    assert f"/{stage.patient.id}/" in page or f"patient={stage.patient.id}" in page
    assert "=Dem" not in page
    assert answer["Cache-Control"] == "no-store"
    assert "Demir" not in browser.post(address, {"q": "Nobody"}).content.decode()


@pytest.mark.parametrize("address", [*SEARCHES, "/visits/new/"])
def test_a_name_in_an_old_bookmark_is_thrown_away(
    stage: Stage, signed_in: SignIn, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Role.objects.create(person=stage.second, name="privacy-officer")
    heard = listening(monkeypatch)
    answer = signed_in(getattr(stage, ASKED.get(address, "desk"))).get(f"{address}?q=Demir")
    assert answer.status_code == 302
    assert "?" not in answer["Location"]
    assert [entry.outcome for entry in heard] == ["allow"]


@pytest.mark.parametrize("address", SEARCHES)
def test_a_search_is_told_as_a_list_and_changes_nothing(
    stage: Stage, browser: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    browser.post(address, {"q": "Demir"})
    assert {entry.action for entry in heard} <= {"access:patient:list", "access:tier:list"}
    assert [entry.detail for entry in heard if entry.outcome == "done"] == [{"typed": 5, "found": 1}]


@pytest.mark.parametrize("address", ["/patients/", "/visits/new/for/"])
def test_a_stranger_cannot_send_the_search_in_somebody_elses_name(
    stage: Stage, signed_in: SignIn, address: str
) -> None:
    forged = Client(enforce_csrf_checks=True)
    forged.cookies.update(signed_in(stage.desk).cookies)
    assert forged.post(address, {"q": "Demir"}).status_code == 403
    assert "csrfmiddlewaretoken" in forged.get("/visits/new/").content.decode()


def test_the_part_that_is_swapped_in_is_there_with_and_without_a_search(
    stage: Stage, signed_in: SignIn
) -> None:
    desk = signed_in(stage.desk)
    for answer in (desk.get("/visits/new/"), desk.post("/visits/new/for/", {"q": "Dem"})):
        page = answer.content.decode()
        assert page.count('id="found"') == 1
        assert page.count('id="how-many"') == 1
        assert 'hx-select="#found"' in page

"""A browser of the practice: marked by a code, known by a cookie, unmarked at once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from fakes.members import browser_of, joins, listening, practice

from teleward.access.models import BrowserCode, ManagedBrowser, Organisation, Person
from teleward.access.queries.browsers import COOKIE
from teleward.access.signin.limits import BACK_OFF, BROWSER
from teleward.kernel.clock import now
from teleward.kernel.ids import token_hash
from teleward.web.middleware import ActorMiddleware

pytestmark = pytest.mark.django_db


def code_for(admin: Client, label: str = "Room 2") -> str:
    page = admin.post("/staff/browsers/new/", {"label": label}).content.decode()
    return page.partition("<code>")[2].partition("</code>")[0]


def is_managed(client: Client) -> bool:
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    ActorMiddleware(lambda _request: None)(request)  # type: ignore[arg-type,return-value]  # only who asks is of interest
    return bool(request.actor.managed)  # type: ignore[attr-defined]  # the middleware sets it


def test_a_code_marks_the_browser_on_which_it_is_typed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listening(monkeypatch)
    admin, anna = browser_of(joins("Ada Leitner", "administrator")), browser_of(joins())
    code = code_for(admin)
    assert len(code.replace(" ", "")) == BROWSER.code_digits
    assert not is_managed(anna)
    answer = anna.post("/browser/", {"code": code})
    assert answer.status_code == 200
    cookie = answer.cookies[COOKIE]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )
    assert cookie["domain"] == ""
    assert cookie["max-age"] <= BROWSER.lasts.total_seconds()
    assert bytes(ManagedBrowser.objects.get().secret_hash) == token_hash(cookie.value)
    assert is_managed(anna)
    assert not is_managed(admin)
    assert Client().post("/browser/", {"code": code}).status_code == 403
    assert [e.outcome for e in heard if e.action == "access:browser:trust"][-2:] == ["done", "deny"]
    assert cookie.value not in str(heard)


def test_an_administrator_unmarks_it_and_it_ends_by_itself() -> None:
    with time_machine.travel(now(), tick=False) as clock:
        admin, member = browser_of(joins("Ada Leitner", "administrator")), joins()
        anna = browser_of(member)
        anna.post("/browser/", {"code": code_for(admin)})
        assert "Room 2" in admin.get("/staff/browsers/").content.decode()
        row = ManagedBrowser.objects.get()
        kept = anna.cookies[COOKIE].value
        clock.shift(BROWSER.lasts - timedelta(seconds=1))
        anna = browser_of(member)
        anna.cookies[COOKIE] = kept
        assert is_managed(anna)
        clock.shift(timedelta(seconds=1))
        assert not is_managed(anna)
        clock.shift(-timedelta(seconds=1))
        ada = browser_of(joins("Ida Leitner", "administrator"))
        assert ada.post(f"/staff/browsers/{row.id}/removal/").status_code == 302
        assert not is_managed(anna)
        assert ada.post(f"/staff/browsers/{row.id}/removal/").status_code == 404


def test_another_practices_browser_is_not_ours() -> None:
    admin, stranger = browser_of(joins("Ada Leitner", "administrator")), joins("Fremd Nebenan")
    other = Organisation.objects.create(name="Nebenan", short_name="Nebenan")
    Person.objects.filter(id=stranger.person.id).update(organisation=other)
    theirs = browser_of(stranger)
    theirs.post("/browser/", {"code": code_for(admin)})
    assert ManagedBrowser.objects.get().organisation == practice()
    assert not is_managed(theirs)


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 403)])
def test_a_code_waits_ten_minutes(seconds: int, status: int) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        code = code_for(browser_of(joins("Ada Leitner", "administrator")))
        clock.shift(BROWSER.code + timedelta(seconds=seconds))
        assert Client().post("/browser/", {"code": code}).status_code == status


def test_wrong_codes_make_their_own_network_wait_and_nobody_elses() -> None:
    code = code_for(browser_of(joins("Ada Leitner", "administrator")))
    for _ in range(BACK_OFF.free_failures):
        assert Client().post("/browser/", {"code": "00000000"}, REMOTE_ADDR="198.51.100.7").status_code == 403
    for address, status in (("198.51.100.7", 429), ("203.0.113.7", 200)):
        assert Client().post("/browser/", {"code": code}, REMOTE_ADDR=address).status_code == status


def test_only_an_administrator_marks_browsers_and_each_has_a_name() -> None:
    assert browser_of(joins()).post("/staff/browsers/new/", {"label": "x"}).status_code == 403
    admin = browser_of(joins("Ada Leitner", "administrator"))
    assert admin.post("/staff/browsers/new/", {"label": " "}).status_code == 400
    assert not BrowserCode.objects.exists()

"""Who lost every way to sign in comes back as the person they are, and only they."""

import re

import pytest
from django.core import mail
from django.test import Client
from fakes.authenticator import SoftwareKey
from fakes.members import Member, ask, browser_of, joins, listening
from stage.deliveries import deliver_all

from teleward.access.models import AuthenticatorApp, Passkey, Person, RecoveryCode, Session
from teleward.access.operations.ways_back import OwnWayBack
from teleward.kernel.events import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Member:
    return joins()


@pytest.fixture
def admin() -> Client:
    return browser_of(joins("Ada Leitner", "administrator"))


def way_back(admin: Client, member: Member) -> str:
    page = admin.post(f"/staff/{member.person.id}/way-back/", {"by": "shown"})
    assert page.status_code == 200
    found = re.search(r"http://localhost:8000(/sign-in/invitation/[\w-]+/)", page.content.decode())
    assert found
    return found[1]


def come_back(link: str, key: SoftwareKey) -> Client:
    client = Client()
    question = ask(client, f"{link}passkey/question/").json()
    answer = ask(client, f"{link}passkey/", {"credential": key.make(question), "label": "Phone"})
    assert answer.status_code == 200
    return client


def test_the_link_leads_back_to_the_same_person_with_their_roles(anna: Member, admin: Client) -> None:
    client = come_back(way_back(admin, anna), SoftwareKey())
    assert client.get("/account/").status_code == 200
    assert Session.objects.get(ended_at=None, person=anna.person).method == "passkey"
    assert Person.objects.filter(email=anna.person.email).count() == 1
    assert [role.name for role in anna.person.roles.all()] == ["physician"]


def test_sessions_end_at_once_and_what_was_lost_stops_working_when_the_link_is_used(
    anna: Member, admin: Client
) -> None:
    theirs = browser_of(anna)
    link = way_back(admin, anna)
    assert theirs.get("/account/").status_code != 200
    assert Passkey.objects.filter(person=anna.person).count() == 1
    come_back(link, SoftwareKey())
    assert Passkey.objects.get(person=anna.person).label == "Phone"
    assert not AuthenticatorApp.objects.filter(person=anna.person).exists()
    assert not RecoveryCode.objects.filter(person=anna.person).exists()
    assert Person.objects.get(id=anna.person.id).password == ""
    assert Client().get(link).status_code == 410


def test_it_is_in_the_ledger_who_gave_it_and_that_it_was_used(
    anna: Member, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    come_back(way_back(admin, anna), SoftwareKey())
    entries = [(entry.outcome, entry.subject_id) for entry in heard if entry.action == "access:staff:readmit"]
    assert {outcome for outcome, _who in entries} == {"allow", "done"}
    assert {who for _outcome, who in entries} == {anna.person.id}


def test_the_person_is_told(anna: Member, admin: Client) -> None:
    way_back(admin, anna)
    deliver_all(Event.CREDENTIAL_CHANGED, person=anna.person.id)
    assert [letter.to for letter in mail.outbox] == [[anna.person.email]]


def test_nobody_gives_it_to_themselves_or_to_somebody_whose_access_has_ended(admin: Client) -> None:
    ada = Person.objects.get(name="Ada Leitner")
    assert admin.post(f"/staff/{ada.id}/way-back/", {"by": "shown"}).status_code == OwnWayBack.status
    gone = joins("Bela Fort")
    admin.post(f"/staff/{gone.person.id}/deactivation/", {"reason": "left"})
    assert admin.post(f"/staff/{gone.person.id}/way-back/", {"by": "shown"}).status_code == 404


@pytest.mark.parametrize("role", ["physician", "reception", "privacy-officer"])
def test_only_an_administrator_may(anna: Member, role: str) -> None:
    other = browser_of(joins("Otto Anders", role))
    assert other.get(f"/staff/{anna.person.id}/way-back/").status_code == 403

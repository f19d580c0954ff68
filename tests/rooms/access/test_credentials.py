"""Changing how one signs in: freshly proved, never down to nothing, always with word to the person."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from fakes.authenticator import SoftwareKey
from fakes.members import PASSWORD, ask, browser_of, joins, listening
from stage.deliveries import deliver_all

from teleward.access.models import AuthenticatorApp, Passkey, Person, RecoveryCode
from teleward.kernel.clock import now
from teleward.kernel.events import Event

pytestmark = pytest.mark.django_db
NEW = "Trompete im Regenschirm"


def test_a_second_passkey_is_added_and_works() -> None:
    member, key = joins(), SoftwareKey()
    client = browser_of(member)
    question = ask(client, "/account/passkeys/question/").json()
    assert len(question["excludeCredentials"]) == 1
    answer = ask(client, "/account/passkeys/", {"credential": key.make(question), "label": "Phone"})
    assert answer.json() == {"next": "/account/"}
    assert "Phone" in client.get("/account/").content.decode()
    stranger = Client()
    question = ask(stranger, "/sign-in/passkey/question/").json()
    assert ask(stranger, "/sign-in/passkey/", {"credential": key.touch(question)}).status_code == 200


def test_the_same_passkey_is_not_kept_twice_and_never_for_somebody_else() -> None:
    member, other = joins(), joins("Boris Muster")
    client = browser_of(other)
    question = ask(client, "/account/passkeys/question/").json()
    assert ask(client, "/account/passkeys/", {"credential": member.key.make(question)}).status_code == 403
    assert Passkey.objects.filter(person=other.person).count() == 1


def test_the_question_for_one_person_is_no_question_for_another() -> None:
    mine, other = browser_of(joins()), browser_of(joins("Boris Muster"))
    question = ask(mine, "/account/passkeys/question/").json()
    answer = ask(other, "/account/passkeys/", {"credential": SoftwareKey().make(question)})
    assert answer.json()["code"] == "access:passkey-not-accepted"


def test_nobody_removes_their_last_way_in() -> None:
    member = joins()
    client = browser_of(member)
    assert client.post("/account/password/removal/").status_code == 302
    deliver_all(Event.CREDENTIAL_CHANGED, person=member.person.id)
    answer = client.post(f"/account/passkeys/{Passkey.objects.get().id}/removal/")
    assert answer.status_code == 409
    assert Passkey.objects.count() == 1


def test_with_a_password_and_an_app_the_last_passkey_may_go() -> None:
    member = joins()
    client = browser_of(member)
    assert client.post(f"/account/passkeys/{Passkey.objects.get().id}/removal/").status_code == 302
    assert not Passkey.objects.exists()
    deliver_all(Event.CREDENTIAL_CHANGED, person=member.person.id)
    assert client.post("/account/password/removal/").status_code == 409


def test_a_colleagues_passkey_is_not_mine_to_remove() -> None:
    other = joins("Boris Muster")
    client = browser_of(joins())
    passkey = Passkey.objects.get(person=other.person)
    assert client.post(f"/account/passkeys/{passkey.id}/removal/").status_code == 404


def test_a_new_password_replaces_the_old_and_is_looked_at_first() -> None:
    member = joins()
    client = browser_of(member)
    Person.objects.update(password_failures=100)
    weak = client.post("/account/password/change/", {"password": "qwertzuiop"})
    assert weak.status_code == 400
    assert "keys of the keyboard" in weak.content.decode()
    assert client.post("/account/password/change/", {"password": NEW}).status_code == 302
    deliver_all(Event.CREDENTIAL_CHANGED, person=member.person.id)
    form = {"email": member.person.email}
    assert Client().post("/sign-in/", {**form, "password": PASSWORD}).status_code == 403
    assert Client().post("/sign-in/", {**form, "password": NEW}).status_code == 302


def test_who_was_signed_in_elsewhere_is_not_any_more_after_a_change() -> None:
    member = joins()
    here, elsewhere = browser_of(member), browser_of(member)
    assert elsewhere.get("/account/").status_code == 200
    spare = SoftwareKey()
    question = ask(here, "/account/passkeys/question/").json()
    ask(here, "/account/passkeys/", {"credential": spare.make(question), "label": "Phone"})
    assert elsewhere.get("/account/").status_code == 200
    lost = Passkey.objects.filter(person=member.person).earliest("added_at")
    here.post(f"/account/passkeys/{lost.id}/removal/")
    assert elsewhere.get("/account/").status_code != 200
    assert here.get("/account/").status_code == 200


def test_a_new_app_ends_the_old_one() -> None:
    member = joins()
    client = browser_of(member)
    page = client.get("/account/password/").content.decode()
    sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', page)
    secret = re.search(r'class="tw-secret">([A-Z2-7 ]+)<', page)
    assert sealed
    assert secret
    old = AuthenticatorApp.objects.get().secret
    member.secret = secret[1].replace(" ", "")
    form = {"password": NEW, "sealed": sealed[1], "code": member.digits()}
    assert client.post("/account/password/", form).status_code == 302
    assert bytes(AuthenticatorApp.objects.get().secret) != bytes(old)
    deliver_all(Event.CREDENTIAL_CHANGED, person=member.person.id)
    assert member.secret.encode() not in bytes(AuthenticatorApp.objects.get().secret)


@pytest.mark.parametrize("sealed", ["", "zz", "00", "ab" * 60])
def test_a_secret_of_ones_own_making_is_refused(sealed: str) -> None:
    client = browser_of(joins())
    client.raise_request_exception = False
    answer = client.post("/account/password/", {"password": NEW, "sealed": sealed, "code": "123456"})
    assert answer.status_code in {400, 500}


def test_new_recovery_codes_end_the_old_ones() -> None:
    member = joins()
    client = browser_of(member)
    client.post("/account/recovery-codes/")
    assert RecoveryCode.objects.count() == 10
    deliver_all(Event.CREDENTIAL_CHANGED, person=member.person.id)
    stranger = Client()
    stranger.post("/sign-in/", {"email": member.person.email, "password": PASSWORD})
    assert stranger.post("/sign-in/code/", {"code": member.codes[0]}).status_code == 403


ADDRESSES = [
    "/account/passkeys/new/",
    "/account/password/",
    "/account/password/change/",
    "/account/recovery-codes/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_change_asks_for_a_proof_not_older_than_five_minutes(address: str) -> None:
    client = browser_of(joins())
    with time_machine.travel(now() + timedelta(minutes=4, seconds=59), tick=False):
        assert client.get(address).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=5, seconds=5), tick=False):
        answer = client.get(address)
        assert answer["Location"].startswith("/account/confirm/?next=")
        assert client.post("/account/recovery-codes/")["X-Problem"] == "access:confirm-needed"
        assert ask(client, "/account/passkeys/question/").json()["code"] == "access:confirm-needed"
        assert client.get("/account/confirm/").status_code == 200
        back = client.post("/account/unlock/", {"password": PASSWORD, "next": address})
        assert back["Location"] == address
        assert client.get(address).status_code == 200


def test_the_person_is_told_of_a_change_without_details(settings: object, mailoutbox: list[object]) -> None:
    settings.EMAIL_HOST = "mail.example"  # type: ignore[attr-defined]
    member, key = joins(), SoftwareKey()
    client = browser_of(member)
    question = ask(client, "/account/passkeys/question/").json()
    ask(client, "/account/passkeys/", {"credential": key.make(question), "label": "Phone"})
    deliver_all(Event.CREDENTIAL_CHANGED, person=member.person.id)
    letter = mailoutbox[0]
    assert letter.to == [member.person.email]  # type: ignore[attr-defined]
    for detail in ("passkey", "password", "phone", "app", "http"):
        assert detail not in letter.body.lower().replace("happen", "")  # type: ignore[attr-defined]


def test_changes_are_in_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser_of(joins())
    heard = listening(monkeypatch)
    client.post("/account/recovery-codes/")
    entries = [(entry.action, entry.outcome, dict(entry.detail)) for entry in heard]
    assert ("access:credential:change", "done", {"added": "recovery codes"}) in entries

"""Invitations: who may send them, how long and how often they work, and what they make."""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.core import mail
from django.test import Client
from fakes.authenticator import SoftwareKey
from fakes.members import PASSWORD, ask, browser_of, joins, listening, practice
from stage.deliveries import deliver_all

from teleward.access.grants import Action
from teleward.access.models import (
    AuthenticatorApp,
    Passkey,
    Person,
    RecoveryCode,
    Session,
    StaffInvitation,
)
from teleward.access.operations.people import system_grant
from teleward.access.operations.post import send_invitation, tell_of_change
from teleward.access.queries.staff import person_subject
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.kernel.ids import token_hash

pytestmark = pytest.mark.django_db
FORM = {"name": "Carla Neu", "email": "Carla@Praxis.example", "roles": ["nurse"], "by": "shown"}


def link_in(page: bytes) -> str:
    found = re.search(r"http://localhost:8000(/sign-in/invitation/[\w-]+/)", page.decode())
    assert found
    return found[1]


def invited(**changes: object) -> str:
    admin = browser_of(joins("Ada Leitner", "administrator"))
    answer = admin.post("/staff/invitations/new/", {**FORM, **changes})
    assert answer.status_code == 200
    return link_in(answer.content)


def accept(client: Client, link: str, key: SoftwareKey) -> int:
    answer = ask(client, f"{link}passkey/question/")
    if answer.status_code != 200:
        return answer.status_code
    body = {"credential": key.make(answer.json()), "label": "Phone"}
    return ask(client, f"{link}passkey/", body).status_code


def test_an_invited_colleague_sees_who_invites_and_makes_a_passkey() -> None:
    link, client = invited(), Client()
    page = client.get(link).content.decode()
    assert "Ada Leitner" in page
    assert "Praxis Lindenhof" in page
    assert page.index("Make a passkey") < page.index("Use a password")
    assert accept(client, link, SoftwareKey()) == 200
    carla = Person.objects.get(email="carla@praxis.example")
    assert [role.name for role in carla.roles.all()] == ["nurse"]
    assert Passkey.objects.get(person=carla).label == "Phone"
    assert Session.objects.get(person=carla).aal == 3
    assert client.get("/account/").status_code == 200


def test_the_link_is_kept_only_as_a_hash() -> None:
    token = invited().split("/")[-2]
    row = StaffInvitation.objects.get()
    assert bytes(row.token_hash) == token_hash(token)
    assert token not in str(row.__dict__)


def test_an_invitation_works_once() -> None:
    link = invited()
    assert accept(Client(), link, SoftwareKey()) == 200
    assert accept(Client(), link, SoftwareKey()) == 410
    assert Client().get(link).status_code == 410
    assert Person.objects.filter(email="carla@praxis.example").count() == 1


@pytest.mark.parametrize(("days", "status"), [(6.99, 200), (7.01, 410)])
def test_an_invitation_lasts_seven_days(days: float, status: int) -> None:
    link = invited()
    with time_machine.travel(now() + timedelta(days=days), tick=False):
        assert Client().get(link).status_code == status


def test_a_password_with_an_app_is_the_other_way_in() -> None:
    link, client = invited(), Client()
    page = client.get(f"{link}password/").content.decode()
    sealed, secret = _enrolment(page)
    assert "<svg" in page
    assert 'autocomplete="new-password"' in page
    answer = client.post(
        f"{link}password/", {"password": PASSWORD, "sealed": sealed, "code": _digits(secret)}
    )
    assert answer["Location"] == "/account/recovery-codes/"
    assert Session.objects.get(person__email="carla@praxis.example").aal == 2
    assert AuthenticatorApp.objects.get(person__name="Carla Neu").confirmed_at is not None


def test_a_weak_password_or_wrong_digits_keep_the_same_secret_on_the_page() -> None:
    link, client = invited(), Client()
    sealed, secret = _enrolment(client.get(f"{link}password/").content.decode())
    weak = client.post(
        f"{link}password/", {"password": "Lindenhof-2026", "sealed": sealed, "code": _digits(secret)}
    )
    assert weak.status_code == 400
    assert "name of your practice" in weak.content.decode()
    wrong = client.post(f"{link}password/", {"password": PASSWORD, "sealed": sealed, "code": "000000"})
    assert _enrolment(wrong.content.decode()) == (sealed, secret)
    assert not Person.objects.filter(email="carla@praxis.example").exists()


def test_recovery_codes_are_shown_once_and_kept_as_hashes() -> None:
    link, client = invited(), Client()
    accept(client, link, SoftwareKey())
    page = client.post("/account/recovery-codes/").content.decode()
    codes = re.findall(r"<li>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</li>", page)
    assert len(set(codes)) == 10
    stored = {bytes(row.code_hash) for row in RecoveryCode.objects.filter(person__name="Carla Neu")}
    assert {token_hash(code.replace("-", "")) for code in codes} == stored
    assert codes[0] not in client.get("/account/").content.decode()
    assert client.post("/account/recovery-codes/saved/")["Location"] == "/account/recovery-codes/"
    assert client.post("/account/recovery-codes/saved/", {"saved": "on"})["Location"] == "/"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "name"),
        ({"email": "carla"}, "e-mail address"),
        ({"roles": []}, "at least one role"),
        ({"roles": ["superuser"]}, "no such role"),
        ({"email": "ada@praxis.example"}, "already"),
    ],
)
def test_a_form_with_a_mistake_says_what_to_do_and_invites_nobody(
    change: dict[str, object], code: str
) -> None:
    admin = browser_of(joins("Ada Leitner", "administrator"))
    answer = admin.post("/staff/invitations/new/", {**FORM, **change})
    assert answer.status_code >= 400
    assert code in answer.content.decode()
    assert not StaffInvitation.objects.exists()


def test_only_an_administrator_invites() -> None:
    client = browser_of(joins("Anna Beispiel", "physician"))
    assert client.get("/staff/").status_code == 403
    officer = browser_of(joins("Priya Beispiel", "privacy-officer"))
    assert officer.get("/staff/").status_code == 200
    assert officer.post("/staff/invitations/new/", FORM).status_code == 403
    assert client.post("/staff/invitations/new/", FORM).status_code == 403
    assert not StaffInvitation.objects.exists()


def test_a_new_link_ends_the_old_one_and_a_withdrawn_one_ends_for_good() -> None:
    admin = browser_of(joins("Ada Leitner", "administrator"))
    first = link_in(admin.post("/staff/invitations/new/", FORM).content)
    invitation = StaffInvitation.objects.get()
    second = link_in(admin.post(f"/staff/invitations/{invitation.id}/again/", {"by": "shown"}).content)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (410, 200)
    assert "Carla Neu" in admin.get("/staff/").content.decode()
    admin.post(f"/staff/invitations/{invitation.id}/withdrawal/")
    assert Client().get(second).status_code == 410
    assert admin.post(f"/staff/invitations/{invitation.id}/again/", {"by": "shown"}).status_code == 410


def test_inviting_the_same_address_twice_leaves_one_way_in() -> None:
    admin = browser_of(joins("Ada Leitner", "administrator"))
    first = link_in(admin.post("/staff/invitations/new/", FORM).content)
    second = link_in(admin.post("/staff/invitations/new/", FORM).content)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (410, 200)


def test_the_question_of_one_invitation_does_not_open_another() -> None:
    admin = browser_of(joins("Ada Leitner", "administrator"))
    mine = link_in(admin.post("/staff/invitations/new/", FORM).content)
    other = link_in(admin.post("/staff/invitations/new/", {**FORM, "email": "dora@praxis.example"}).content)
    question = ask(Client(), f"{mine}passkey/question/").json()
    answer = ask(Client(), f"{other}passkey/", {"credential": SoftwareKey().make(question)})
    assert answer.json()["code"] == "access:passkey-not-accepted"


def test_by_e_mail_the_link_is_made_when_it_is_sent() -> None:
    admin = browser_of(joins("Ada Leitner", "administrator"))
    page = admin.post("/staff/invitations/new/", {**FORM, "by": "email"}).content.decode()
    assert "/sign-in/invitation/" not in page
    deliver_all(Event.PERSON_INVITED)
    letter = mail.outbox[0]
    assert letter.to == ["carla@praxis.example"]
    assert Client().get(link_in(letter.body.encode())).status_code == 200


def test_without_a_mail_server_the_log_says_so_and_nothing_more(
    settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_HOST = ""  # type: ignore[attr-defined]
    member = joins()
    subject = person_subject(person=member.person.id)
    grant = system_grant(action=Action.CREDENTIAL_READ, organisation=subject.organisation, subject=subject)
    tell_of_change(grant=grant)
    assert "No mail server is named" in caplog.text
    assert "anna" not in caplog.text.lower()
    assert mail.outbox == []


def test_without_a_mail_server_nobody_is_offered_a_letter(settings: object) -> None:
    settings.EMAIL_HOST = ""  # type: ignore[attr-defined]
    admin = browser_of(joins("Ada Leitner", "administrator"))
    assert "E-mail is not set up here" in admin.get("/staff/invitations/new/").content.decode()
    refused = admin.post("/staff/invitations/new/", {**FORM, "by": "email"})
    assert refused.status_code == 409
    assert not StaffInvitation.objects.exists()


def test_an_invitation_that_is_over_is_not_sent() -> None:
    invited()
    StaffInvitation.objects.update(withdrawn_at=now())
    grant = system_grant(action=Action.STAFF_INVITE, organisation=practice().id)
    send_invitation(grant=grant, invitation=StaffInvitation.objects.get().id)
    assert mail.outbox == []


def _enrolment(page: str) -> tuple[str, str]:
    sealed = re.search(r'name="sealed" value="([0-9a-f]+)"', page)
    secret = re.search(r'class="tw-secret">([A-Z2-7 ]+)<', page)
    assert sealed
    assert secret
    return sealed[1], secret[1]


def _digits(secret: str) -> str:
    return pyotp.TOTP(secret.replace(" ", "")).generate_otp(int(now().timestamp()) // 30)


def test_whoever_looks_at_an_invitation_is_in_the_ledger_before_it_names_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link, heard = invited(), listening(monkeypatch)
    assert "Carla Neu" in Client(REMOTE_ADDR="203.0.113.9").get(link).content.decode()
    (entry,) = heard
    assert entry.detail == {"looked": str(StaffInvitation.objects.get().id)}
    assert (entry.actor_kind, entry.client_address) == ("Nobody", "203.0.113.9")

    def full(**_entry: object) -> None:
        raise OSError

    monkeypatch.setattr("teleward.audit.ledger.append", full)
    answer = Client(raise_request_exception=False).get(link)
    assert (answer.status_code, b"Carla" in answer.content) == (500, False)

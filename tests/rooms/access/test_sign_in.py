"""Signing in over HTTP: what opens, what does not, and what the ledger keeps."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from fakes.authenticator import ELIGIBLE, PRESENT, VERIFIED, SoftwareKey
from fakes.members import PASSWORD, ask, joins

from teleward.access.models import AuthenticatorApp, Challenge, Deactivation, Session
from teleward.access.operations.sessions import COOKIE
from teleward.kernel.clock import now
from teleward.kernel.ids import token_hash

pytestmark = pytest.mark.django_db


def touch(client: Client, key: SoftwareKey, **changes: object):  # noqa: ANN201
    question = ask(client, "/sign-in/passkey/question/").json()
    for name, value in changes.items():
        setattr(key, name, value)
    return ask(client, "/sign-in/passkey/", {"credential": key.touch(question), "next": "/account/"})


def type_password(client: Client, email: str, password: str = PASSWORD):  # noqa: ANN201
    return client.post("/sign-in/", {"email": email, "password": password, "next": "/account/"})


def test_a_passkey_signs_in_without_a_name() -> None:
    member, client = joins(), Client()
    answer = touch(client, member.key)
    assert answer.json() == {"next": "/account/"}
    session = Session.objects.get()
    assert (session.person, session.aal, session.method) == (member.person, 3, "passkey")
    assert client.get("/account/").status_code == 200


def test_a_passkey_that_can_be_copied_reaches_level_two() -> None:
    member = joins("Anna Beispiel", flags=PRESENT | VERIFIED | ELIGIBLE)
    assert touch(Client(), member.key).status_code == 200
    assert Session.objects.get().aal == 2


def test_the_cookie_is_for_this_host_secure_and_out_of_reach_of_scripts() -> None:
    cookie = touch(Client(), joins().key).cookies[COOKIE]
    assert COOKIE == "__Host-teleward"
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        True,
        "Lax",
        "/",
    )
    assert not cookie["domain"]
    assert cookie["max-age"] <= 12 * 3600
    assert len(cookie.value) >= 43
    assert bytes(Session.objects.get().secret_hash) == token_hash(cookie.value)


@pytest.mark.parametrize(
    "fault",
    [
        {"origin": "http://localhost:9999"},
        {"flags": PRESENT},
        {"user_handle": b"x" * 16},
        {"user_handle": b""},
        {"counter": -1},
        {"credential_id": b"never seen"},
        {"private": SoftwareKey().private},
    ],
)
def test_a_passkey_that_lies_is_refused_in_the_same_words(fault: dict[str, object]) -> None:
    answer = touch(Client(), joins().key, **fault)
    assert (answer.status_code, answer.json()["code"]) == (403, "access:passkey-not-accepted")
    assert not Session.objects.exists()


def test_a_challenge_is_answered_once() -> None:
    member, client = joins(), Client()
    question = ask(client, "/sign-in/passkey/question/").json()
    credential = member.key.touch(question)
    assert ask(client, "/sign-in/passkey/", {"credential": credential}).status_code == 200
    assert ask(client, "/sign-in/passkey/", {"credential": credential}).status_code == 403
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (301, 403)])
def test_a_challenge_waits_five_minutes(seconds: int, status: int) -> None:
    member, client = joins(), Client()
    question = ask(client, "/sign-in/passkey/question/").json()
    with time_machine.travel(now() + timedelta(seconds=seconds), tick=False):
        assert (
            ask(client, "/sign-in/passkey/", {"credential": member.key.touch(question)}).status_code == status
        )


def test_password_alone_opens_nothing() -> None:
    member, client = joins(), Client()
    answer = type_password(client, member.person.email)
    assert answer["Location"] == "/sign-in/code/?next=%2Faccount%2F"
    assert not Session.objects.exists()
    assert COOKIE not in client.cookies


def test_password_and_app_sign_in() -> None:
    member, client = joins(), Client()
    type_password(client, f" {member.person.email.upper()} ")
    answer = client.post("/sign-in/code/", {"code": member.digits(), "next": "/account/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    session = Session.objects.get()
    assert (session.aal, session.method) == (2, "password")


@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (0, 302), (1, 302), (2, 403)])
def test_the_clock_of_the_phone_may_be_one_step_off(steps: int, status: int) -> None:
    with time_machine.travel("2026-11-23T09:00:10Z", tick=False):
        member, client = joins(), Client()
        AuthenticatorApp.objects.update(last_step=0)
        type_password(client, member.person.email)
        assert client.post("/sign-in/code/", {"code": member.digits(steps=steps)}).status_code == status


def test_the_same_digits_do_not_work_twice() -> None:
    with time_machine.travel("2026-11-23T09:00:10Z", tick=False):
        member = joins()
        first, second = Client(), Client()
        for client in (first, second):
            type_password(client, member.person.email)
        assert first.post("/sign-in/code/", {"code": member.digits()}).status_code == 302
        assert second.post("/sign-in/code/", {"code": member.digits()}).status_code == 403
        assert second.post("/sign-in/code/", {"code": member.digits(steps=-1)}).status_code == 403


def test_a_recovery_code_works_once_however_it_is_typed() -> None:
    member = joins()
    first, second = Client(), Client()
    for client in (first, second):
        type_password(client, member.person.email)
    typed = member.codes[3].lower().replace("-", " ")
    assert first.post("/sign-in/code/", {"code": typed}).status_code == 302
    assert second.post("/sign-in/code/", {"code": member.codes[3]}).status_code == 403
    assert Session.objects.get().method == "recovery"


def test_the_second_step_belongs_to_the_browser_of_the_first() -> None:
    member = joins()
    type_password(Client(), member.person.email)
    answer = Client().post("/sign-in/code/", {"code": member.digits()})
    assert answer["Location"] == "/sign-in/"
    assert not Session.objects.exists()


def test_nothing_tells_whether_an_account_exists() -> None:
    member = joins()
    known = type_password(Client(), member.person.email, "something else")
    unknown = type_password(Client(), "nobody@praxis.example", "something else")
    assert known.status_code == unknown.status_code == 403
    text = known.content.decode().replace(member.person.email, "nobody@praxis.example")
    without_token = [line for line in text.splitlines() if "csrf" not in line]
    assert without_token == [line for line in unknown.content.decode().splitlines() if "csrf" not in line]


def test_an_unknown_account_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    joins()
    worked: list[str] = []
    monkeypatch.setattr("teleward.access.passwords.Hasher.encode", lambda *_: worked.append("encode") or "")
    type_password(Client(), "nobody@praxis.example")
    assert worked == ["encode"]


def test_a_person_whose_access_ended_is_a_stranger() -> None:
    member, from_now = joins(), Client()
    Deactivation.objects.create(person=member.person, reason="has left")
    assert touch(from_now, member.key).status_code == 403
    assert type_password(from_now, member.person.email).status_code == 403
    assert not Session.objects.exists()


def test_the_address_to_go_on_to_stays_in_the_house() -> None:
    member, client = joins(), Client()
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        page = client.get("/sign-in/", {"next": elsewhere}).content.decode()
        assert '<input type="hidden" name="next" value="/">' in page
    question = ask(client, "/sign-in/passkey/question/").json()
    body = {"credential": member.key.touch(question), "next": "//evil.example/"}
    assert ask(client, "/sign-in/passkey/", body).json() == {"next": "/"}


def test_each_sign_in_has_a_secret_of_its_own() -> None:
    member, client = joins(), Client()
    touch(client, member.key)
    before = client.cookies[COOKIE].value
    touch(client, member.key)
    assert client.cookies[COOKIE].value != before
    assert Session.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"credential": 7}', b"x" * 20_000, b'{"credential": {}}', b"[" * 9_000],
    ids=["nothing", "list", "broken", "number", "long", "empty", "deep"],
)
def test_rubbish_is_refused(body: bytes) -> None:
    answer = Client().post(
        "/sign-in/passkey/", body, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.status_code in {400, 403}

"""Wrong tries: the wait grows, belongs to one network, and cannot be turned against a colleague."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from fakes.members import PASSWORD, Member, ask, joins, listening

from teleward.access.models import AuthenticatorApp, Person, Session
from teleward.access.signin.backoff import is_disabled, is_loopback, wait_after
from teleward.access.signin.limits import BACK_OFF
from teleward.kernel.networks import network_of

COLLEAGUE, ATTACKER = "192.0.2.10", "198.51.100.7"
AT = "2026-11-23T09:00:10Z"


def guess(email: str, *, address: str, password: str = "wrong guess", times: int = 1) -> int:
    client, status = Client(REMOTE_ADDR=address), 0
    for _ in range(times):
        status = client.post("/sign-in/", {"email": email, "password": password}).status_code
    return status


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (0, 0),
        (4, 0),
        (5, 30),
        (6, 60),
        (7, 120),
        (11, 1920),
        (12, 3600),
        (13, 3600),
        (99, 3600),
        (100_000, 3600),
    ],
)
def test_the_wait_starts_at_thirty_seconds_doubles_and_ends_at_an_hour(failures: int, seconds: int) -> None:
    assert wait_after(failures) == timedelta(seconds=seconds)


def test_an_authenticator_ends_at_a_hundred_failures_in_a_row() -> None:
    assert BACK_OFF.disabled_after == 100
    assert not is_disabled(99)
    assert is_disabled(100)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.10", "192.0.2.10"),
        ("::ffff:192.0.2.10", "192.0.2.10"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_network_is_one_address_or_one_prefix(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("address", "here"), [("127.0.0.1", True), ("::1", True), ("192.0.2.10", False), ("", False)]
)
def test_loopback_is_this_machine_only(address: str, here: bool) -> None:
    assert is_loopback(address) is here


@pytest.mark.django_db
def test_after_five_failures_even_the_right_password_waits_and_then_works() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        member = joins()
        assert guess(member.person.email, address=COLLEAGUE, times=5) == 403
        assert guess(member.person.email, address=COLLEAGUE, password=PASSWORD) == 429
        clock.shift(29)
        assert guess(member.person.email, address=COLLEAGUE, password=PASSWORD) == 429
        clock.shift(2)
        assert guess(member.person.email, address=COLLEAGUE, password=PASSWORD) == 302


@pytest.mark.django_db
def test_the_page_says_how_long_the_wait_is() -> None:
    with time_machine.travel(AT, tick=False):
        member = joins()
        guess(member.person.email, address=COLLEAGUE, times=5)
        page = Client(REMOTE_ADDR=COLLEAGUE).post(
            "/sign-in/", {"email": member.person.email, "password": "x"}
        )
        assert "30 seconds" in page.content.decode()


@pytest.mark.django_db
def test_the_wait_is_the_same_for_an_account_that_does_not_exist() -> None:
    assert guess("nobody@praxis.example", address=ATTACKER, times=5) == 403
    assert guess("nobody@praxis.example", address=ATTACKER) == 429
    assert guess("somebody@praxis.example", address=ATTACKER) == 403


@pytest.mark.django_db
def test_an_attacker_elsewhere_does_not_lock_the_colleague_out() -> None:
    member = joins()
    guess(member.person.email, address=ATTACKER, times=20)
    assert guess(member.person.email, address=ATTACKER, password=PASSWORD) == 429
    client = Client(REMOTE_ADDR=COLLEAGUE)
    assert client.post("/sign-in/", {"email": member.person.email, "password": PASSWORD}).status_code == 302
    assert client.post("/sign-in/code/", {"code": member.digits()}).status_code == 302


@pytest.mark.django_db
def test_a_hundred_failures_from_many_places_end_the_password_but_not_the_passkey(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member, heard = joins(), listening(monkeypatch)
    Person.objects.update(password_failures=96)
    for place in range(3):
        guess(member.person.email, address=f"198.51.100.{place}", times=2)
    member.person.refresh_from_db()
    assert member.person.password_failures == 100
    assert guess(member.person.email, address=COLLEAGUE, password=PASSWORD) == 403
    assert _touch(member, ATTACKER) == 200
    assert [entry.subject_id for entry in heard if entry.detail.get("disabled") == "password"] == [
        member.person.id
    ]


@pytest.mark.django_db
def test_ninety_nine_failures_do_not_end_it_and_success_starts_the_count_anew() -> None:
    member = joins()
    Person.objects.update(password_failures=98)
    guess(member.person.email, address=ATTACKER)
    assert guess(member.person.email, address=COLLEAGUE, password=PASSWORD) == 302
    member.person.refresh_from_db()
    assert member.person.password_failures == 0


@pytest.mark.django_db
def test_a_known_password_does_not_let_anybody_guess_the_digits() -> None:
    member, client = joins(), Client(REMOTE_ADDR=ATTACKER)
    statuses = []
    for _ in range(7):
        client.post("/sign-in/", {"email": member.person.email, "password": PASSWORD})
        statuses.append(client.post("/sign-in/code/", {"code": "000000"}).status_code)
    assert statuses == [403, 403, 403, 403, 403, 429, 429]
    assert AuthenticatorApp.objects.get().failures == 5
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_an_app_that_is_switched_off_leaves_the_recovery_codes() -> None:
    member, client = joins(), Client()
    AuthenticatorApp.objects.update(failures=100)
    client.post("/sign-in/", {"email": member.person.email, "password": PASSWORD})
    assert client.post("/sign-in/code/", {"code": member.digits()}).status_code == 403
    assert client.post("/sign-in/code/", {"code": member.codes[0]}).status_code == 302


@pytest.mark.django_db
def test_old_failures_are_forgotten_after_a_day() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        member = joins()
        guess(member.person.email, address=COLLEAGUE, times=4)
        clock.shift(timedelta(days=1, seconds=1))
        assert guess(member.person.email, address=COLLEAGUE, times=4) == 403
        assert guess(member.person.email, address=COLLEAGUE) == 403
        assert guess(member.person.email, address=COLLEAGUE) == 429


def _touch(member: Member, address: str) -> int:
    client = Client(REMOTE_ADDR=address)
    question = ask(client, "/sign-in/passkey/question/").json()
    return ask(client, "/sign-in/passkey/", {"credential": member.key.touch(question)}).status_code

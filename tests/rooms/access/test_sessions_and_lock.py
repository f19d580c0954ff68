"""Sessions: how long they last, how they lock and open, and how they end."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from fakes.members import PASSWORD, ask, browser_of, joins, listening

from teleward.access.models import Session
from teleward.access.operations.sessions import COOKIE, actor_of_session
from teleward.access.signin.browsers import device_in_words
from teleward.access.signin.limits import SESSION

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-11-23T09:00:10+00:00")


def later(**much: float) -> datetime:
    return AT + timedelta(**much)


@pytest.mark.parametrize(
    ("role", "minutes", "locked"),
    [
        ("physician", 60, False),
        ("physician", 61, True),
        ("reception", 61, True),
        ("administrator", 15, False),
        ("administrator", 16, True),
        ("privacy-officer", 16, True),
    ],
)
def test_a_session_locks_after_a_rest(role: str, minutes: int, locked: bool) -> None:
    with time_machine.travel(AT, tick=False):
        client = browser_of(joins("Anna Beispiel", role))
    actor = actor_of_session(secret=client.cookies[COOKIE].value, at=later(minutes=minutes))
    assert actor.locked is locked


@pytest.mark.parametrize(("hours", "name"), [(11.99, "Anna Beispiel"), (12.01, "")])
def test_a_session_ends_after_twelve_hours_however_busy(hours: float, name: str) -> None:
    with time_machine.travel(AT, tick=False):
        client = browser_of(joins())
    Session.objects.update(seen_at=later(hours=hours))
    assert actor_of_session(secret=client.cookies[COOKIE].value, at=later(hours=hours)).name == name


def test_each_page_is_a_sign_of_life() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = browser_of(joins())
        for _ in range(3):
            clock.shift(timedelta(minutes=40))
            assert client.get("/account/").status_code == 200


def test_a_page_that_renews_itself_is_no_sign_of_life() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = browser_of(joins())
        clock.shift(timedelta(minutes=40))
        assert client.get("/account/", headers={"X-Poll": "1"}).status_code == 200
        clock.shift(timedelta(minutes=21))
        assert client.get("/account/").status_code == 401


def test_a_locked_session_answers_scripts_with_a_code_and_pages_with_a_lock() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = browser_of(joins())
        clock.shift(timedelta(minutes=61))
        answer = client.get("/account/", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (401, "access:locked")
        fragment = client.get("/account/", headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment["X-Problem"]) == (401, "access:locked")
        page = client.get("/account/")
        assert page.status_code == 401
        assert "anna@praxis.example" not in page.content.decode()
        assert 'data-next="/account/"' in page.content.decode()
        assert ask(client, "/account/here/").status_code == 401


def test_one_touch_opens_the_lock_with_a_new_secret() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        member = joins()
        client = browser_of(member)
        before = client.cookies[COOKIE].value
        clock.shift(timedelta(minutes=61))
        question = ask(client, "/account/unlock/question/").json()
        assert len(question["allowCredentials"]) == 1
        answer = ask(client, "/account/unlock/", {"credential": member.key.touch(question), "next": "/day/"})
        assert (answer.status_code, answer.json()["next"]) == (200, "/day/")
        assert client.cookies[COOKIE].value != before
        assert client.get("/account/").status_code == 200
        assert Client(headers={"Cookie": f"{COOKIE}={before}"}).get("/account/").status_code == 401


def test_the_password_opens_the_lock_too_and_a_wrong_one_does_not() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = browser_of(joins())
        clock.shift(timedelta(minutes=61))
        assert ask(client, "/account/unlock/", {"password": "wrong"}).json()["code"] == "access:no-match"
        assert ask(client, "/account/unlock/", {"password": PASSWORD}).status_code == 200
        assert client.get("/account/").status_code == 200


def test_failures_at_the_sign_in_page_do_not_keep_a_colleague_behind_the_lock() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        member = joins()
        client = browser_of(member)
        clock.shift(timedelta(minutes=61))
        for _ in range(6):
            Client().post("/sign-in/", {"email": member.person.email, "password": "wrong"})
        assert ask(client, "/account/unlock/", {"password": PASSWORD}).status_code == 200


def test_a_colleagues_passkey_does_not_open_the_lock() -> None:
    member, colleague = joins(), joins("Boris Muster")
    client = browser_of(member)
    question = ask(client, "/account/unlock/question/").json()
    answer = ask(client, "/account/unlock/", {"credential": colleague.key.touch(question)})
    assert answer.json()["code"] == "access:passkey-not-accepted"


def test_what_was_sent_from_a_locked_page_is_kept_until_it_is_unlocked() -> None:
    with time_machine.travel(AT, tick=False) as clock:
        client = browser_of(joins("Anna Beispiel", "administrator"))
        clock.shift(timedelta(minutes=16))
        typed = {"name": "Carla <Neu>", "email": "carla@praxis.example", "roles": ["nurse", "reception"]}
        page = client.post("/staff/invitations/new/", typed).content.decode()
        assert 'name="carried-name" value="Carla &lt;Neu&gt;"' in page
        carried = {f"carried-{name}": value for name, value in typed.items()}
        answer = client.post(
            "/account/unlock/", {"password": PASSWORD, "next": "/staff/invitations/new/", **carried}
        )
        again = answer.content.decode()
        assert 'action="/staff/invitations/new/"' in again
        assert 'name="name" value="Carla &lt;Neu&gt;"' in again
        assert again.count('name="roles"') == 2


def test_a_person_may_lock_at_once_and_only_unlocking_and_signing_out_stay_open() -> None:
    client = browser_of(joins())
    assert ask(client, "/account/lock/").status_code == 204
    assert client.get("/account/").status_code == 401
    assert client.post("/sign-out/").status_code == 302
    assert Session.objects.get().ended_at is not None


def test_locking_and_unlocking_are_in_the_ledger_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = listening(monkeypatch)
    with time_machine.travel(AT, tick=False) as clock:
        client = browser_of(joins())
        clock.shift(timedelta(minutes=61))
        client.get("/account/")
        client.get("/account/")
        ask(client, "/account/unlock/", {"password": PASSWORD})
    done = [(entry.action, entry.outcome) for entry in heard]
    assert done.count(("access:session:lock", "done")) == 1
    assert done.count(("access:session:unlock", "allow")) == 1
    assert done.count(("access:session:unlock", "done")) == 1


def test_my_sessions_are_shown_in_words_and_end_one_by_one_or_all() -> None:
    member = joins()
    here, there = browser_of(member), browser_of(member, address="192.0.2.44")
    third = browser_of(member)
    page = here.get("/account/").content.decode()
    assert page.count("Firefox on Linux") >= 3
    assert "192.0.2.44" in page
    other = Session.objects.get(client_address="192.0.2.44")
    assert here.post(f"/account/sessions/{other.id}/end/").status_code == 302
    assert there.get("/account/").status_code == 401
    assert third.get("/account/").status_code == 200
    here.post("/account/sessions/others/end/")
    assert third.get("/account/").status_code == 401
    assert here.get("/account/").status_code == 200


def test_a_colleagues_session_is_not_mine_to_end() -> None:
    other = browser_of(joins("Boris Muster"))
    session = Session.objects.get()
    mine = browser_of(joins())
    assert mine.post(f"/account/sessions/{session.id}/end/").status_code == 404
    assert other.get("/account/").status_code == 200


def test_nobody_and_rubbish_are_nobody() -> None:
    assert actor_of_session(secret="").name == ""
    assert actor_of_session(secret="x" * 10_000).name == ""
    assert Client().get("/account/").status_code == 401


def test_the_numbers_are_those_of_the_standard() -> None:
    assert timedelta(hours=12) == SESSION.overall
    assert timedelta(hours=1) == SESSION.idle
    assert timedelta(minutes=15) == SESSION.idle_privileged
    assert timedelta(minutes=5) == SESSION.fresh


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("", "A browser we do not know"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, words: str) -> None:
    assert device_in_words(agent) == words

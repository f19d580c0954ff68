"""The patient hears of every way to an account in their name; for three days it takes nothing along."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from fakes.accounts import ENGLISH, HOME, asks, reachable, seconds, shown_link
from fakes.authenticator import SoftwareKey
from fakes.members import ask, browser_of, enters, joins, practice
from stage.deliveries import deliver_all
from stage.wall import PLACE

from teleward.access.grants import Action
from teleward.access.models import Patient, SafeguardingHold, Session
from teleward.access.operations.patients import change_contact
from teleward.access.operations.people import system_grant
from teleward.access.queries.figures import figures
from teleward.access.queries.patients import patient_subject
from teleward.kernel.clock import now
from teleward.kernel.events import Event, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Callable[[timedelta], None]]:
    with time_machine.travel(now(), tick=False) as moved:
        yield moved.shift


def moves_to(ada: Patient, email: str) -> None:
    grant = system_grant(
        action=Action.PATIENT_CHANGE, organisation=practice().id, subject=patient_subject(patient=ada.id)
    )
    change_contact(grant=grant, patient_id=ada.id, email=email, telephone="")


def offered(ada: Patient) -> None:
    """As soon as somebody made a way to an account."""
    publish(Event.ACCOUNT_OFFERED, patient=ada.id)
    deliver_all(Event.ACCOUNT_OFFERED)


def opens(ada: Patient) -> Client:
    """A desk and a second person invite; whoever holds the link opens the account."""
    desk, home = browser_of(enters(joins("Olaf Brandt", "reception"), ada)), Client()
    asks(desk, ada)
    seconds(browser_of(joins("Mara Lind", "nurse")), ada)
    link = shown_link(desk, ada)
    question = ask(home, f"{link}passkey/question/").json()
    assert ask(home, f"{link}passkey/", {"credential": SoftwareKey().make(question)}).status_code == 200
    return home


def test_the_letters_go_to_the_address_on_file_and_to_the_one_it_replaced() -> None:
    ada = reachable()
    moves_to(ada, "brandt.olaf@home.example")
    opens(ada)
    deliver_all(Event.ACCOUNT_OFFERED, patient=ada.id)
    deliver_all(Event.ACCOUNT_OPENED, patient=ada.id)
    assert [letter.to for letter in mail.outbox] == [["brandt.olaf@home.example"], [HOME]] * 2
    assert all("rufen Sie" in letter.body for letter in mail.outbox)
    assert not any(word in letter.body for letter in mail.outbox for word in ("Osei", "Ada", "/sign-in/"))


def test_a_replaced_address_is_not_written_to_while_two_people_hold_word_back() -> None:
    ada, one, two = reachable(), joins("Vera Lind", "privacy-officer"), joins("Walter Amt", "privacy-officer")
    SafeguardingHold.objects.create(
        patient=ada, asked_by=one.person, confirmed_by=two.person, confirmed_at=now(), words=b"",
        until=now() + timedelta(days=9),
    )  # fmt: skip
    moves_to(ada, "new@example.org")
    deliver_all(Event.ADDRESS_CHANGED, patient=ada.id)
    offered(ada)
    assert [letter.to for letter in mail.outbox] == [["new@example.org"]]


def test_without_an_address_on_file_nobody_is_written_to() -> None:
    offered(reachable(""))
    assert mail.outbox == []


def test_for_72_hours_a_new_account_exports_nothing_and_names_nobody_and_says_until_when(
    clock: Callable[[timedelta], None],
) -> None:
    ada = reachable()
    home = opens(ada)
    tries = (("/window/export/fhir/", {}), ("/window/sharing/new/", {"label": "me", "scope": "ledger"}))
    for address, typed in tries:
        answer = home.post(address, typed, headers=ENGLISH)
        assert (answer.status_code, answer["X-Problem"]) == (403, "access:account-too-new")
        until = (now() + timedelta(days=3)).astimezone(PLACE)
        assert f"{until:%Y}" in answer.content.decode()
        assert f" {until.day} " in answer.content.decode()
    for address in ("/window/export/", "/window/sharing/new/"):
        assert "Your account is new" in home.get(address, headers=ENGLISH).content.decode()
    assert home.get("/window/").status_code == 200
    clock(timedelta(hours=72))
    Session.objects.update(begun_at=now(), seen_at=now(), authenticated_at=now())
    assert home.post("/window/sharing/new/").status_code == 200
    assert home.post("/window/sharing/new/", tries[1][1]).status_code == 200


def test_the_privacy_officer_sees_whose_invitations_led_to_accounts_and_how() -> None:
    opens(reachable())
    grant = system_grant(action=Action.FIGURES_READ, organisation=practice().id)
    found = figures(grant=grant)
    assert (found["accounts"].count, found["accounts"].of) == (1, 1)
    (row,) = found.opened
    assert (row.by_name, row.by_mail, row.seconded_by_name, row.identity, row.count) == (
        "Olaf Brandt",
        False,
        "Mara Lind",
        "id-card",
        1,
    )
    page = browser_of(joins("Vera Lind", "privacy-officer")).get("/watch/", headers=ENGLISH).content.decode()
    assert "Mara Lind: I saw an identity card or passport" in page

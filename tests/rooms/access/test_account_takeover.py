"""Nobody who may invite a patient becomes them: not with an address of their own, not with a shown link."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from fakes.accounts import ENGLISH, HOME, asks, reachable, seconds, shown_link
from fakes.authenticator import SoftwareKey
from fakes.members import Member, ask, browser_of, enters, joins
from stage.deliveries import deliver_all

from teleward.access.models import AccountRequest, ContactChange, Patient, StaffInvitation, Standing
from teleward.audit.queries.chains import of_patient
from teleward.kernel.clock import now
from teleward.kernel.events import Event

pytestmark = pytest.mark.django_db
OWN = "brandt.olaf@home.example"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Callable[[timedelta], None]]:
    with time_machine.travel(now(), tick=False) as moved:
        yield moved.shift


@pytest.fixture
def olaf() -> Member:
    return joins("Olaf Brandt", "reception")


@pytest.fixture
def mara() -> Client:
    return browser_of(joins("Mara Lind", "nurse"))


def changes(browser: Client, ada: Patient, email: str) -> int:
    return browser.post(
        f"/patients/{ada.id}/contact/change/", {"email": email, "telephone": ""}, headers=ENGLISH
    ).status_code


def test_the_letter_goes_to_the_address_in_the_entry_and_to_none_that_is_typed(olaf: Member) -> None:
    ada = reachable()
    page = browser_of(enters(olaf, ada)).get(f"/patients/{ada.id}/account/", headers=ENGLISH)
    assert 'type="email"' not in page.content.decode()
    assert asks(browser_of(olaf), ada, by="email", email=OWN).status_code == 200
    deliver_all(Event.PERSON_INVITED)
    assert [letter.to for letter in mail.outbox] == [[HOME]]


def test_without_an_address_in_the_entry_nobody_is_invited_and_the_page_says_where_to_enter_it(
    olaf: Member,
) -> None:
    ada = reachable("")
    desk = browser_of(enters(olaf, ada))
    for by in ("email", "shown"):
        answer = asks(desk, ada, by=by, email=OWN)
        assert answer.status_code == 409
        assert f"/patients/{ada.id}/contact/change/" in answer.content.decode()
    assert not StaffInvitation.objects.exists()
    assert not AccountRequest.objects.exists()


def test_who_puts_their_own_address_into_the_entry_waits_for_somebody_else_and_the_patient_hears_of_it(
    olaf: Member, mara: Client
) -> None:
    ada = reachable()
    desk = browser_of(enters(olaf, ada))
    assert changes(desk, ada, OWN) == 302
    deliver_all(Event.ADDRESS_CHANGED, patient=ada.id)
    (letter,) = mail.outbox
    assert letter.to == [HOME]
    assert OWN not in letter.body
    assert asks(desk, ada, by="email").status_code == 200
    assert not StaffInvitation.objects.exists()
    assert seconds(desk, ada).status_code == 403
    assert not StaffInvitation.objects.exists()
    assert seconds(mara, ada, "called").status_code == 200
    assert StaffInvitation.objects.get().email == OWN


def test_who_entered_the_address_is_no_second_person_for_a_colleague_who_asks_in_good_faith(
    olaf: Member,
) -> None:
    ada, berta = reachable(), joins("Berta Kuhn", "reception")
    changes(browser_of(enters(olaf, ada)), ada, OWN)
    asks(browser_of(enters(berta, ada)), ada, by="email")
    assert seconds(browser_of(olaf), ada).status_code == 403
    assert not StaffInvitation.objects.exists()


def test_three_days_later_the_one_who_entered_it_still_needs_somebody_and_others_do_not(
    olaf: Member, clock: Callable[[timedelta], None]
) -> None:
    ada, berta = reachable(), joins("Berta Kuhn", "reception")
    changes(browser_of(enters(olaf, ada)), ada, OWN)
    clock(timedelta(hours=72, seconds=1))
    for one, waits in ((olaf, True), (berta, False)):
        Standing.objects.all().delete()
        asks(browser_of(enters(one, ada)), ada, by="email")
        assert StaffInvitation.objects.exists() is not waits


def test_who_is_alone_in_a_practice_waits_three_days_and_then_writes(
    olaf: Member, clock: Callable[[timedelta], None]
) -> None:
    ada = reachable()
    changes(browser_of(enters(olaf, ada)), ada, "ada@example.net")
    for days, goes in ((2.99, False), (3.01, True)):
        Standing.objects.all().delete()
        clock(timedelta(days=days) - (now() - ContactChange.objects.latest("at").at))
        asks(browser_of(enters(olaf, ada)), ada, by="email")
        assert StaffInvitation.objects.exists() is goes


def test_a_link_on_the_screen_comes_after_a_second_person_and_once(olaf: Member, mara: Client) -> None:
    ada = reachable()
    desk = browser_of(enters(olaf, ada))
    page = asks(desk, ada).content.decode()
    assert "/sign-in/invitation/" not in page
    assert "Waits for a second person" in page
    address = f"/patients/{ada.id}/account/"
    assert f"{address}second/" in mara.get("/emergencies/waiting/").content.decode()
    assert desk.post(f"{address}link/").status_code == 409
    assert mara.post(f"{address}link/").status_code == 403
    assert seconds(desk, ada).status_code == 403
    assert seconds(mara, ada).status_code == 200
    link = shown_link(desk, ada)
    assert Client().get(link).status_code == 200
    assert desk.post(f"{address}link/").status_code == 409
    said = [e.facts["detail"] for e in of_patient(patient=ada.id)]
    assert [d["identity"] for d in said if "identity" in d] == ["id-card"]


def test_only_who_asked_is_shown_the_link(olaf: Member, mara: Client) -> None:
    ada, berta = reachable(), joins("Berta Kuhn", "reception")
    asks(browser_of(enters(olaf, ada)), ada)
    seconds(mara, ada)
    assert browser_of(enters(berta, ada)).post(f"/patients/{ada.id}/account/link/").status_code == 409
    assert not StaffInvitation.objects.exists()


@pytest.mark.parametrize("how", ["", "her word"])
def test_the_second_person_says_how_they_made_sure(olaf: Member, mara: Client, how: str) -> None:
    ada = reachable()
    asks(browser_of(enters(olaf, ada)), ada)
    assert seconds(mara, ada, how).status_code == 422
    assert AccountRequest.objects.get().seconded_at is None


def test_who_does_not_agree_ends_it(olaf: Member, mara: Client) -> None:
    ada = reachable()
    asks(browser_of(enters(olaf, ada)), ada)
    asked = {"request": str(AccountRequest.objects.get().id), "answer": "decline"}
    assert mara.post(f"/patients/{ada.id}/account/second/", asked).status_code == 200
    assert (
        mara.post(
            f"/patients/{ada.id}/account/second/", {**asked, "answer": "agree", "how": "known"}
        ).status_code
        == 409
    )


def test_the_second_person_agreed_to_this_address_and_to_no_later_one(olaf: Member, mara: Client) -> None:
    ada = reachable()
    desk = browser_of(enters(olaf, ada))
    asks(desk, ada)
    seconds(mara, ada)
    changes(desk, ada, OWN)
    assert desk.post(f"/patients/{ada.id}/account/link/").status_code == 409
    assert not StaffInvitation.objects.exists()


def test_a_corrected_address_ends_the_link_that_went_to_the_wrong_one(olaf: Member) -> None:
    ada = reachable("ade@example.org")
    desk = browser_of(enters(olaf, ada))
    asks(desk, ada, by="email")
    deliver_all(Event.PERSON_INVITED)
    link = mail.outbox[0].body.split("http://localhost:8000")[1].split()[0]
    assert Client().get(link).status_code == 200
    changes(desk, ada, HOME)
    assert Client().get(link).status_code == 410


def test_what_a_second_person_is_asked_names_nobody_before_it_is_asked(mara: Client) -> None:
    ada = reachable()
    page = mara.get(f"/patients/{ada.id}/account/second/", headers=ENGLISH).content.decode()
    assert "Osei" not in page
    assert HOME not in page


def test_an_unlocked_desk_next_door_is_no_second_person(
    olaf: Member, clock: Callable[[timedelta], None]
) -> None:
    ada, left_alone = reachable(), browser_of(joins("Mara Lind", "nurse"))
    clock(timedelta(minutes=6))
    asks(browser_of(enters(olaf, ada)), ada)
    assert seconds(left_alone, ada)["X-Problem"] == "access:confirm-needed"
    assert AccountRequest.objects.get().seconded_at is None


def test_a_patient_comes_to_their_own_window(olaf: Member, mara: Client) -> None:
    ada, client = reachable(), Client()
    desk = browser_of(enters(olaf, ada))
    asks(desk, ada)
    seconds(mara, ada)
    link = shown_link(desk, ada)
    question = ask(client, f"{link}passkey/question/").json()
    body = {"credential": SoftwareKey().make(question), "label": "Phone"}
    assert ask(client, f"{link}passkey/", body).status_code == 200
    ada.refresh_from_db()
    assert ada.person is not None
    assert not ada.person.roles.exists()
    assert client.get("/account/").status_code == 200
    assert client.get("/staff/").status_code == 403
    assert asks(desk, ada).status_code == 404


def test_an_administrator_cannot_have_the_way_into_a_patients_window_shown(olaf: Member) -> None:
    ada = reachable()
    asks(browser_of(enters(olaf, ada)), ada, by="email")
    admin, invitation = browser_of(joins("Ada Leitner", "administrator")), StaffInvitation.objects.get()
    for what in ("again", "withdrawal"):
        assert admin.post(f"/staff/invitations/{invitation.id}/{what}/").status_code == 410

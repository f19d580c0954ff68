"""A curious colleague cannot make the tie that opens a record: what looks like one leads nowhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from stage.deliveries import do_what_waits
from stage.visits import Stage

from teleward.access.grants import Action, Refused
from teleward.access.models import Person, Restriction, Standing
from teleward.audit.queries import of_patient
from teleward.consult.models import Visit

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Person], Client]


def kinds(who: Person) -> list[str]:
    return list(Standing.objects.filter(staff=who).values_list("kind", flat=True))


def calls(stage: Stage, who: Person, signed_in: SignedIn) -> str:
    """They start a call at once and read the path of the patient's link off their own screen."""
    page = signed_in(who).post(f"/patients/{stage.patient.id}/call/").content.decode()
    return "/join/" + page.split("/join/")[1].split("/")[0] + "/"


def opened(link: str) -> Client:
    browser = Client(headers={"accept-language": "en"})
    assert browser.post(link, {"mode": "video", "agreed": "on", "company": ""}).status_code == 200
    return browser


def test_who_opens_the_patients_link_on_their_own_screen_reads_no_earlier_note(
    stage: Stage, signed_in: SignedIn
) -> None:
    opened(calls(stage, stage.second, signed_in))
    assert kinds(stage.second) == ["call"]
    with pytest.raises(Refused):
        stage.of_patient(Action.NOTE_READ, by=stage.second)


def test_a_link_that_somebody_else_showed_to_the_patient_proves_that_they_came(
    stage: Stage, signed_in: SignedIn
) -> None:
    calls(stage, stage.second, signed_in)
    visit = Visit.objects.get()
    guest = visit.guests.get()
    shown = signed_in(stage.desk).post(
        f"/visits/{visit.id}/invitations/", {"guest": str(guest.id), "channel": "shown"}
    )
    opened("/join/" + shown.content.decode().split("/join/")[1].split("/")[0] + "/")
    assert kinds(stage.second) == ["appointment"]
    assert stage.of_patient(Action.NOTE_READ, by=stage.second).policy == "p-appointment"


def test_a_typed_reason_and_a_call_of_ones_own_lead_to_no_team_and_no_account(
    stage: Stage, signed_in: SignedIn
) -> None:
    browser, entry = signed_in(stage.second), f"/patients/{stage.patient.id}/"
    assert browser.post(f"{entry}reason/", {"words": "She rang me", "next": entry}).status_code == 302
    assert browser.get(entry).status_code == 200
    assert browser.post(f"{entry}team/", {"staff": str(stage.second.id)}).status_code == 403
    mine = {"email": "mine@example.org", "by": "shown"}
    assert browser.post(f"{entry}account/", mine).status_code == 403
    calls(stage, stage.second, signed_in)
    assert browser.get(entry).status_code == 200
    assert browser.post(f"{entry}account/", mine).status_code == 403
    assert browser.post(f"{entry}team/", {"staff": str(stage.second.id)}).status_code == 403


@pytest.mark.parametrize("path", ["/visits/new/?patient={}", "/patients/{}/call/"])
def test_whom_no_list_shows_is_not_booked_by_their_id_either(
    stage: Stage, signed_in: SignedIn, path: str
) -> None:
    Restriction.objects.create(
        patient_id=stage.patient.id, tier="restricted", reason="known", set_by=stage.desk
    )
    browser, address = signed_in(stage.second), path.format(stage.patient.id)
    answers = [browser.post(address)] + ([browser.get(address)] if "?" in path else [])
    assert {answer.status_code for answer in answers} == {403}
    assert [answer for answer in answers if b"Demir" in answer.content] == []
    assert not Visit.objects.exists()
    told = of_patient(patient=stage.patient.id)[0].facts
    assert (told["outcome"], told["policy"]) == ("deny", "f-restricted-listed")


@pytest.mark.parametrize(
    ("address", "kind"),
    [("", "appointment"), ("Ayse@Example.org", "appointment"), ("mine@example.org", "call")],
)
def test_a_link_sent_to_an_address_of_ones_own_proves_nothing_and_one_to_the_patients_does(
    stage: Stage, signed_in: SignedIn, settings: Any, address: str, kind: str
) -> None:
    settings.EMAIL_HOST = "mail.example"
    calls(stage, stage.second, signed_in)
    visit = Visit.objects.get()
    sent = {"guest": str(visit.guests.get().id), "channel": "email", "address": address}
    assert signed_in(stage.second).post(f"/visits/{visit.id}/invitations/", sent).status_code == 302
    do_what_waits("consult.send_invitation")
    opened("/join/" + str(mail.outbox[0].body).split("/join/")[1].split("/")[0] + "/")
    assert kinds(stage.second) == [kind]

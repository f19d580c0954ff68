"""Names or roles, as the practice decided: in files, letters, calls and invitations."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from stage.deliveries import deliver_all, do_what_waits
from stage.everybody import _account, _own_grant
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import NamingRule, Patient, Person, StaffInvitation
from teleward.consult.operations.guests import Post, send_invitation
from teleward.consult.operations.live_room import take_seat
from teleward.consult.operations.post import calendar_of
from teleward.consult.queries.guests import guests
from teleward.consult.queries.receipts import receipt
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.kernel.ids import new_token, token_hash
from teleward.trust.queries.exports import bundle, document

STAFF = ("Novák", "Wei Chen", "Olaf Brandt")


@pytest.fixture(params=["names", "roles"])
def shown(request: pytest.FixtureRequest, stage: Stage) -> str:
    NamingRule.objects.create(organisation=stage.practice, shows=request.param, by=stage.doctor)
    return str(request.param)


def named(text: str) -> list[str]:
    return [name for name in STAFF if name in text]


@pytest.fixture
def account(stage: Stage) -> Person:
    return _account(stage, stage.patient.id)


def test_what_a_patient_takes_along_says_names_or_roles(stage: Stage, account: Person, shown: str) -> None:
    stage.visit()
    deliver_all(Event.VISIT_BOOKED)
    grant = _own_grant(stage, account, Action.WINDOW_EXPORT)
    assert bool(named(bundle(grant=grant).decode())) == (shown == "names")
    assert bool(named(str(document(grant=grant)))) == (shown == "names")
    with translation.override("en"):
        kept = [entry["resource"] for entry in json.loads(bundle(grant=grant))["entry"]]
    (appointment,) = (each for each in kept if each["resourceType"] == "Appointment")
    host = appointment["participant"][1]["actor"]
    assert host["reference"] == f"Practitioner/{stage.doctor.id}"
    assert host["display"] == ("Dr. Jana Novák" if shown == "names" else "Praxis Lindenhof (Doctor)")


def test_letters_and_calendar_files_say_names_or_roles(stage: Stage, shown: str) -> None:
    visit = stage.visit()
    inviting = stage.grant(Action.VISIT_INVITE, visit)
    post = Post(channel="email", address="ayse@example.org")
    send_invitation(grant=inviting, visit=visit.id, guest=guests(grant=inviting)[0].id, post=post)
    do_what_waits("consult.send_invitation")
    (letter,) = mail.outbox
    attached = str(letter.attachments[0][1])
    assert bool(named(letter.body)) == bool(named(attached)) == (shown == "names")
    assert ("Praxis Lindenhof (Ärztin oder Arzt)" in letter.body) == (shown == "roles")
    own = calendar_of(grant=stage.grant(Action.VISIT_READ, visit), language="en")
    assert named(own.decode()), "the file of the clinician's own diary names them"


def test_the_others_in_a_call_read_the_name_or_the_practice(stage: Stage, shown: str) -> None:
    visit = stage.visit_now()
    hosting = stage.grant(Action.VISIT_HOST, visit)
    seat = take_seat(grant=hosting, visit=visit.id, peer="a" * 32)
    assert seat.name == ("Dr. Jana Novák" if shown == "names" else "Praxis Lindenhof")
    assert "Dr. Jana Novák" in {who.name for who in receipt(grant=hosting).attendees}


def test_an_invitation_to_an_account_says_who_invited_or_nobody(stage: Stage, shown: str) -> None:
    token = new_token()
    StaffInvitation.objects.create(
        organisation=stage.practice,
        patient=Patient.objects.get(),
        name="Ayşe Demir",
        email="ayse@example.org",
        invited_by=stage.desk,
        token_hash=token_hash(token),
        expires_at=now() + timedelta(days=1),
    )
    page = Client().get(f"/sign-in/invitation/{token}/")
    assert page.status_code == 200
    assert named(page.content.decode()) == (["Olaf Brandt"] if shown == "names" else [])

"""What becomes of messages and systems stands in the ledger: which one, what was done, and by whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from fakes.members import listening
from rooms.records.hl7.hl7_messages import PID, admit, schedule
from stage.deliveries import deliver_all
from stage.visits import HERE, Stage, person, practice

from teleward.access.grants import Action, Grant, authorise
from teleward.access.models import Patient, Person
from teleward.access.operations.people import system_grant
from teleward.audit.ledger import Entry
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event
from teleward.records.models import AppointmentRequest, Handling, KnownAs, Received, Sender
from teleward.records.operations.hl7 import senders as systems
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.operations.hl7.senders import SenderWish
from teleward.records.operations.hl7.settling import (
    KEPT,
    QUIET,
    WAITS,
    NothingToDo,
    Swept,
    apply_again,
    drop,
    sweep,
)
from teleward.records.queries.hl7.senders import Peer

pytestmark = pytest.mark.usefixtures("when_said")
PEER = Peer(address="127.0.0.1")
LATER = "20261122111500+0100"
Heard = list[Entry]


@pytest.fixture
def sender(stage: Stage) -> Sender:
    known = {"application": "KIS", "facility": "HAUS", "proof": "address", "known_by": "127.0.0.1"}
    return Sender.objects.create(organisation=stage.practice.id, name="KIS", **known)


@pytest.fixture
def admin(stage: Stage) -> Person:
    return person(stage.practice, "Ada Amt", "administrator")


@pytest.fixture
def changing(stage: Stage, admin: Person) -> Grant:
    actor, subject = replace(stage.actor(admin), method="passkey"), stage.of_practice()
    return authorise(actor=actor, action=Action.APP_CHANGE, subject=subject, circumstances=HERE)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, sender: Sender, changing: Grant) -> Heard:
    return listening(monkeypatch)


def say(raw: bytes) -> Received:
    answer_to(peer=PEER, raw=raw)
    return Received.objects.latest("received_at")


def done(heard: Heard) -> list[tuple[UUID | None, str, dict[str, object]]]:
    """By whom, under which action, and what, of everything that was done."""
    return [(each.actor_id, each.action, dict(each.detail)) for each in heard if each.outcome == "done"]


def knows(sender: Sender, stage: Stage) -> None:
    KnownAs.objects.create(sender=sender, called="123", person=stage.doctor.id)


def sweeping(practice_id: UUID) -> Swept:
    return sweep(grant=system_grant(action=Action.MESSAGE_TAKE, organisation=practice_id))


def test_each_word_about_an_appointment_names_it_and_its_deed(
    heard: Heard, sender: Sender, stage: Stage
) -> None:
    knows(sender, stage)
    say(schedule("1"))
    say(schedule("2", event="S15", at=LATER))
    row = str(AppointmentRequest.objects.get().id)
    told = [(action, detail) for _who, action, detail in done(heard) if "deed" in detail]
    taking = Action.MESSAGE_TAKE.value
    assert told == [(taking, {"appointment": row, "deed": each}) for each in ("book", "cancel")]


def test_who_has_a_message_applied_again_is_named_with_it(
    heard: Heard, sender: Sender, stage: Stage, changing: Grant, admin: Person
) -> None:
    waiting = say(schedule())
    knows(sender, stage)
    apply_again(grant=changing, received=waiting.id, circumstances=HERE)
    newest = Handling.objects.latest("at", "id")
    assert (newest.outcome, newest.by) == ("passed", admin.id)
    changes = Action.APP_CHANGE.value
    assert done(heard)[-1] == (admin.id, changes, {"message": str(waiting.id), "outcome": "passed"})


def test_who_hands_an_appointment_to_the_calendar_again_is_named_with_the_message(
    heard: Heard, sender: Sender, stage: Stage, changing: Grant, admin: Person
) -> None:
    knows(sender, stage)
    first = say(schedule("1"))
    second = say(schedule("2", filler="F78"))
    deliver_all(Event.APPOINTMENT_RECEIVED)
    apply_again(grant=changing, received=second.id, circumstances=HERE)
    newest = Handling.objects.latest("at", "id")
    whose = Patient.objects.get(family_name="Müller").id
    assert (newest.received_id, newest.outcome, newest.by) == (second.id, "passed", admin.id)
    assert newest.patient == whose
    changes = Action.APP_CHANGE.value
    assert done(heard)[-1] == (admin.id, changes, {"message": str(second.id), "again": "yes"})
    with pytest.raises(NothingToDo):
        apply_again(grant=changing, received=first.id, circumstances=HERE)


def test_who_puts_a_message_aside_is_named_and_every_other_keeps_its_text(
    heard: Heard, changing: Grant, admin: Person
) -> None:
    aside, other = say(schedule("1")), say(schedule("2", filler="F78"))
    drop(grant=changing, received=aside.id)
    newest = Handling.objects.latest("at", "id")
    assert (newest.received_id, newest.outcome, newest.by) == (aside.id, "dropped", admin.id)
    other.refresh_from_db()
    assert bytes(other.sealed)
    changes = Action.APP_CHANGE.value
    assert done(heard)[-1] == (admin.id, changes, {"message": str(aside.id), "outcome": "dropped"})


def test_what_goes_without_having_been_applied_is_named_and_nothing_else_is(
    heard: Heard, sender: Sender, stage: Stage
) -> None:
    waiting, refused = say(schedule("1")), say(admit("2", pid=PID.replace("19540321", "")))
    applied = say(admit("3", event="A08", at=LATER))
    Received.objects.filter(id__in=[refused.id, applied.id]).update(received_at=now() - KEPT * 2)
    assert sweeping(stage.practice.id) == Swept(applied=0, forgotten=2)
    assert not [detail for *_who, detail in done(heard) if "forgotten-unapplied" in detail]
    Received.objects.update(received_at=now() - WAITS * 2)
    assert sweeping(stage.practice.id).forgotten == 1
    assert done(heard)[-1][2] == {"forgotten-unapplied": [str(waiting.id)]}


def cut_off(monkeypatch: pytest.MonkeyPatch, raw: bytes, *, ago: timedelta) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("teleward.records.operations.hl7.intake.apply", lambda **_all: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            answer_to(peer=PEER, raw=raw)
    newest = Received.objects.latest("received_at")
    Received.objects.filter(id=newest.id).update(received_at=now() - ago)


def test_what_was_cut_off_is_applied_in_the_order_it_came_once_the_wire_is_quiet(
    sender: Sender, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, ago in (("3", QUIET / 2), ("2", QUIET * 2), ("1", QUIET * 3)):
        named = PID.replace("Änne", f"Name{number}")
        cut_off(monkeypatch, admit(number, pid=named), ago=ago)
    heard = listening(monkeypatch)
    assert sweeping(stage.practice.id).applied == 2
    assert Patient.objects.get(family_name="Müller").given_name == "Name2 Käthe"
    assert {each.via for each in heard if each.patient} == {"job"}
    assert sweeping(stage.practice.id).applied == 0


def test_a_message_is_settled_by_its_own_practice_alone(
    sender: Sender, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, theirs = say(schedule()), practice("Nebenan").id
    changing = system_grant(action=Action.APP_CHANGE, organisation=theirs)
    with pytest.raises(NotFound):
        apply_again(grant=changing, received=waiting.id, circumstances=HERE)
    with pytest.raises(NotFound):
        drop(grant=changing, received=waiting.id)
    cut_off(monkeypatch, admit("2"), ago=QUIET * 2)
    Received.objects.filter(id=waiting.id).update(received_at=now() - WAITS * 2)
    assert sweeping(theirs) == Swept(applied=0, forgotten=0)
    assert Received.objects.count() == 2


WISH = SenderWish(name="KIS", application="K", facility="", known_by="10.0.0.7", charset="ASCII")
Did = Callable[[Grant, UUID, UUID], object]
DONE: dict[str, tuple[Did, dict[str, object]]] = {
    "speaks": (
        lambda grant, sender, _who: systems.speak_for(
            grant=grant, sender=sender, assigners="urn:oid:1.2.3\nurn:oid:1.2.3\n"
        ),
        {"sender": "SENDER", "assigners": ["urn:oid:1.2.3"]},
    ),
    "ends": (
        lambda grant, sender, _who: systems.end_sender(grant=grant, sender=sender, why="replaced"),
        {"sender-ended": "SENDER"},
    ),
    "calls": (
        lambda grant, sender, who: systems.call_somebody(grant=grant, sender=sender, called="1", person=who),
        {"sender": "SENDER", "calls": "DOCTOR"},
    ),
}


@pytest.mark.parametrize("deed", DONE)
def test_what_is_changed_about_a_system_is_told_with_who_did_it(
    heard: Heard, sender: Sender, stage: Stage, changing: Grant, admin: Person, deed: str
) -> None:
    does, detail = DONE[deed]
    does(changing, sender.id, stage.doctor.id)
    ids = {"SENDER": str(sender.id), "DOCTOR": str(stage.doctor.id)}
    said = {name: ids.get(str(value), value) for name, value in detail.items()}
    assert done(heard) == [(admin.id, Action.APP_CHANGE.value, said)]


def test_a_system_that_is_registered_is_told_by_how_it_is_known_and_not_by_what(
    heard: Heard, changing: Grant, admin: Person
) -> None:
    made = systems.register_sender(grant=changing, wish=WISH)
    row = Sender.objects.get(id=made)
    assert (row.organisation, row.made_by) == (changing.organisation, admin.id)
    assert done(heard)[-1][2] == {"sender": str(made), "known_by": "address"}


def test_a_name_has_who_gave_it_and_once_it_is_forgotten_that_is_told(
    heard: Heard, sender: Sender, stage: Stage, changing: Grant, admin: Person
) -> None:
    nurse = person(stage.practice, "Nele Pflege", "nurse")
    for who in (stage.doctor, nurse):
        systems.call_somebody(grant=changing, sender=sender.id, called="  Dr.\n Eva ", person=who.id)
    known = sender.staff.get()
    assert (known.called, known.person, known.by) == ("Dr. Eva", nurse.id, admin.id)
    systems.forget_name(grant=changing, sender=sender.id, called=known.id)
    assert done(heard)[-1][2] == {"sender": str(sender.id), "name-forgotten": str(known.id)}
    systems.end_sender(grant=changing, sender=sender.id, why="x" * 300)
    assert (sender.end.by, len(sender.end.why)) == (admin.id, 200)

"""Whose a message is: of one practice, of one patient, or it waits; and it goes with whoever is forgotten."""

from dataclasses import replace
from unittest.mock import Mock
from uuid import UUID

import hl7
import pytest
from rooms.records.hl7.hl7_messages import PID, admit, merged, schedule
from stage.visits import HERE, Stage

from teleward.access.grants import Action
from teleward.access.models import Patient, PatientIdentifier
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id
from teleward.records.models import AppointmentRequest, Handling, KnownAs, Received, Sender
from teleward.records.operations.erasing import erase_traces
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.operations.hl7.senders import SenderFaulty, speak_for
from teleward.records.operations.hl7.settling import NothingToDo, apply_again
from teleward.records.queries.hl7.senders import Peer

pytestmark = pytest.mark.usefixtures("when_said")
LATER = "20261122111500+0100"
ANNA = "PID|1||4712^^^HAUS^MR||Müller^Anna||19540321"
BOTH = "PID|1||4711^^^HAUS^MR~4712^^^HAUS^MR||Müller^Änne||19540321"


def system(practice: UUID, **names: str) -> Sender:
    known = {"application": "KIS", "facility": "HAUS", "proof": "address", "known_by": "127.0.0.1", **names}
    return Sender.objects.create(organisation=practice, name="KIS", **known)


@pytest.fixture
def sender(stage: Stage) -> Sender:
    made = system(stage.practice.id, facility="")
    KnownAs.objects.create(sender=made, called="123", person=stage.doctor.id)
    return made


def told(raw: bytes) -> str:
    return str(hl7.parse(answer_to(peer=Peer(address="127.0.0.1"), raw=raw).decode())["MSA"][0][1])


def known(given_name: str) -> UUID:
    return Patient.objects.get(family_name="Müller", given_name=given_name).id


def last() -> tuple[str, str, str]:
    newest = Handling.objects.latest("at", "id")
    return newest.outcome, newest.reason, newest.place


def whose(number: str) -> set[UUID | None]:
    return set(Handling.objects.filter(received__number=number).values_list("patient", flat=True))


def is_kept(number: str) -> bool:
    return bool(bytes(Received.objects.get(number=number).sealed))


def forget(patient: UUID) -> None:
    about = replace(patient_subject(patient=patient), kind="Erasure")
    grant = system_grant(action=Action.ERASURE_ANSWER, organisation=about.organisation, subject=about)
    erase_traces(grant=grant)


def test_what_systems_of_two_practices_could_have_sent_neither_gets(sender: Sender) -> None:
    other = system(new_id(), facility="HAUS")
    assert told(admit()) == "AR"
    assert not Received.objects.exists()
    other.delete()
    assert told(admit()) == "AA"


def test_numbers_of_two_people_are_given_to_neither_and_the_message_goes_with_either(sender: Sender) -> None:
    told(admit("1"))
    told(admit("2", pid=ANNA))
    before = PatientIdentifier.objects.count()
    assert told(admit("3", event="A08", pid=BOTH, at=LATER)) == "AA"
    assert last() == ("waiting", "patient-uncertain", "PID-3")
    assert PatientIdentifier.objects.count() == before
    assert whose("3") == {known("Änne Käthe"), known("Anna")}
    assert is_kept("3")
    forget(known("Anna"))
    assert not is_kept("3")


@pytest.mark.parametrize("fault", [Problem, ZeroDivisionError])
def test_a_merge_that_waits_goes_with_whom_it_would_have_merged(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    told(admit("1"))
    told(admit("2", pid=ANNA))
    monkeypatch.setattr("teleward.records.operations.hl7.applying.merge_files", Mock(side_effect=fault))
    assert told(merged("3")) == "AA"
    assert whose("3") == set(Patient.objects.filter(family_name="Müller").values_list("id", flat=True))
    forget(known("Anna"))
    assert not is_kept("3")


def test_another_name_with_another_birthday_waits(sender: Sender) -> None:
    told(admit("1"))
    told(admit("2", event="A08", at=LATER, pid=PID.replace("Änne", "Karl").replace("19540321", "19880101")))
    assert last() == ("waiting", "patient-uncertain", "PID-5")
    assert Patient.objects.get(family_name="Müller").given_name == "Änne Käthe"


@pytest.mark.parametrize("assigner", ["&1.2.3&ISO", "&http://lab.example/mrn&URI"])
def test_a_number_of_another_system_finds_nobody(sender: Sender, stage: Stage, assigner: str) -> None:
    system(stage.practice.id, application="LAB")
    told(admit("1", pid=f"PID|1||5^^^{assigner}||Müller^Änne||19540321"))
    there = admit("2", pid=f"PID|1||5^^^{assigner}||Müller^Fremd||19540321", at=LATER)
    told(there.replace(b"|KIS|", b"|LAB|"))
    assert Patient.objects.filter(id=known("Änne")).exists()
    assert known("Fremd") != known("Änne")


@pytest.mark.parametrize(("listed", "found"), [("urn:oid:1.2.3", True), ("urn:oid:1.2.4", False)])
def test_a_number_of_somebody_listed_finds_whom_others_brought(
    sender: Sender, stage: Stage, listed: str, found: bool
) -> None:
    bringing = system_grant(action=Action.APP_CHANGE, organisation=stage.practice.id)
    speak_for(grant=bringing, sender=sender.id, assigners=f"{listed}\n")
    about = patient_subject(patient=stage.patient.id)
    giving = system_grant(action=Action.PATIENT_CHANGE, organisation=None, subject=about)
    give_identifier(grant=giving, patient=stage.patient.id, system="urn:oid:1.2.3", value="5")
    told(admit("1", pid="PID|1||5^^^HAUS&1.2.3&ISO||Demir^Ayşe||19790503"))
    assert (Patient.objects.count() == 1) is found


def test_an_assigner_is_an_address(sender: Sender, stage: Stage) -> None:
    bringing = system_grant(action=Action.APP_CHANGE, organisation=stage.practice.id)
    with pytest.raises(SenderFaulty):
        speak_for(grant=bringing, sender=sender.id, assigners="HAUS")


def test_an_appointment_number_that_is_used_for_somebody_else_moves_nobodys_visit(sender: Sender) -> None:
    told(schedule("1"))
    assert told(schedule("2", pid=ANNA, event="S13", starts="20261209093000+0100", at=LATER)) == "AA"
    assert last() == ("waiting", "patient-uncertain", "SCH-2")
    row = AppointmentRequest.objects.get()
    assert (row.patient, row.starts_at) == (known("Änne Käthe"), row.starts_at)
    assert row.starts_at
    assert row.starts_at.day == 1


def test_words_of_an_earlier_file_are_not_taken_along(sender: Sender) -> None:
    told(admit("1"))
    kept = known("Änne Käthe")
    told(schedule("2", pid=ANNA))
    assert bytes(AppointmentRequest.objects.get().words)
    told(merged("3"))
    told(schedule("4", pid=ANNA, at=LATER).replace(b"^Kontrolle \\T\\ Befund", b""))
    row = AppointmentRequest.objects.get()
    assert (row.patient, bytes(row.words)) == (kept, b"")


def test_what_was_refused_of_somebody_who_is_forgotten_is_sent_again_and_then_put_aside(
    sender: Sender,
) -> None:
    told(admit("1"))
    short = schedule("2", starts="", at=LATER)
    assert told(short) == "AE"
    forget(known("Änne Käthe"))
    assert [told(short), told(short)] == ["AA", "AA"]
    assert last() == ("dropped", "", "")


def test_what_waits_of_somebody_who_is_forgotten_is_put_aside_once_it_is_applied_again(
    sender: Sender, stage: Stage
) -> None:
    told(schedule("1", doctor="999^Fremd^Kim"))
    forget(known("Änne Käthe"))
    changing = system_grant(action=Action.APP_CHANGE, organisation=stage.practice.id)
    waiting = Received.objects.get()
    apply_again(grant=changing, received=waiting.id, circumstances=HERE)
    assert last() == ("dropped", "", "")
    with pytest.raises(NothingToDo):
        apply_again(grant=changing, received=waiting.id, circumstances=HERE)

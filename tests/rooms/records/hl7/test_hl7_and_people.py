"""What no message of another system decides: how close somebody is kept, and what of them was erased."""

from dataclasses import replace

import pytest
from rooms.records.hl7.hl7_messages import PID, admit, merged
from stage.visits import Stage

from teleward.access.grants import Action, Grant
from teleward.access.models import Patient, Restriction
from teleward.access.operations.corrections import correct_patient
from teleward.access.operations.erasing import erase_contact, erase_identity
from teleward.access.operations.people import system_grant
from teleward.access.queries.merging import kept_file
from teleward.access.queries.patients import patient_subject
from teleward.records.models import Handling, Sender
from teleward.records.operations.hl7.intake import answer_to
from teleward.records.queries.hl7.senders import Peer


@pytest.fixture(autouse=True)
def sender(stage: Stage) -> Sender:
    called = {"name": "KIS", "application": "KIS", "facility": "HAUS"}
    known = {"proof": "address", "known_by": "127.0.0.1"}
    return Sender.objects.create(organisation=stage.practice.id, **called, **known)


def says(raw: bytes) -> str:
    """What became of the message."""
    answer_to(peer=Peer(address="127.0.0.1"), raw=raw)
    return Handling.objects.latest("at", "id").outcome


def grant_for(action: Action, patient: Patient, kind: str) -> Grant:
    about = replace(patient_subject(patient=patient.id), kind=kind)
    return system_grant(action=action, organisation=patient.organisation_id, subject=about)


def test_a_merge_of_files_that_are_kept_unlike_close_waits_for_a_person(stage: Stage) -> None:
    says(admit("1"))
    says(admit("2", pid="PID|1||4712^^^HAUS^MR||Müller^Anna||19540321"))
    _kept, gone = Patient.objects.filter(family_name="Müller").order_by("registered_at")
    Restriction.objects.create(patient=gone, tier="restricted", reason="request", set_by=stage.doctor)
    assert says(merged("3")) == "waiting"
    assert kept_file(patient=gone.id) == gone.id


def test_what_was_erased_is_not_brought_back_by_a_message() -> None:
    says(admit("1"))
    found = Patient.objects.get(family_name="Müller")
    erasing = grant_for(Action.ERASURE_ANSWER, found, "Erasure")
    erase_contact(grant=erasing)
    newer = admit("2", event="A08", at="20261122111500+0100", pid=PID.replace("Änne", "Anna"))
    assert says(newer) == "applied"
    found.refresh_from_db()
    assert (found.given_name, bytes(found.contact)) == ("Anna Käthe", b"")
    erase_identity(grant=erasing)
    changing = grant_for(Action.PATIENT_CHANGE, found, "Patient")
    said = {"given_name": "Anna", "family_name": "Müller", "born_on": found.born_on}
    assert not correct_patient(grant=changing, patient_id=found.id, **said)
    found.refresh_from_db()
    assert (found.family_name, found.born_on.isoformat()) == ("-", "1900-01-01")

"""An appointment as another system has it: the newest word counts, and the calendar is told."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from teleward.access.grants import record
from teleward.access.queries.merging import kept_file
from teleward.kernel.envelope import hashing_key, seal
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant
from teleward.records.hl7.facts import Practitioner, Scheduling
from teleward.records.hl7.reasons import MessageRefused, Reason
from teleward.records.models import AppointmentRequest
from teleward.records.operations.hl7.outcomes import Outcome
from teleward.records.operations.hl7.people import Kept, Work
from teleward.records.queries.hl7.senders import person_called
from teleward.records.queries.requests import WORDS

LONGEST_ABOUT = 180


@dataclass(frozen=True)
class Wanted:
    """What a message asks for, with whom it is."""

    facts: Scheduling
    patient: UUID
    host: UUID | None
    received: UUID


@without_grant("Inside of taking a message.")
def keep_request(work: Work, received: UUID, facts: Scheduling, kept: Kept) -> Outcome:
    """Keeps what is newest and tells the calendar. Raises MessageRefused."""
    host = person_called(grant=work.grant, sender_id=work.sender.id, names=_names(facts.with_whom))
    wanted = Wanted(facts, kept.patient, host, received)
    with transaction.atomic():
        row = _row(work, wanted)
        _must_be_theirs(row, wanted)
        if row.said_at > facts.said_at:
            return Outcome(word="older", patient=kept.patient)
        _written(row, wanted)
        record(grant=work.grant, detail={"appointment": str(row.id), "deed": facts.deed})
        publish(Event.APPOINTMENT_RECEIVED, request=row.id)
    return Outcome(word="passed", patient=kept.patient)


def _row(work: Work, wanted: Wanted) -> AppointmentRequest:
    """The row of this number; a new one is not yet stored."""
    keyed_hash = hmac.digest(
        hashing_key(context="records.appointmentrequest"),
        f"{work.sender.id} {wanted.facts.numbers[0]}".encode(),
        "sha256",
    )
    rows = AppointmentRequest.objects.select_for_update()
    return rows.filter(sender=work.sender.id, keyed_hash=keyed_hash).first() or AppointmentRequest(
        id=new_id(),
        organisation=work.sender.organisation,
        patient=wanted.patient,
        sender_id=work.sender.id,
        keyed_hash=keyed_hash,
        said_at=wanted.facts.said_at,
    )


def _must_be_theirs(row: AppointmentRequest, wanted: Wanted) -> None:
    """A number that is used again for somebody else would move the visit of whoever had it."""
    if kept_file(patient=row.patient) != wanted.patient:
        raise MessageRefused(Reason.PATIENT_UNCERTAIN, "SCH-2")


def _written(row: AppointmentRequest, wanted: Wanted) -> None:
    facts = wanted.facts
    if row.patient != wanted.patient:
        row.words = b""  # sealed with the key of an earlier file
    row.patient, row.deed, row.said_at = wanted.patient, facts.deed, facts.said_at
    row.received_id = wanted.received
    row.host = wanted.host or row.host
    row.starts_at, row.minutes = facts.starts_at or row.starts_at, facts.minutes or row.minutes
    if facts.deed == "book":
        _complete(row, facts)
    if facts.reason:
        row.words = seal(
            patient=wanted.patient, plaintext=facts.reason[:2000].encode(), context=f"{WORDS}:{row.id}"
        )
    row.save()


def _complete(row: AppointmentRequest, facts: Scheduling) -> None:
    if row.starts_at is None:
        raise MessageRefused(Reason.FIELD_MISSING, "SCH-11")
    if row.host is None:
        called = next(iter(_names(facts.with_whom)), "")
        raise MessageRefused(Reason.PRACTITIONER_UNKNOWN, "AIP-3", about=called)


def _names(with_whom: tuple[Practitioner, ...]) -> tuple[str, ...]:
    """What each may be called by: the number, then the name."""
    words = [word for each in with_whom for word in (each.number, _name(each)) if word]
    return tuple(word[:LONGEST_ABOUT] for word in words)


def _name(who: Practitioner) -> str:
    return ", ".join(filter(None, (who.family_name, who.given_name)))

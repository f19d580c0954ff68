"""Telling the chart: gathers the facts of a visit and hands them to the records room."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.conf import settings

from teleward.access.grants import Action, Grant
from teleward.consult.models import Consent, Invitation, Visit
from teleward.consult.queries.notes import NoteCard
from teleward.consult.queries.receipts import ReceiptCard, receipt
from teleward.consult.queries.subjects import certain
from teleward.kernel.errors import NotFound
from teleward.records.operations import projections as chart
from teleward.records.operations.facts import (
    AppointmentFacts,
    Attendance,
    CommunicationFacts,
    ConsentFacts,
    EncounterFacts,
    NoteFacts,
)
from teleward.records.operations.notes import project_note
from teleward.records.queries.due import is_wanted

DOCUMENT = "DocumentReference"
STATUS = {
    "ended": "fulfilled",
    "cancelled": "cancelled",
    "missed": "noshow",
    "waiting": "arrived",
    "in-call": "arrived",
}


def project_appointment(*, grant: Grant) -> None:
    """The appointment as it stands."""
    grant.must_cover(Action.RECORD_WRITE)
    row = _visit(grant)
    cancelled = getattr(row, "cancellation", None)
    facts = AppointmentFacts(
        id=row.id,
        status="noshow" if _nobody_came(row) else STATUS.get(row.state, "booked"),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        booked_at=row.booked_at,
        host=Attendance(role="host", name=row.host_name, person=row.host),
        lobby=f"{settings.ORIGIN}/visit/",
        cancelled_by_patient=cancelled.reason == "patient" if cancelled else None,
    )
    chart.project_appointment(grant=grant, facts=facts)


def project_encounter(*, grant: Grant) -> None:
    """The consultation, once it has ended."""
    grant.must_cover(Action.RECORD_WRITE)
    happened = receipt(grant=grant)
    if happened.ended_at is None:
        return
    facts = EncounterFacts(
        id=happened.visit.id,
        happened=happened.disposition != "no-show",
        started_at=happened.began_at,
        ended_at=happened.ended_at,
        minutes=sum(used.minutes for used in happened.minutes),
        people=_people(happened),
    )
    chart.project_encounter(grant=grant, facts=facts)


def notes_go_on(*, grant: Grant) -> bool:
    """Whether notes go into the chart: the visit is over, not kept closer, and a system is to have them."""
    grant.must_cover(Action.RECORD_WRITE)
    row = _visit(grant)
    return row.state == "ended" and not row.category and is_wanted(practice=row.organisation, kind=DOCUMENT)


def project_notes(*, grant: Grant, notes: Iterable[NoteCard]) -> None:
    """The notes of the visit, each author's as a document; after the consultation they belong to."""
    grant.must_cover(Action.RECORD_WRITE)
    row = _visit(grant)
    project_encounter(grant=grant)
    for note in notes:
        facts = NoteFacts(
            id=uuid5(row.id, str(note.author)),
            encounter=row.id,
            author=Attendance(role="clinician", name=note.author_name, person=note.author),
            written_at=note.saved_at,
            began_at=row.starts_at,
            text=note.text,
        )
        project_note(grant=grant, facts=facts)


def project_consent(*, grant: Grant, consent: UUID) -> None:
    """One consent, as it stands."""
    grant.must_cover(Action.RECORD_WRITE)
    row = Consent.objects.select_related("withdrawal").filter(id=consent, visit=grant.subject.id).first()
    if row is None:
        raise NotFound
    withdrawn = row.withdrawal.at if hasattr(row, "withdrawal") else None
    facts = ConsentFacts(id=row.id, version=row.version, given_at=row.at, withdrawn_at=withdrawn)
    chart.project_consent(grant=grant, facts=facts)


def project_communication(*, grant: Grant, invitation: UUID) -> None:
    """That somebody was invited, by which channel."""
    grant.must_cover(Action.RECORD_WRITE)
    row = (
        Invitation.objects.select_related("guest")
        .filter(id=invitation, guest__visit=grant.subject.id)
        .first()
    )
    if row is None or row.sent_at is None:
        raise NotFound
    facts = CommunicationFacts(
        id=row.id,
        appointment=row.guest.visit_id,
        channel=row.channel,
        sent_at=row.sent_at,
        recipient=row.guest.role,
    )
    chart.project_communication(grant=grant, facts=facts)


def _visit(grant: Grant) -> Visit:
    found = (
        Visit.objects.select_related("cancellation", "ending").filter(id=certain(grant.subject.id)).first()
    )
    if found is None:
        raise NotFound
    return found


def _nobody_came(row: Visit) -> bool:
    ending = getattr(row, "ending", None)
    return ending is not None and ending.disposition == "no-show"


def _people(happened: ReceiptCard) -> tuple[Attendance, ...]:
    """Everybody but the patient, who is the subject."""
    host = Attendance(role="host", name=happened.visit.host_name, person=happened.visit.host)
    others = [who for who in happened.attendees if who.role not in {"host", "patient"}]
    return (host, *(Attendance(role=who.role, name=who.name) for who in others))

"""Appointments that other systems keep, as the calendar asks for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from teleward.access.grants import Action, Grant, Subject
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.records.models import AppointmentRequest, AppointmentRequestKey

WORDS: Final = "records.appointmentrequest.words"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What another system wants of an appointment: `deed` is book, cancel or missed.

    `visit` is what was made of it before. `is_open` is false once this word was followed.
    """

    id: UUID
    patient: UUID
    host: UUID | None
    deed: str
    starts_at: datetime | None
    minutes: int | None
    reason: str
    visit: UUID | None
    is_open: bool


@without_grant("Ids only: it is what the gate is asked about.")
def request_subject(*, request: UUID) -> Subject:
    """The practice with the patient, as booking asks for them. Raises NotFound."""
    row = AppointmentRequestKey.objects.filter(id=request).first()
    if row is None:
        raise NotFound
    return Subject(
        kind="Organisation", id=row.organisation, organisation=row.organisation, patient=row.patient
    )


def wanted_appointment(*, grant: Grant, request: UUID) -> Request:
    """The newest word about one appointment. Raises NotFound."""
    grant.must_cover(Action.VISIT_BOOK)
    rows = AppointmentRequest.objects.filter(organisation=grant.organisation, patient=patient_of(grant))
    row = rows.filter(id=request).first()
    if row is None:
        raise NotFound
    return _request(row)


@without_grant("Whether an appointment came from another system: an id, nobody's name.")
def came_from_elsewhere(*, visit: UUID) -> bool:
    """Whether another system made this appointment, and need not be told of it."""
    return AppointmentRequest.objects.filter(visit=visit).exists()


@without_grant("Reads the grant.")
def patient_of(grant: Grant) -> UUID:
    """The patient the grant is about. Raises NotFound."""
    if grant.subject.patient is None:
        raise NotFound
    return grant.subject.patient


def _request(row: AppointmentRequest) -> Request:
    sealed = bytes(row.words)
    words = unseal(patient=row.patient, sealed=sealed, context=f"{WORDS}:{row.id}") if sealed else b""
    newest = row.received.handlings.order_by("-at", "-id").first() if row.received else None
    return Request(
        id=row.id,
        patient=row.patient,
        host=row.host,
        deed=row.deed,
        starts_at=row.starts_at,
        minutes=row.minutes,
        reason=words.decode(),
        visit=row.visit,
        is_open=newest is None or newest.outcome != "applied",
    )

"""What upper rooms tell the chart. Plain facts; the chart turns them into FHIR."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """Somebody in the visit: `role` is host, clinician, interpreter or relative."""

    role: str
    name: str
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class AppointmentFacts:
    """An appointment; `status` by FHIR: booked, arrived, fulfilled, cancelled or noshow."""

    id: UUID
    status: str
    starts_at: datetime
    ends_at: datetime
    booked_at: datetime
    host: Attendance
    lobby: str  # the address of the waiting room, without any secret
    cancelled_by_patient: bool | None = None


@dataclass(frozen=True, kw_only=True)
class EncounterFacts:
    """A consultation; `minutes` really used, `happened` false when nobody spoke."""

    id: UUID
    happened: bool
    started_at: datetime | None
    ended_at: datetime
    minutes: int
    people: tuple[Attendance, ...]


@dataclass(frozen=True, kw_only=True)
class NoteFacts:
    """What one author wrote about a consultation that is over."""

    id: UUID
    encounter: UUID
    author: Attendance
    written_at: datetime
    began_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class ConsentFacts:
    """A consent, and when it was taken back."""

    id: UUID
    version: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CommunicationFacts:
    """An invitation that was sent; `channel` is email, sms or shown."""

    id: UUID
    appointment: UUID
    channel: str
    sent_at: datetime
    recipient: str  # patient, relative, interpreter or clinician

"""What was shown in a visit, and what of it was kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.devices.models import Kept, Sharing
from teleward.devices.readings import Reading, decode
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound

CONTEXT = "devices:kept:{}"


@dataclass(frozen=True, kw_only=True)
class SharingCard:
    """Kinds shown from one time to another; `ended_at` empty while it goes on, `why` stopped or ended."""

    id: UUID
    kinds: tuple[str, ...]
    until: str
    begun_at: datetime
    ended_at: datetime | None
    why: str
    kept: int


@dataclass(frozen=True, kw_only=True)
class KeptReading:
    """A reading that the patient chose to keep, and when."""

    id: UUID
    visit: UUID
    patient: UUID
    at: datetime
    reading: Reading


def sharings(*, grant: Grant) -> tuple[SharingCard, ...]:
    """All of the grant's visit, the oldest first."""
    grant.must_cover(Action.READING_SHARE, Action.READING_READ, Action.RECEIPT_READ)
    found = Sharing.objects.filter(visit=grant.about).select_related("end").order_by("at")
    return tuple(_card(row) for row in found.prefetch_related("kept"))


def kept_reading(*, grant: Grant, kept: UUID) -> KeptReading:
    """One that was kept, opened. Raises NotFound."""
    grant.must_cover(Action.RECORD_WRITE, Action.READING_READ)
    row = Kept.objects.select_related("sharing").filter(id=kept, sharing__visit=grant.about).first()
    if row is None:
        raise NotFound
    whose = row.sharing.patient
    opened = unseal(patient=whose, sealed=bytes(row.reading), context=CONTEXT.format(row.id))
    return KeptReading(id=row.id, visit=row.sharing.visit, patient=whose, at=row.at, reading=decode(opened))


def _card(row: Sharing) -> SharingCard:
    end = getattr(row, "end", None)
    return SharingCard(
        id=row.id,
        kinds=tuple(row.kinds),
        until=row.until,
        begun_at=row.at,
        ended_at=end.at if end else None,
        why=end.why if end else "",
        kept=len(row.kept.all()),
    )

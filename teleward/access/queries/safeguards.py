"""Holds on word to a patient: two people decide that a letter could put somebody in danger."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.models import HoldKey, SafeguardingHold
from teleward.kernel.clock import now
from teleward.kernel.envelope import unseal
from teleward.kernel.openings import without_grant

WORDS = "access.safeguard.words"


@dataclass(frozen=True, kw_only=True)
class HoldCard:
    """One hold, with why and until when."""

    id: UUID
    words: str
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime
    confirmed_by_name: str
    until: datetime
    lifted_at: datetime | None

    @property
    def is_in_force(self) -> bool:
        """Whether it holds letters back now."""
        return bool(self.confirmed_by_name) and self.is_open

    @property
    def is_open(self) -> bool:
        """Whether it is neither lifted nor over."""
        return self.lifted_at is None and now() < self.until


@without_grant("A time: when word may go to the patient. It names nobody.")
def held_until(*, patient: UUID) -> datetime | None:
    """Until when two people hold back word to this patient, or None."""
    rows = HoldKey.objects.filter(patient_id=patient, lifted_at=None, until__gt=now())
    rows = rows.exclude(confirmed_at=None)
    return rows.order_by("-until").values_list("until", flat=True).first()


def holds(*, grant: Grant) -> list[HoldCard]:
    """Every hold on word to the patient of the grant, the newest first."""
    grant.must_cover(Action.SAFEGUARD)
    rows = SafeguardingHold.objects.select_related("asked_by", "confirmed_by")
    rows = rows.filter(patient=grant.subject.patient).order_by("-asked_at")
    return [_card(row) for row in rows]


def _card(row: SafeguardingHold) -> HoldCard:
    words = unseal(patient=row.patient_id, sealed=bytes(row.words), context=WORDS).decode()
    return HoldCard(
        id=row.id,
        words=words,
        asked_by=row.asked_by_id,
        asked_by_name=row.asked_by.name,
        asked_at=row.asked_at,
        confirmed_by_name=row.confirmed_by.name if row.confirmed_by else "",
        until=row.until,
        lifted_at=row.lifted_at,
    )

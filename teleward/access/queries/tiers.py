"""How close a patient's record is kept, since when and by whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from teleward.access.grants import Action, Grant
from teleward.access.models import Loosening, Restriction, RestrictionKey
from teleward.access.queries.lists import Row, page
from teleward.access.queries.patients import PatientCard, card
from teleward.kernel.openings import without_grant

ROW = Row(kind="Patient", id="patient_id", organisation="patient__organisation_id", patient="patient_id")
MOST = 1000
NORMAL, RESTRICTED, CLOSED = "normal", "restricted", "closed"


@dataclass(frozen=True, kw_only=True)
class LooseningCard:
    """A wish to keep a closed record less close, which waits for a second person."""

    id: UUID
    tier: str  # what it is to be then: restricted, normal
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime


@dataclass(frozen=True, kw_only=True)
class TierCard:
    """One decision about a record: who took it, who seconded it, who lifted it."""

    id: UUID
    tier: str
    reason: str
    set_by: UUID
    set_by_name: str
    set_at: datetime
    seconded_by_name: str
    lifted_by_name: str
    lifted_at: datetime | None
    loosening: LooseningCard | None = None

    @property
    def waits_for_second(self) -> bool:
        """Whether it is to be closed and only one person has said so: until then it is restricted."""
        return self.tier == CLOSED and not self.seconded_by_name and self.lifted_at is None


@dataclass(frozen=True, kw_only=True)
class KeptCloser:
    """A patient whose record is not normal, in the privacy officer's list."""

    patient: PatientCard
    tier: TierCard


@without_grant("One word that decides what a page offers; the policies decide what it opens.")
def tier_of(*, patient: UUID) -> str:
    """normal, restricted or closed, as it is in force. Closed counts once a second person has agreed."""
    row = RestrictionKey.objects.filter(patient_id=patient, lifted_at=None).first()
    if row is None:
        return NORMAL
    return row.tier if row.seconded_at else RESTRICTED


def tiers_of_patient(*, grant: Grant) -> list[TierCard]:
    """Every decision about the record of the patient of the grant, the newest first."""
    grant.must_cover(Action.TIER_CHANGE, Action.TIER_SECOND)
    rows = _rows().filter(patient=grant.subject.patient)
    return [_card(row) for row in rows.order_by("-set_at")]


def kept_closer(*, grant: Grant) -> list[KeptCloser]:
    """The patients of the practice whose record is not normal, by name."""
    grant.must_cover(Action.TIER_LIST)
    every = _rows().select_related("patient").filter(patient__organisation=grant.organisation, lifted_at=None)
    every = every.order_by("patient__family_name", "patient__given_name")
    rows = page(every, grant=grant, action=Action.PATIENT_LIST, row=ROW, most=MOST)
    return [KeptCloser(patient=card(row.patient), tier=_card(row)) for row in rows]


def _rows() -> QuerySet[Restriction]:
    waiting = Loosening.objects.filter(answered_at=None).select_related("asked_by")
    asked = Prefetch("loosenings", queryset=waiting, to_attr="asked")
    return Restriction.objects.select_related("set_by", "seconded_by", "lifted_by").prefetch_related(asked)


def _card(row: Restriction) -> TierCard:
    return TierCard(
        id=row.id,
        tier=row.tier,
        reason=row.reason,
        set_by=row.set_by_id,
        set_by_name=row.set_by.name,
        set_at=row.set_at,
        seconded_by_name=row.seconded_by.name if row.seconded_by else "",
        lifted_by_name=row.lifted_by.name if row.lifted_by else "",
        lifted_at=row.lifted_at,
        loosening=next(map(_loosening, getattr(row, "asked", [])), None),
    )


def _loosening(row: Loosening) -> LooseningCard:
    return LooseningCard(
        id=row.id,
        tier=row.tier,
        asked_by=row.asked_by_id,
        asked_by_name=row.asked_by.name,
        asked_at=row.asked_at,
    )

"""What was shown in a visit, and what of it was kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from teleward.access.grants import Action, Grant
from teleward.access.queries.visits import visits_kept_closer
from teleward.devices.models import Kept, Sharing, SharingKey
from teleward.devices.queries.wrong import Name, Wrong, wrong_among
from teleward.devices.readings import Reading, decode
from teleward.devices.whose import whose
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant

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
    wrong: Wrong | None = None  # where somebody says so


def sharings(*, grant: Grant) -> tuple[SharingCard, ...]:
    """All of the grant's visit, the oldest first."""
    grant.must_cover(Action.READING_SHARE, Action.READING_READ, Action.RECEIPT_READ)
    found = Sharing.objects.filter(visit=grant.about).select_related("end").order_by("at")
    return tuple(_card(row) for row in found.prefetch_related("kept"))


@without_grant("Ids only: whether the gate has to be asked at all.")
def is_shown_in(*, visit: UUID) -> bool:
    """Whether anything was ever shown in this visit."""
    return SharingKey.objects.filter(visit=visit).exists()


def going(*, grant: Grant) -> tuple[UUID, ...]:
    """Ids of what is shown in the grant's visit now."""
    grant.must_cover(Action.READING_READ, Action.VISIT_JOIN)
    return tuple(Sharing.objects.filter(visit=grant.about, end=None).values_list("id", flat=True))


def kept_reading(*, grant: Grant, kept: UUID) -> KeptReading:
    """One that was kept, opened. Raises NotFound."""
    grant.must_cover(Action.RECORD_WRITE, Action.READING_READ)
    row = Kept.objects.select_related("sharing").filter(id=kept, sharing__visit=grant.about).first()
    if row is None:
        raise NotFound
    return _kept(row, wrong_among(grant=grant, sources=[kept]))


def kept_between(*, grant: Grant, since: datetime, until: datetime) -> tuple[KeptReading, ...]:
    """What the grant's patient kept in this time, in visits that are not kept closer; opened, in order."""
    grant.must_cover(Action.READING_READ, Action.READING_WRITE)
    closer = visits_kept_closer(patient=whose(grant))
    rows = Kept.objects.filter(sharing__patient=whose(grant), at__gte=since, at__lt=until)
    return _all(grant, rows.exclude(sharing__visit__in=closer))


def kept_named(*, grant: Grant, names: Collection[Name]) -> tuple[KeptReading, ...]:
    """Those of these readings of the grant's patient that were kept in visits."""
    grant.must_cover(Action.READING_READ, Action.READING_WRITE, Action.RECORD_WRITE)
    ids = [source for source, number in names if number == 0]
    return _all(grant, Kept.objects.filter(sharing__patient=whose(grant), id__in=ids))


def kept_in(*, grant: Grant) -> tuple[KeptReading, ...]:
    """All that was kept in the grant's visit."""
    grant.must_cover(Action.READING_READ)
    return _all(grant, Kept.objects.filter(sharing__visit=grant.about))


def kept_of_visit(*, grant: Grant, visit: UUID) -> tuple[KeptReading, ...]:
    """What the grant's patient kept in this visit. Of one visit a grant speaks of no other."""
    grant.must_cover(Action.READING_READ)
    if grant.subject.kind == "Visit" and grant.about != visit:
        return ()
    return _all(grant, Kept.objects.filter(sharing__patient=whose(grant), sharing__visit=visit))


def _all(grant: Grant, rows: QuerySet[Kept]) -> tuple[KeptReading, ...]:
    found = list(rows.select_related("sharing").order_by("at", "id"))
    wrong = wrong_among(grant=grant, sources=[row.id for row in found])
    return tuple(_kept(row, wrong) for row in found)


def _kept(row: Kept, wrong: Mapping[Name, Wrong]) -> KeptReading:
    patient = row.sharing.patient
    opened = unseal(patient=patient, sealed=bytes(row.reading), context=CONTEXT.format(row.id))
    return KeptReading(
        id=row.id,
        visit=row.sharing.visit,
        patient=patient,
        at=row.at,
        reading=decode(opened),
        wrong=wrong.get((row.id, 0)),
    )


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

"""Readings that somebody says are wrong or of somebody else: who said so, when, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.devices.models import Disowned, Reowned
from teleward.devices.whose import whose

READS = (Action.READING_READ, Action.READING_WRITE, Action.RECORD_WRITE)
PERSONS = frozenset({"patient", "proxy"})
MOST = 200
Name = tuple[UUID, int]  # a pairing and its number; what was kept in a visit and 0


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """What was said of one reading. `who`: patient, proxy or device; `why`: not-me, wrong or device.

    `back_at`: when a person took it back, if one did.
    """

    at: datetime
    who: str
    why: str
    back_at: datetime | None = None


def wrong_among(*, grant: Grant, sources: Iterable[UUID]) -> dict[Name, Wrong]:
    """By name those readings of these sources, of the grant's patient, that were marked as wrong."""
    grant.must_cover(*READS)
    rows = Disowned.objects.filter(patient=whose(grant), source__in=set(sources), back=None)
    return {(row.source, row.sequence): _wrong(row) for row in rows}


def newest_wrong(*, grant: Grant) -> dict[Name, Wrong]:
    """The readings of the grant's patient that were marked last."""
    grant.must_cover(*READS)
    rows = Disowned.objects.filter(patient=whose(grant), back=None).order_by("-at", "id")[:MOST]
    return {(row.source, row.sequence): _wrong(row) for row in rows}


def newest_taken_back(*, grant: Grant) -> dict[Name, Wrong]:
    """The readings of the grant's patient that were marked once and count again, as they were marked last."""
    grant.must_cover(*READS)
    rows = Disowned.objects.filter(patient=whose(grant), back__isnull=False).select_related("back")
    newest = reversed(rows.order_by("-at", "id")[:MOST])
    return {(row.source, row.sequence): replace(_wrong(row), back_at=row.back.at) for row in newest}


def marked_together(*, grant: Grant, disowned: UUID) -> tuple[Name, ...]:
    """The readings of the grant's patient that were marked by the same press as this one."""
    grant.must_cover(*READS)
    one = Disowned.objects.filter(id=disowned, patient=whose(grant)).first()
    rows = Disowned.objects.filter(patient=whose(grant), at=one.at, by=one.by) if one else ()
    return tuple((row.source, row.sequence) for row in rows)


def taken_back_together(*, grant: Grant, disowned: UUID) -> tuple[Name, ...]:
    """The readings of the grant's patient whose marks were taken back by the same press as this one."""
    grant.must_cover(*READS)
    one = Reowned.objects.filter(disowned=disowned, disowned__patient=whose(grant)).first()
    rows = Disowned.objects.filter(back__at=one.at, back__by=one.by, patient=whose(grant)) if one else ()
    return tuple((row.source, row.sequence) for row in rows)


def _wrong(row: Disowned) -> Wrong:
    return Wrong(at=row.at, who=row.who, why=row.why)

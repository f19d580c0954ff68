"""Readings kept in visits that are kept closer: no trend has them but that of who may read of the visit."""

from datetime import datetime, timedelta
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.visits import visits_kept_closer
from teleward.devices.models import Kept
from teleward.devices.queries.sharings import kept_of_visit
from teleward.devices.rollups import Point
from teleward.devices.whose import whose

DAY = timedelta(days=1)  # what was measured is kept a while later


def visits_apart(*, grant: Grant, since: datetime, until: datetime) -> frozenset[UUID]:
    """The visits of the grant's patient that are kept closer, with readings of about this time."""
    grant.must_cover(Action.READING_READ, Action.READING_WRITE)
    closer = visits_kept_closer(patient=whose(grant))
    if not closer:
        return frozenset()
    kept = Kept.objects.filter(sharing__patient=whose(grant), sharing__visit__in=closer)
    rows = kept.filter(at__gte=since - DAY, at__lt=until + DAY)
    return frozenset(rows.values_list("sharing__visit", flat=True))


def points_of_visit(*, grant: Grant, visit: UUID, since: datetime, until: datetime) -> dict[str, list[Point]]:
    """By code the values kept in this visit of the grant's patient that were measured in this time."""
    grant.must_cover(Action.READING_READ)
    found: dict[str, list[Point]] = {}
    for each in kept_of_visit(grant=grant, visit=visit):
        at = each.reading.received_at
        if each.wrong is None and since <= at < until:
            for value in each.reading.values:
                if value.value is not None:
                    found.setdefault(value.code, []).append(Point(at=at, value=value.value))
    return found

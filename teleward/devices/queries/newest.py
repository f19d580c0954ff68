"""The last day of a patient on which anything was measured."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from teleward.access.grants import Action, Grant
from teleward.access.queries.visits import visits_kept_closer
from teleward.devices.kinds import KINDS
from teleward.devices.models import HomeReading, Kept
from teleward.devices.queries.sharings import kept_between
from teleward.devices.rollups import day_of, midnight
from teleward.devices.whose import whose

DAY = timedelta(days=1)  # what was measured is kept a while later


def newest_day(*, grant: Grant, until: date, zone: ZoneInfo) -> date | None:
    """The last day up to and with `until`, on this calendar, with readings of the grant's patient.

    Those marked as wrong are among them, those of visits that are kept closer are not. None: no such day.
    """
    grant.must_cover(Action.READING_READ, Action.READING_WRITE)
    ends = midnight(until + DAY, zone)
    found = [*_from_home(grant, ends), *_kept(grant, ends)]
    return day_of(max(found), zone) if found else None


def _from_home(grant: Grant, ends: datetime) -> Iterator[datetime]:
    rows = HomeReading.objects.filter(patient=whose(grant), at__lt=ends).order_by("-at")
    for kind in KINDS:  # each by its index: a year of a sensor is half a million rows
        yield from rows.filter(kind=kind).values_list("at", flat=True)[:1]


def _kept(grant: Grant, ends: datetime) -> Iterator[datetime]:
    closer = visits_kept_closer(patient=whose(grant))
    rows = Kept.objects.filter(sharing__patient=whose(grant)).exclude(sharing__visit__in=closer)
    for before in (ends + DAY, ends):  # what was kept after midnight was often measured before it
        last = rows.filter(at__lt=before).order_by("-at").values_list("at", flat=True).first()
        if last is not None:
            around = kept_between(grant=grant, since=last - DAY, until=before)
            yield from (each.reading.received_at for each in around if each.reading.received_at < ends)

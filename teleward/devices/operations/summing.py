"""Days in short: made anew from the readings of a day that something came for."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from teleward.access.grants import Action, Grant
from teleward.access.queries.people import organisation
from teleward.devices.models import DayInShort, DirtyDay, DirtyDayKey
from teleward.devices.queries.points import key_of, points_of_day
from teleward.devices.queries.trends import IN_SHORT
from teleward.devices.rollups import Day, day_of, encode, rolled
from teleward.devices.whose import whose
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal_under
from teleward.kernel.openings import without_grant

SETTLED = timedelta(minutes=1)  # no batch is longer on its way into the database
MOST = 2000


@without_grant("Ids and days only: the job asks the gate about each patient next.")
def days_to_sum_up() -> list[tuple[UUID, date]]:
    """Patients and their days that something came for, the oldest mark first."""
    rows = DirtyDayKey.objects.order_by("marked_at").values_list("patient", "day")[:MOST]
    return list(dict.fromkeys(rows))


@transaction.atomic
def sum_up(*, grant: Grant, day: date) -> None:
    """One day of the grant's patient anew, by code. What comes meanwhile leaves the day to be done again."""
    grant.must_cover(Action.READING_READ)
    patient, until = whose(grant), now() - SETTLED
    zone = ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)
    marks = list(DirtyDay.objects.filter(patient=patient, day=day).values_list("id", "marked_at"))
    points = points_of_day(grant=grant, day=day, zone=zone, upto=until)
    short = {code: rolled(values, day=day, zone=zone) for code, values in points.items()}
    _keep(grant, day, {code: each for code, each in short.items() if each}, until=until)
    for mark, marked_at in marks:
        if marked_at <= until:
            DirtyDay.objects.filter(id=mark, marked_at=marked_at).delete()


@transaction.atomic
def mark_day(*, grant: Grant, kind: str) -> None:
    """Something was kept today: the day has to be summed up."""
    grant.must_cover(Action.READING_READ)
    zone = ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)
    DirtyDay.objects.update_or_create(
        patient=whose(grant),
        kind=kind,
        day=day_of(now(), zone),
        defaults={"organisation": grant.organisation, "marked_at": now()},
    )


@transaction.atomic
def sum_up_anew(*, grant: Grant, measured: Iterable[tuple[str, datetime]]) -> None:
    """Something of then (kind, when) counts no longer: what was summed up of these days goes at once."""
    grant.must_cover(Action.READING_READ, Action.READING_WRITE)
    zone = ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)
    days = {(kind, day_of(at, zone)) for kind, at in measured}
    DayInShort.objects.filter(patient=whose(grant), day__in={day for _kind, day in days}).delete()
    for kind, day in sorted(days):
        DirtyDay.objects.update_or_create(
            patient=whose(grant),
            kind=kind,
            day=day,
            defaults={"organisation": grant.organisation, "marked_at": now()},
        )


def _keep(grant: Grant, day: date, short: dict[str, Day], *, until: datetime) -> None:
    if not short:
        return
    patient = whose(grant)
    key = key_of(patient=patient)
    rows = [
        DayInShort(
            organisation=grant.organisation,
            patient=patient,
            quantity=code,
            day=day,
            said=seal_under(
                key=key, patient=patient, plaintext=encode(each), context=IN_SHORT.format(code, day)
            ),
            until_at=until,
        )
        for code, each in short.items()
    ]
    DayInShort.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["patient", "quantity", "day"],
        update_fields=["said", "until_at", "made_at"],
    )

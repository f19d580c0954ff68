"""How values of a patient went over a day, a week, a month, a year: single, by the hour, by the day.

Older days come from what was summed up; of days that something came for since, the rest is read and added.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import QuerySet

from teleward.access.grants import Action, Grant
from teleward.access.queries.visits import visits_kept_closer
from teleward.devices.models import DayInShort, DirtyDay, Kept
from teleward.devices.queries.closer import points_of_visit
from teleward.devices.queries.points import LONG_AGO, WHEN, key_of, points_of_day
from teleward.devices.rollups import (
    Bucket,
    Day,
    Last,
    Point,
    Whole,
    day_of,
    decode,
    decode_whole,
    joined,
    merged,
    midnight,
    rolled,
)
from teleward.devices.whose import whose
from teleward.kernel.envelope import unseal_under

IN_SHORT = "devices:day:{}/{}"  # code, day
SPANS = {"day": 1, "week": 7, "month": 30, "year": 365}
SINGLE, HOURS, DAYS = "single", "hour", "day"
GRAIN = {1: SINGLE, 7: HOURS, 30: HOURS, 365: DAYS}
MOST_DIRTY = 3  # days whose readings are read one by one while somebody waits
HOUR = timedelta(hours=1)


class Spot(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a plot has at one place: one value (`n` 1, all alike), or several of an hour or a day in short."""

    at: datetime  # of the value; the beginning of the hour or day
    n: int
    low: str
    high: str
    mean: Decimal


@dataclass(frozen=True, kw_only=True)
class Trend:
    """One code over a time. `grain` of a spot: single, hour, day; `pending`: more is being summed up."""

    code: str
    grain: str
    spots: tuple[Spot, ...]
    last: Point | None
    pending: bool = False

    @property
    def n(self) -> int:
        """How many values."""
        return sum(spot.n for spot in self.spots)

    @property
    def lowest(self) -> str:
        """The lowest value; empty where there is none."""
        return min((spot.low for spot in self.spots), key=Decimal, default="")

    @property
    def highest(self) -> str:
        """The highest value; empty where there is none."""
        return max((spot.high for spot in self.spots), key=Decimal, default="")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which codes, from which day on up to before which, on which calendar."""

    codes: Collection[str]
    first: date
    ends: date
    zone: ZoneInfo


def trends(
    *,
    grant: Grant,
    codes: Collection[str],
    first: date,
    days: int,
    zone: ZoneInfo,
    beside: Mapping[UUID, Grant] | None = None,
) -> tuple[Trend, ...]:
    """The values of these codes of the grant's patient, by code: 1, 7, 30 or 365 days from `first` on.

    `beside`: visits that are kept closer, each with what lets its readings be read; of others none are shown.
    """
    grant.must_cover(Action.READING_READ)
    asked = Asked(codes=codes, first=first, ends=first + timedelta(days=days), zone=zone)
    more = _beside(asked, beside or {})
    if GRAIN[days] == SINGLE:
        points = points_of_day(grant=grant, day=first, zone=zone)
        return tuple(_single(code, [*points.get(code, []), *more.get(code, [])]) for code in codes)
    added = _in_short(asked, more)
    return _by_day(grant, asked, added) if GRAIN[days] == DAYS else _by_hour(grant, asked, added)


def codes_of(*, grant: Grant, since: date) -> frozenset[str]:
    """The codes with values on or after a day, without opening any."""
    grant.must_cover(Action.READING_READ)
    rows = DayInShort.objects.filter(patient=whose(grant), day__gte=since)
    return frozenset(rows.values_list("quantity", flat=True).distinct())


def last_summed(*, grant: Grant, code: str) -> datetime | None:
    """When the last value that is summed up was measured, from home or in a consultation."""
    grant.must_cover(Action.READING_READ)
    rows = DayInShort.objects.filter(patient=whose(grant), quantity=code)
    day = rows.order_by("-day").values_list("day", flat=True).first()
    opened = _opened(grant, (code,), day, day + timedelta(days=1)) if day else ()
    return next((_point(decode_whole(text).last).at for _code, _day, text in opened), None)


def _beside(asked: Asked, beside: Mapping[UUID, Grant]) -> dict[str, list[Point]]:
    since, until = midnight(asked.first, asked.zone), midnight(asked.ends, asked.zone)
    found: dict[str, list[Point]] = {}
    for visit, grant in beside.items():
        for code, points in points_of_visit(grant=grant, visit=visit, since=since, until=until).items():
            found.setdefault(code, []).extend(points)
    return found


def _in_short(asked: Asked, more: Mapping[str, list[Point]]) -> dict[tuple[str, date], Day]:
    found: dict[tuple[str, date], Day] = {}
    for code, points in more.items():
        for day in {day_of(each.at, asked.zone) for each in points}:
            part = rolled(points, day=day, zone=asked.zone)
            if part:
                found[code, day] = part
    return found


def _single(code: str, given: list[Point]) -> Trend:
    points = sorted(given, key=WHEN)
    spots = tuple(
        Spot(at=each.at, n=1, low=each.value, high=each.value, mean=Decimal(each.value)) for each in points
    )
    return Trend(code=code, grain=SINGLE, spots=spots, last=points[-1] if points else None)


Added = Mapping[tuple[str, date], Day]


def _by_day(grant: Grant, asked: Asked, added: Added) -> tuple[Trend, ...]:
    found: dict[tuple[str, date], Whole | Day] = {
        (code, day): decode_whole(text)
        for code, day, text in _opened(grant, asked.codes, asked.first, asked.ends)
    }
    fresh, pending = _fresh(grant, asked)
    found.update(fresh)
    found |= {key: joined(found[key], more) if key in found else more for key, more in added.items()}
    return tuple(_days(code, found, asked.zone, pending=pending) for code in asked.codes)


def _days(code: str, found: dict[tuple[str, date], Whole | Day], zone: ZoneInfo, *, pending: bool) -> Trend:
    own = sorted((day, each) for (named, day), each in found.items() if named == code)
    spots = tuple(_spot(midnight(day, zone), each.whole) for day, each in own)
    last = _point(own[-1][1].last) if own else None
    return Trend(code=code, grain=DAYS, spots=spots, last=last, pending=pending)


def _by_hour(grant: Grant, asked: Asked, added: Added) -> tuple[Trend, ...]:
    opened = _opened(grant, asked.codes, asked.first, asked.ends)
    found = {(code, day): decode(text) for code, day, text in opened}
    fresh, pending = _fresh(grant, asked)
    found |= fresh
    found |= {key: merged(found[key], more) if key in found else more for key, more in added.items()}
    return tuple(_hours(code, found, asked.zone, pending=pending) for code in asked.codes)


def _hours(code: str, found: dict[tuple[str, date], Day], zone: ZoneInfo, *, pending: bool) -> Trend:
    own = sorted((day, each) for (named, day), each in found.items() if named == code)
    spots = tuple(
        _spot(midnight(day, zone).astimezone(UTC) + hour * HOUR, bucket)
        for day, each in own
        for hour, bucket in enumerate(each.hours)
        if bucket
    )
    last = _point(own[-1][1].last) if own else None
    return Trend(code=code, grain=HOURS, spots=spots, last=last, pending=pending)


def _spot(at: datetime, bucket: Bucket) -> Spot:
    return Spot(at=at, n=bucket.n, low=bucket.low, high=bucket.high, mean=bucket.mean)


def _point(last: Last) -> Point:
    return Point(at=datetime.fromtimestamp(last.at, UTC), value=last.value)


def _opened(
    grant: Grant, codes: Collection[str], first: date, ends: date
) -> Iterator[tuple[str, date, bytes]]:
    patient = whose(grant)
    rows = DayInShort.objects.filter(patient=patient, quantity__in=codes, day__gte=first, day__lt=ends)
    found = _without_closer(patient, rows).order_by("day").values_list("quantity", "day", "said")
    if not found:
        return
    key = key_of(patient=patient)
    for code, day, said in found:
        context = IN_SHORT.format(code, day)
        yield code, day, unseal_under(key=key, patient=patient, sealed=bytes(said), context=context)


def _without_closer(patient: UUID, rows: QuerySet[DayInShort]) -> QuerySet[DayInShort]:
    """Without days that were summed up before a visit of theirs was kept closer; they are soon done anew."""
    closer = visits_kept_closer(patient=patient)
    if not closer:
        return rows
    kept = Kept.objects.filter(sharing__patient=patient, sharing__visit__in=closer)
    days = {
        at.date() + timedelta(days=away) for at in kept.values_list("at", flat=True) for away in (-1, 0, 1)
    }
    return rows.exclude(day__in=days, made_at__lte=max(closer.values()))


def _fresh(grant: Grant, asked: Asked) -> tuple[dict[tuple[str, date], Day], bool]:
    """Days that something came for since they were summed up, whole again; and whether there are more."""
    marked = DirtyDay.objects.filter(patient=whose(grant), day__gte=asked.first, day__lt=asked.ends)
    days = list(marked.order_by("-day").values_list("day", flat=True).distinct()[: MOST_DIRTY + 1])
    found: dict[tuple[str, date], Day] = {}
    for day in days[:MOST_DIRTY]:
        found |= _whole_again(grant, asked, day)
    return found, len(days) > MOST_DIRTY


def _whole_again(grant: Grant, asked: Asked, day: date) -> dict[tuple[str, date], Day]:
    patient = whose(grant)
    rows = DayInShort.objects.filter(patient=patient, day=day)
    until = max(rows.values_list("until_at", flat=True), default=LONG_AGO)
    short = {
        code: decode(text) for code, _day, text in _opened(grant, asked.codes, day, day + timedelta(days=1))
    }
    points = points_of_day(grant=grant, day=day, zone=asked.zone, after=until)
    found: dict[tuple[str, date], Day] = {}
    for code in points.keys() & set(asked.codes):
        part = rolled(points[code], day=day, zone=asked.zone)
        if part:
            found[code, day] = merged(short[code], part) if code in short else part
    return found

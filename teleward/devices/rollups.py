"""A day of one quantity in short: by hour and in all how many, the lowest, the highest and the sum. Pure.

Numbers are decimals as text, exactly as they were measured; only the mean is worked out, when it is shown.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

HOUR = 3600


class Point(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One value at one instant; `value` is a decimal as text in the unit of its quantity."""

    at: datetime
    value: str


class Bucket(msgspec.Struct, array_like=True, frozen=True):
    """What was measured within some time: how many values, the lowest, the highest, their sum."""

    n: int
    low: str
    high: str
    total: str

    @property
    def mean(self) -> Decimal:
        """The sum by the number; exact until it is shown."""
        return Decimal(self.total) / self.n


class Last(msgspec.Struct, array_like=True, frozen=True):
    """The last value: when (seconds since 1970) and what."""

    at: float
    value: str


class Day(msgspec.Struct, array_like=True, frozen=True):
    """A whole day and its hours, counted from local midnight; None: nothing measured."""

    whole: Bucket
    last: Last
    hours: tuple[Bucket | None, ...]


class Whole(msgspec.Struct, array_like=True, frozen=True):
    """The same row where only the day is asked for: the hours are passed over unread."""

    whole: Bucket
    last: Last


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Day).decode
decode_whole = msgspec.json.Decoder(Whole).decode


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which this day begins here."""
    return datetime.combine(day, datetime.min.time(), zone)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The day on the practice's calendar."""
    return at.astimezone(zone).date()


def hours_of(day: date, zone: ZoneInfo) -> int:
    """24, but for the two days on which the clocks are changed."""
    length = midnight(day + timedelta(days=1), zone).timestamp() - midnight(day, zone).timestamp()
    return round(length / HOUR)


def rolled(points: Iterable[Point], *, day: date, zone: ZoneInfo) -> Day | None:
    """The day in short; None where nothing was measured on it. Points of other days are left out."""
    begins = midnight(day, zone).timestamp()
    hours: list[list[Decimal]] = [[] for _hour in range(hours_of(day, zone))]
    last = Last(begins, "")
    for point in points:
        at = point.at.timestamp()
        hour = int((at - begins) // HOUR)
        if 0 <= hour < len(hours):
            hours[hour].append(Decimal(point.value))
            last = Last(at, point.value) if at >= last.at else last
    buckets = [bucket(values) if values else None for values in hours]
    whole = together(buckets)
    return Day(whole, last, tuple(buckets)) if whole else None


def merged(one: Day, other: Day) -> Day:
    """Two parts of the same day as one."""
    whole = together((one.whole, other.whole))
    hours = tuple(together(pair) for pair in zip(one.hours, other.hours, strict=True))
    return Day(whole or one.whole, max(one.last, other.last, key=lambda each: each.at), hours)


def joined(one: Day | Whole, other: Day) -> Day | Whole:
    """The same where of one part the hours may not have been read."""
    if isinstance(one, Day):
        return merged(one, other)
    whole = together((one.whole, other.whole))
    return Whole(whole or one.whole, max(one.last, other.last, key=lambda each: each.at))


def bucket(values: Sequence[Decimal]) -> Bucket:
    """Values of one time in short; there is at least one."""
    return Bucket(len(values), _text(min(values)), _text(max(values)), _text(sum(values, Decimal())))


def together(buckets: Iterable[Bucket | None]) -> Bucket | None:
    """Several times as one; None where nothing was measured in any of them."""
    found = [each for each in buckets if each]
    if not found:
        return None
    return Bucket(
        sum(each.n for each in found),
        _text(min(Decimal(each.low) for each in found)),
        _text(max(Decimal(each.high) for each in found)),
        _text(sum((Decimal(each.total) for each in found), Decimal())),
    )


def _text(number: Decimal) -> str:
    return format(number, "f")

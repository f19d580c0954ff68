"""Dates and numbers as a search writes them: a prefix and a stretch that is as wide as what was written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from teleward.kernel.clock import now
from teleward.records.models import UNDATED

__all__ = [
    "FIRST",
    "LAST",
    "UNDATED",
    "NoRange",
    "Range",
    "date_condition",
    "date_range",
    "number_condition",
    "prefixed",
]

FIRST, LAST = datetime(3, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
PREFIX = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb|ap)?(.*)", re.DOTALL)
DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)
MOST_DIGITS = 200


class NoRange(ValueError):
    """It is no date or no number."""


@dataclass(frozen=True)
class Range:
    """From `low` to before `high`."""

    low: datetime
    high: datetime


def prefixed(text: str) -> tuple[str, str]:
    """The prefix, `eq` where there is none, and the rest."""
    found = PREFIX.fullmatch(text)
    return (found[1] or "eq", found[2]) if found else ("eq", text)


def date_range(text: str) -> Range:
    """`2026`, `2026-11`, `2026-11-22`, or an instant down to the millisecond. Raises NoRange."""
    found = DATE.fullmatch(text.strip().replace(" ", "+"))
    if found is None:
        raise NoRange
    year, month, day, hour, minute, second, part, zone = found.groups()
    try:
        low = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), tzinfo=UTC
        )
        low = low.replace(second=int(second or 0)) + timedelta(seconds=float(part or 0)) - _offset(zone)
        high = low + _width(low, month, day, hour, second, part)
    except (ValueError, OverflowError) as impossible:
        raise NoRange from impossible
    return Range(max(low, FIRST), min(high, LAST))


def _offset(zone: str | None) -> timedelta:
    if zone in {None, "Z"}:
        return timedelta()
    hours, minutes = int(str(zone)[1:3]), int(str(zone)[4:6])
    return timedelta(hours=hours, minutes=minutes) * (-1 if str(zone)[0] == "-" else 1)


def _width(low: datetime, *parts: str | None) -> timedelta:
    month, day, hour, second, fraction = parts
    if fraction is not None:
        return timedelta(milliseconds=1)
    if second is not None:
        return timedelta(seconds=1)
    if hour is not None:
        return timedelta(minutes=1)
    if day is not None:
        return timedelta(days=1)
    if month is None:
        return low.replace(year=low.year + 1) - low
    return (low.replace(day=28) + timedelta(days=4)).replace(day=1) - low


WITHIN = "({low} >= {a} AND {high} <= {b})"
DATES = {  # R4, search.html#prefix; a and b are the bounds asked for
    "eq": WITHIN,
    "ne": f"NOT {WITHIN}",
    "gt": "{high} > {b}",
    "lt": "{low} < {a}",
    "ge": f"({{high}} > {{b}} OR {WITHIN})",
    "le": f"({{low}} < {{a}} OR {WITHIN})",
    "sa": "{low} >= {b}",
    "eb": "{high} <= {a}",
    "ap": "({low} < {b} AND {high} > {a})",
}
NEAR = "({column} >= {a} AND {column} < {b})"
NUMBERS = {
    "eq": NEAR,
    "ap": NEAR,
    "ne": f"NOT {NEAR}",
    "gt": "{column} > {n}",
    "sa": "{column} > {n}",
    "lt": "{column} < {n}",
    "eb": "{column} < {n}",
    "ge": "{column} >= {n}",
    "le": "{column} <= {n}",
}


def date_condition(prefix: str, asked: Range, low: str, high: str, put: Callable[[object], str]) -> str:
    """The prefix as SQL over the columns `low` and `high`."""
    if prefix == "ap":
        slack = abs(now() - asked.low) / 10
        asked = Range(max(asked.low - slack, FIRST), min(asked.high + slack, LAST))
    bounds = {"{a}": (asked.low, "timestamptz"), "{b}": (asked.high, "timestamptz")}
    return _filled(DATES[prefix].replace("{low}", low).replace("{high}", high), bounds, put)


def number_condition(text: str, column: str, put: Callable[[object], str]) -> str:
    """A number with its prefix as SQL; as exact as it was written: 100 is 99.5 to 100.5. Raises NoRange."""
    prefix, digits = prefixed(text.strip())
    number = _number(digits)
    exponent = int(number.as_tuple().exponent)
    slack = abs(number) / 10 if prefix == "ap" else Decimal(5).scaleb(exponent - 1)
    bounds = {"{a}": number - slack, "{b}": number + slack, "{n}": number}
    typed = {place: (float(bound), "float8") for place, bound in bounds.items()}
    return _filled(NUMBERS[prefix].replace("{column}", column), typed, put)


def _number(digits: str) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation as impossible:
        raise NoRange from impossible
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS or len(digits) > MOST_DIGITS:
        raise NoRange
    return number


def _filled(text: str, bounds: Mapping[str, tuple[object, str]], put: Callable[[object], str]) -> str:
    for place, (bound, sort) in bounds.items():
        if place in text:
            text = text.replace(place, f"{put(bound)}::{sort}")
    return text

"""Readings held against the limits set for a patient. Pure: nothing is looked up, nothing is told.

A value on the limit itself lies within. What is missing (a special value) is never outside of anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from teleward.devices.limits import Range


@dataclass(frozen=True, kw_only=True)
class Said:
    """One value of a reading, at the instant it was measured."""

    code: str
    value: Decimal
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Outside:
    """The values of one code outside of its limits: the first, the last, the lowest and the highest."""

    code: str
    first: Said
    last: Said
    lowest: Said
    highest: Said


def outside(*, said: Iterable[Said], limits: Mapping[str, Range]) -> tuple[Outside, ...]:
    """For each code with values outside of its limits, these values in short; by code."""
    found: dict[str, list[Said]] = {}
    for each in said:
        if each.code in limits and not limits[each.code].holds(each.value):
            found.setdefault(each.code, []).append(each)
    return tuple(in_short(code, values) for code, values in sorted(found.items()))


def in_short(code: str, values: Iterable[Said]) -> Outside:
    """Values of one code in short; told twice, it stays the same."""
    by_time = sorted(values, key=lambda each: each.at)
    by_value = sorted(by_time, key=lambda each: each.value)
    highest = max(by_time, key=lambda each: each.value)
    return Outside(code=code, first=by_time[0], last=by_time[-1], lowest=by_value[0], highest=highest)


def both(one: Outside, other: Outside) -> Outside:
    """What an open alert has collected, with what came later, earlier or twice."""
    said = (*_said(one), *_said(other))
    return in_short(one.code, said)


def _said(one: Outside) -> tuple[Said, ...]:
    return one.first, one.last, one.lowest, one.highest

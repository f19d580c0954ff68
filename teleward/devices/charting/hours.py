"""An hour of what is measured all the time, as one Observation with SampledData. No value is worked out.

SampledData has a steady pace. It is the slowest at which every value has a place of its own, hardly away from
when it was measured; a place without a value says E.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from teleward.devices.kinds.observing import quantity

Json = dict[str, Any]
PACES = tuple(timedelta(milliseconds=each) for each in (60_000, 30_000, 10_000, 5_000, 1_000, 500, 100, 10))
AWAY = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)
NOTHING = "E"
PROFILED = frozenset({"valueQuantity", "component", "dataAbsentReason", "meta", "effectiveDateTime", "note"})


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A value as it was measured, and when."""

    at: datetime
    value: str


def hour_of(at: datetime) -> datetime:
    """When its hour began, UTC."""
    return at.replace(minute=0, second=0, microsecond=0)


def in_the_hour(body: Json, samples: Sequence[Sample], *, unit: str) -> Json:
    """The Observation of one hour, from that of one value of it. Where two came at once, the first counts."""
    by_time = sorted({each.at: each for each in reversed(samples)}.values(), key=lambda each: each.at)
    pace = _pace([each.at for each in by_time])
    places = {_place(each.at - by_time[0].at, pace): each.value for each in by_time}
    data = " ".join(places.get(place, NOTHING) for place in range(max(places) + 1))
    last = by_time[0].at + pace * max(places)
    return {name: value for name, value in body.items() if name not in PROFILED} | {
        "effectivePeriod": {"start": by_time[0].at.isoformat(), "end": last.isoformat()},
        "valueSampledData": {
            "origin": quantity("0", unit),
            "period": Decimal(pace // MILLISECOND),
            "dimensions": 1,
            "data": data,
        },
        "note": [{"text": f"Each time is rounded to {pace.total_seconds():g} s; E: no value."}],
    }


def _pace(times: Sequence[datetime]) -> timedelta:
    return next((pace for pace in PACES if _fits(times, pace)), PACES[-1])


def _fits(times: Sequence[datetime], pace: timedelta) -> bool:
    gone = [at - times[0] for at in times]
    places = [_place(each, pace) for each in gone]
    away = max(abs(each - pace * place) for each, place in zip(gone, places, strict=True))
    return len(set(places)) == len(places) and away <= AWAY


def _place(gone: timedelta, pace: timedelta) -> int:
    return round(gone / pace)

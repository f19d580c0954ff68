"""A trend as a page shows it: words, a band, a table, and the numbers of the plot. Pure.

Nothing is drawn between what was measured: a plot of hours or days has an empty place where nothing was, and
single values are joined only where a device measures on and on, at most ten minutes from one to the next.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from teleward.devices.limits import Range
from teleward.devices.queries.trends import DAYS, HOURS, SINGLE, Spot, Trend
from teleward.devices.rollups import midnight

APART = timedelta(minutes=10)
STEP = {HOURS: timedelta(hours=1), DAYS: timedelta(days=1)}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something that happened at a time, by the name it has in the chart."""

    at: datetime
    name: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table; `low` and `mean` are empty where it is a single value."""

    at: datetime
    n: int
    low: str
    mean: str
    high: str


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One code on the page. `band_is`: limits (of this patient), usual, or empty where there is none."""

    code: str
    word: str | Promise
    unit: str
    trend: Trend
    band: Range
    band_is: str
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    joined: bool
    digits: int

    @property
    def is_single(self) -> bool:
        """Whether each spot is one value as it was measured."""
        return self.trend.grain == SINGLE

    @property
    def numbers(self) -> tuple[str, str]:
        """The two numbers of the code, for an address."""
        first, _dash, check = self.code.partition("-")
        return first, check


def rows_of(spots: Sequence[Spot], *, digits: int) -> tuple[Row, ...]:
    """The table, the newest first."""
    return tuple(_row(spot, digits) for spot in reversed(spots))


def drawn(plot: Plot, *, first: date, days: int, zone: ZoneInfo) -> dict[str, object]:
    """The numbers of a plot as JSON: `x` in seconds since 1970, and None where nothing was measured."""
    begins, ends = midnight(first, zone), midnight(first + timedelta(days=days), zone)
    spots = list(_with_gaps(plot.trend, joined=plot.joined))
    return {
        "x": [at.timestamp() for at, _spot in spots],
        "mean": [None if spot is None else float(rounded(spot.mean, plot.digits)) for _at, spot in spots],
        "low": [None if spot is None else float(spot.low) for _at, spot in spots],
        "high": [None if spot is None else float(spot.high) for _at, spot in spots],
        "from": begins.timestamp(),
        "until": ends.timestamp(),
        "single": plot.is_single,
        "joined": plot.joined,
        "band": [_float(plot.band.low), _float(plot.band.high)] if plot.band_is else None,
        "limits": plot.band_is == "limits",
        "marks": [{"at": mark.at.timestamp(), "name": mark.name} for mark in plot.marks],
        "digits": plot.digits,
    }


def rounded(number: Decimal, digits: int) -> Decimal:
    """For the eye: a mean with as many digits as are measured."""
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)


def _row(spot: Spot, digits: int) -> Row:
    mean = "" if spot.n == 1 else str(rounded(spot.mean, digits))
    return Row(at=spot.at, n=spot.n, low="" if spot.n == 1 else spot.low, mean=mean, high=spot.high)


def _with_gaps(trend: Trend, *, joined: bool) -> Iterator[tuple[datetime, Spot | None]]:
    """The spots, each in the middle of its time, and an empty place after one that nothing follows."""
    step = STEP.get(trend.grain, timedelta())
    longest = step * 1.5 if step else APART
    before: datetime | None = None
    for spot in trend.spots:
        if before is not None and (not joined or spot.at - before > longest):
            yield before + step / 2 + (spot.at - before) / 2, None
        yield spot.at + step / 2, spot
        before = spot.at


def marks_within(marks: Iterable[Mark], *, since: datetime, until: datetime) -> tuple[Mark, ...]:
    """Those that lie in the time of the plot."""
    return tuple(mark for mark in marks if since <= mark.at < until)


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)

"""What the trend pages of staff and of patients share: the plots of one time, ready for a template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.utils.dateparse import parse_date

from teleward.access.grants import Grant
from teleward.access.queries.people import organisation
from teleward.devices import csv_file
from teleward.devices.limits import USUAL, Range
from teleward.devices.plots import Mark, Plot, drawn, marks_within, rows_of
from teleward.devices.queries.quantities import kinds_of, quantities
from teleward.devices.queries.thresholds import Limits, limits_of
from teleward.devices.queries.trends import GRAIN, Trend, trends
from teleward.devices.rollups import day_of, midnight
from teleward.devices.signs import sign
from teleward.kernel.clock import now

SHOWN_ROWS = 120
FARTHEST = 20 * 366  # days back


@dataclass(frozen=True, kw_only=True)
class Time:
    """`days` days up to and with `last`, on the practice's calendar."""

    days: int
    last: date
    zone: ZoneInfo

    @property
    def first(self) -> date:
        """The first day of it."""
        return self.last - timedelta(days=self.days - 1)

    @property
    def since(self) -> datetime:
        """When it begins."""
        return midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """When it is over."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def before(self) -> date:
        """The last day of the time before it."""
        return self.last - timedelta(days=self.days)

    @property
    def after(self) -> date | None:
        """The last day of the time after it; None where that has not begun."""
        following = min(self.last + timedelta(days=self.days), day_of(now(), self.zone))
        return following if following > self.last else None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One plot with the numbers its script draws, and the first lines of its table."""

    plot: Plot
    drawn: dict[str, object]
    limits: Limits | None

    @property
    def name(self) -> str:
        """Under which the script finds its numbers."""
        return f"d{self.plot.code}"

    @property
    def rows(self) -> Sequence[object]:
        """The newest lines of the table."""
        return self.plot.rows[:SHOWN_ROWS]

    @property
    def left_out(self) -> int:
        """How many lines only the file has."""
        return max(0, len(self.plot.rows) - SHOWN_ROWS)


def asked_time(request: HttpRequest, grant: Grant, days: int) -> Time:
    """The time the address asks for, today where it names no day. Raises Http404 for another length."""
    if days not in GRAIN:
        raise Http404
    zone = ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)
    today = day_of(now(), zone)
    named = request.GET.get("date") or request.GET.get("until", "")
    return Time(days=days, last=_day(named, today), zone=zone)


def _day(text: str, today: date) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    return found if found and today - timedelta(days=FARTHEST) <= found <= today else today


def shown_plots(
    *, grant: Grant, time: Time, marks: Iterable[Mark] = (), apart: Mapping[UUID, Grant]
) -> tuple[Shown, ...]:
    """A plot for each code with values in this time, or with limits, in the order of the kinds.

    `apart`: visits that are kept closer, each with what lets its readings be read.
    """
    limits = {each.code: each for each in limits_of(grant=grant)}
    codes = tuple(quantities())
    beside = marks_within(marks, since=time.since, until=time.until)
    found = trends(grant=grant, codes=codes, first=time.first, days=time.days, zone=time.zone, beside=apart)
    plots = [_plot(each, limits.get(each.code), beside) for each in found if each.n or each.code in limits]
    return tuple(
        Shown(
            plot=plot,
            drawn=drawn(plot, first=time.first, days=time.days, zone=time.zone),
            limits=limits.get(plot.code),
        )
        for plot in plots
    )


def table_file(*, grant: Grant, time: Time, code: str, apart: Mapping[UUID, Grant]) -> bytes:
    """The whole table of one code as CSV. Raises Http404 for a code that nobody measures."""
    if code not in quantities():
        raise Http404
    (found,) = trends(
        grant=grant, codes=(code,), first=time.first, days=time.days, zone=time.zone, beside=apart
    )
    return csv_file.written(_plot(found, None, ()), zone=time.zone)


def _plot(trend: Trend, limits: Limits | None, marks: tuple[Mark, ...]) -> Plot:
    quantity = quantities()[trend.code]
    band, band_is = _band(trend.code, limits)
    return Plot(
        code=trend.code,
        word=quantity.word,
        unit=str(sign(quantity.unit)),
        trend=trend,
        band=band,
        band_is=band_is,
        rows=rows_of(trend.spots, digits=quantity.digits),
        marks=marks,
        joined=any(kind.continuous for kind in kinds_of(trend.code)),
        digits=quantity.digits,
    )


def _band(code: str, limits: Limits | None) -> tuple[Range, str]:
    if limits is not None and limits.has_range:
        return limits.range, "limits"
    return (USUAL[code], "usual") if code in USUAL else (Range(), "")

"""Clock times of a place, and the instants they mean: right on the two odd nights a year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem


class NoSuchTime(Problem):
    """The clocks jump over this time."""

    code = "consult:no-such-time"
    message = _(
        "The clocks go forward on this day and skip this time. Please choose an earlier or a later time."
    )


class TwoSuchTimes(Problem):
    """The clocks show this time twice."""

    code = "consult:two-such-times"
    message = _(
        "The clocks go back on this day and show this time twice. Please say which of the two you mean."
    )


def instant(*, day: date, clock: time, zone: str, second: bool | None = None) -> datetime:
    """The instant, in UTC, at which the clocks of `zone` show `clock` on `day`.

    `second` chooses between the two instants of a time that comes twice. Raises NoSuchTime, TwoSuchTimes.
    """
    first, later = (
        datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).replace(fold=fold).astimezone(UTC)
        for fold in (0, 1)
    )
    if first == later:
        return first
    if first.astimezone(ZoneInfo(zone)).time() != clock:
        raise NoSuchTime
    if second is None:
        raise TwoSuchTimes
    return later if second else first


def day_of(*, at: datetime, zone: str) -> date:
    """The date on the wall of `zone` at this instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def span(*, day: date, zone: str) -> tuple[datetime, datetime]:
    """The first instant of the day in `zone` and the first one after it: 23, 24 or 25 hours apart."""
    midnight, local = time.min, ZoneInfo(zone)
    start = datetime.combine(day, midnight, tzinfo=local)
    return start.astimezone(UTC), datetime.combine(
        day + timedelta(days=1), midnight, tzinfo=local
    ).astimezone(UTC)

"""Dates and times of HL7 (2.5.1, 2.A.22): as exact as they were written, with or without an offset."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from teleward.records.hl7.reasons import MessageRefused, Reason

WRITTEN: Final = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d\d)(?:(?P<day>\d\d)(?:(?P<hour>\d\d)(?:(?P<minute>\d\d)(?:(?P<second>\d\d)"
    r"(?:\.(?P<part>\d{1,6}))?)?)?)?)?)?(?P<offset>[+-]\d{4})?",
    re.ASCII,
)
PRECISIONS: Final = ("part", "second", "minute", "hour", "day", "month", "year")


@dataclass(frozen=True)
class Moment:
    """What was written: the earliest instant it may mean, on its own clock, and how exact it is."""

    at: datetime  # with an offset if one was written
    precision: str  # one of PRECISIONS

    @property
    def has_time(self) -> bool:
        """Whether it names at least hour and minute."""
        return PRECISIONS.index(self.precision) <= PRECISIONS.index("minute")

    @property
    def day(self) -> date | None:
        """The day, where one is named."""
        return self.at.date() if PRECISIONS.index(self.precision) <= PRECISIONS.index("day") else None

    def instant(self, zone: ZoneInfo, place: str = "") -> datetime:
        """The instant; without an offset on the clock of `zone`. Raises MessageRefused in the odd hours."""
        if self.at.tzinfo is not None:
            return _utc(self.at, place)
        early, late = self.at.replace(tzinfo=zone), self.at.replace(tzinfo=zone, fold=1)
        if early.utcoffset() != late.utcoffset():
            raise MessageRefused(Reason.TIME_UNCLEAR, place)
        return _utc(early, place)


def moment(text: str, place: str = "") -> Moment:
    """Reads a date or time. Raises MessageRefused."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise MessageRefused(Reason.TIME_WRONG, place)
    said = {name: value for name, value in found.groupdict().items() if value}
    try:
        return Moment(_at(said), next(name for name in PRECISIONS if name in said))
    except ValueError as impossible:
        raise MessageRefused(Reason.TIME_WRONG, place) from impossible


def instant(text: str, *, zone: ZoneInfo, place: str = "") -> datetime:
    """The instant a text names; at least to the minute. Raises MessageRefused."""
    found = moment(text, place)
    if not found.has_time:
        raise MessageRefused(Reason.TIME_WRONG, place)
    return found.instant(zone, place)


def said_at(text: str, *, zone: ZoneInfo) -> datetime | None:
    """When something was said, however exactly; None where it is not written. Of two instants the earlier."""
    if not text:
        return None
    found = moment(text).at
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    return _utc(aware, "MSH-7")


def day(text: str, place: str = "") -> date:
    """A day. Raises MessageRefused."""
    found = moment(text, place).day
    if found is None:
        raise MessageRefused(Reason.TIME_WRONG, place)
    return found


def written(at: datetime) -> str:
    """An instant as HL7 writes it, to the second, with its offset."""
    return at.strftime("%Y%m%d%H%M%S%z")


def _at(said: dict[str, str]) -> datetime:
    numbers = [int(said.get(name, first)) for name, first in (("year", 1), ("month", 1), ("day", 1))]
    clock = [int(said.get(name, 0)) for name in ("hour", "minute", "second")]
    parts = int(said.get("part", "0").ljust(6, "0"))
    year, month, day_ = numbers
    hour, minute, second = clock
    return datetime(year, month, day_, hour, minute, second, parts, tzinfo=_offset(said.get("offset", "")))


def _offset(text: str) -> timezone | None:
    if not text:
        return None
    minutes = int(text[1:3]) * 60 + int(text[3:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _utc(at: datetime, place: str) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as impossible:
        raise MessageRefused(Reason.TIME_WRONG, place) from impossible

"""What one row of a table wishes for, and what is unclear about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from teleward.consult.local_time import NoSuchTime, TwoSuchTimes, instant

from .columns import Columns, Role
from .days import NoClock, NoDay, Order, Unclear, clock_said, day_said, moment_said, parted
from .decoding import Numbered
from .limits import USUAL_MINUTES

MINUTES = re.compile(r"(\d{1,3})\s*(?:m|min|min\.|minuten|minutes|mins|')?", re.IGNORECASE)
HOURS = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
TITLES = re.compile(r"\b(?:dr|prof|med|dipl|psych|herr|frau|mr|mrs|ms)\b\.?\s*", re.IGNORECASE)


class Trouble(StrEnum):
    """What keeps a row from being booked; `tables/words.py` has the sentences."""

    NAME_MISSING = "name-missing"
    BORN_MISSING = "born-missing"
    BORN_UNREADABLE = "born-unreadable"
    BORN_UNCLEAR = "born-unclear"
    DAY_MISSING = "day-missing"
    DAY_UNREADABLE = "day-unreadable"
    DAY_UNCLEAR = "day-unclear"
    CLOCK_MISSING = "clock-missing"
    CLOCK_UNREADABLE = "clock-unreadable"
    NO_SUCH_TIME = "no-such-time"
    TWO_SUCH_TIMES = "two-such-times"
    LENGTH = "length"
    HOST_MISSING = "host-missing"
    HOST_UNKNOWN = "host-unknown"
    NUMBER_WRONG = "number-wrong"
    NOBODY = "nobody"
    SEVERAL = "several"
    TWICE = "twice"
    BOOKED = "booked-already"
    TAKEN = "taken"
    PAST = "past"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a person says about a whole table."""

    columns: Columns
    zone: str
    today: date
    order: Order | None = None
    hosts: dict[str, str] = field(default_factory=dict)  # plain name: id
    host: str = ""  # the id of whoever holds what names nobody
    minutes: int = USUAL_MINUTES


@dataclass(kw_only=True)
class Line:
    """One row as it was understood. `troubles` is empty where it can be booked."""

    number: int
    cells: tuple[str, ...]
    given_name: str = ""
    family_name: str = ""
    full_name: str = ""
    born_on: date | None = None
    insured: str = ""
    charted: str = ""
    starts_at: datetime | None = None
    minutes: int = USUAL_MINUTES
    host: str = ""
    purpose: str = ""
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def ends_at(self) -> datetime | None:
        """When it would be over."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


def line_of(row: Numbered, given: Given) -> Line:
    """The row as the columns say."""
    said = {role: row.cells[place] for place, role in given.columns.items() if place < len(row.cells)}
    line = Line(number=row.number, cells=row.cells, purpose=said.get(Role.PURPOSE, ""))
    line.insured, line.charted = said.get(Role.NUMBER, ""), said.get(Role.CHART, "")
    _who(line, said, given)
    _when(line, said, given)
    line.minutes = _minutes(line, said, given)
    if not 5 <= line.minutes <= 240:
        line.troubles.append(Trouble.LENGTH)
    _with_whom(line, said.get(Role.HOST, ""), given)
    return line


def plain_name(name: str) -> str:
    """A clinician's name without titles, case and signs."""
    return " ".join(re.findall(r"\w+", TITLES.sub("", name.casefold())))


def _who(line: Line, said: dict[Role, str], given: Given) -> None:
    line.family_name, line.given_name = said.get(Role.FAMILY, ""), said.get(Role.GIVEN, "")
    whole = said.get(Role.NAME, "")
    family, comma, first = whole.partition(",")
    if comma and not line.family_name:
        line.family_name, line.given_name = family.strip(), first.strip()
    elif not line.family_name or not line.given_name:
        line.full_name = whole or ""
    if line.insured:
        return
    if not line.charted and not line.full_name and not (line.family_name and line.given_name):
        line.troubles.append(Trouble.NAME_MISSING)
    _born(line, said.get(Role.BORN, ""), given)


def _born(line: Line, text: str, given: Given) -> None:
    if not text:
        line.troubles.append(Trouble.BORN_MISSING)
        return
    try:
        line.born_on = day_said(parted(text)[0], order=given.order, is_birth=True, today=given.today)
    except Unclear:
        line.troubles.append(Trouble.BORN_UNCLEAR)
    except NoDay:
        line.troubles.append(Trouble.BORN_UNREADABLE)


def _when(line: Line, said: dict[Role, str], given: Given) -> None:
    moment = moment_said(said.get(Role.START, ""))
    if moment is not None:
        line.starts_at = moment
        return
    day, clock = parted(said.get(Role.START, ""))
    other_day, other_clock = parted(said.get(Role.DAY, ""))
    found_day = _day(line, day if clock or not other_day else other_day, given)
    bare = day if other_day else ""  # a column called "Start" beside one called "Date" holds the time alone
    found_clock = _clock(line, said.get(Role.CLOCK, "") or clock or other_clock or bare)
    if found_day is None or found_clock is None:
        return
    try:
        line.starts_at = instant(day=found_day, clock=found_clock, zone=given.zone)
    except NoSuchTime:
        line.troubles.append(Trouble.NO_SUCH_TIME)
    except TwoSuchTimes:
        line.troubles.append(Trouble.TWO_SUCH_TIMES)


def _day(line: Line, text: str, given: Given) -> date | None:
    if not text:
        line.troubles.append(Trouble.DAY_MISSING)
        return None
    try:
        return day_said(text, order=given.order, today=given.today)
    except Unclear:
        line.troubles.append(Trouble.DAY_UNCLEAR)
    except NoDay:
        line.troubles.append(Trouble.DAY_UNREADABLE)
    return None


def _clock(line: Line, text: str) -> time | None:
    if not text:
        line.troubles.append(Trouble.CLOCK_MISSING)
        return None
    try:
        return clock_said(text)
    except NoClock:
        line.troubles.append(Trouble.CLOCK_UNREADABLE)
        return None


def _minutes(line: Line, said: dict[Role, str], given: Given) -> int:
    """The length; 0 where it cannot be understood."""
    text, end = said.get(Role.MINUTES, ""), said.get(Role.END, "")
    if text:
        return _length(text)
    return _until(line, end, given) if end and line.starts_at else given.minutes


def _length(text: str) -> int:
    plain, clock = MINUTES.fullmatch(text), HOURS.fullmatch(text)
    if plain:
        return int(plain[1])
    return int(clock[1]) * 60 + int(clock[2]) if clock else 0


def _until(line: Line, end: str, given: Given) -> int:
    start = line.starts_at
    moment = moment_said(end)
    if start is None:
        return 0
    try:
        day = start.astimezone(ZoneInfo(given.zone)).date()
        ends = moment or instant(day=day, clock=clock_said(parted(end)[1] or end), zone=given.zone)
    except (NoClock, NoSuchTime, TwoSuchTimes):
        return 0
    return (ends - start) // timedelta(minutes=1)


def _with_whom(line: Line, name: str, given: Given) -> None:
    if not name:
        line.host = given.host
        if not given.host:
            line.troubles.append(Trouble.HOST_MISSING)
        return
    line.host = host_named(name, given.hosts)
    if not line.host:
        line.troubles.append(Trouble.HOST_UNKNOWN)


def host_named(name: str, hosts: dict[str, str]) -> str:
    """The id of the one clinician of this name, or of this family name; "" where there is none or several."""
    wanted = plain_name(name)
    family, comma, first = name.partition(",")
    if comma:
        wanted = plain_name(f"{first} {family}")
    if wanted in hosts:
        return hosts[wanted]
    alike: Sequence[str] = [found for known, found in hosts.items() if wanted and wanted == known.split()[-1]]
    return alike[0] if len(alike) == 1 else ""

"""Days and times as people and spreadsheets write them. What could be two days is asked about."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

SERIAL_ZERO = date(1899, 12, 30)  # ECMA-376 18.17.4.1: day 1 is 1 January 1900, after a day that never was
SERIAL_FIRST, SERIAL_LAST = 367, 73_050  # 1901 to 2099
MINUTES_OF_A_DAY = 24 * 60
MONTHS = (
    "jan januar january jänner|feb februar february|mär märz mar march mrz|apr april|mai may|jun juni june|"
    "jul juli july|aug august|sep sept september|okt oktober oct october|nov november|"
    "dez dezember dec december"
)
MONTH = {word: number for number, words in enumerate(MONTHS.split("|"), start=1) for word in words.split()}
WEEKDAY = re.compile(
    r"^[a-zäö]{2,10}\.?,\s*|^(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun)\.?\s+", re.IGNORECASE
)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
TIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
WORDED = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s+([^\W\d]+)\.?,?\s+(\d{4})")
WORDED_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
SERIAL = re.compile(r"(\d{3,5})(?:[.,](\d+))?")
CLOCK = re.compile(
    r"(\d{1,2})\s*[:.h]\s*(\d{2})(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(uhr|h|am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE
)
HOUR = re.compile(r"(\d{1,2})\s*(uhr|h|am|pm|a\.m\.|p\.m\.)", re.IGNORECASE)
FOUR = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
FRACTION = re.compile(r"0[.,]\d+")
DAY_AND_CLOCK = re.compile(
    r"(.*\d)(?:T|\s*,\s*|\s+(?:um\s+|at\s+)?)(\d{1,2}(?:\s*[:.h]\s*\d{2}.*|\s*(?:uhr|h|am|pm)))",
    re.IGNORECASE,
)


Reading = Callable[[re.Match[str], "Order | None"], tuple[str, str, str]]  # year, month, day


class Order(StrEnum):
    """How a day with slashes is meant."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"


class Unclear(ValueError):
    """It could be two days, or two centuries."""


class NoDay(ValueError):
    """No day, or none that exists."""


class NoClock(ValueError):
    """No time of day."""


def day_said(text: str, *, order: Order | None = None, is_birth: bool = False, today: date) -> date:
    """The day. `order` says how 03/09/26 is meant. Raises Unclear or NoDay."""
    bare = WEEKDAY.sub("", text.strip())
    for pattern, reading in _READINGS:
        found = pattern.fullmatch(bare)
        if found:
            return _dated(*reading(found, order), is_birth=is_birth, today=today)
    raise NoDay


def order_shown(texts: Iterable[str]) -> Order | None:
    """How slashed days are meant, where one of them can be read in one way only and none contradicts."""
    shown = {order for text in texts if (order := _order_of(text)) is not None}
    return shown.pop() if len(shown) == 1 else None


def is_slashed(text: str) -> bool:
    """Whether it is a day that has to be asked about unless another says how they are meant."""
    return SLASHED.fullmatch(WEEKDAY.sub("", text.strip())) is not None


def clock_said(text: str) -> time:
    """The time of day. Raises NoClock."""
    bare = text.strip()
    for pattern, reading in _CLOCKS:
        found = pattern.fullmatch(bare)
        if found:
            try:
                return reading(found)
            except ValueError as wrong:
                raise NoClock from wrong
    raise NoClock


def parted(text: str) -> tuple[str, str]:
    """Day and time of a text that says both; a time of "" where it says only one."""
    serial = SERIAL.fullmatch(text.strip())
    if serial and serial[2]:
        return serial[1], f"0.{serial[2]}"
    found = DAY_AND_CLOCK.fullmatch(text.strip())
    return (found[1], found[2]) if found else (text.strip(), "")


def moment_said(text: str) -> datetime | None:
    """The instant that a text with its distance from UTC means; None where it is no such text."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _iso(found: re.Match[str], _order: Order | None) -> tuple[str, str, str]:
    return found[1], found[2], found[3]


def _dotted(found: re.Match[str], _order: Order | None) -> tuple[str, str, str]:
    return found[3], found[2], found[1]


def _slashed(found: re.Match[str], order: Order | None) -> tuple[str, str, str]:
    same = Order.DAY_FIRST if int(found[1]) == int(found[2]) else None  # the fourth of April is 4/4 in both
    meant = _order_of(found[0]) or order or same
    if meant is None:
        raise Unclear
    return (found[3], found[2], found[1]) if meant is Order.DAY_FIRST else (found[3], found[1], found[2])


def _worded(found: re.Match[str], _order: Order | None) -> tuple[str, str, str]:
    return found[3], _month(found[2]), found[1]


def _worded_first(found: re.Match[str], _order: Order | None) -> tuple[str, str, str]:
    return found[3], _month(found[1]), found[2]


def _serial(found: re.Match[str], _order: Order | None) -> tuple[str, str, str]:
    number = int(found[1])
    if not SERIAL_FIRST <= number <= SERIAL_LAST:
        raise NoDay
    at = SERIAL_ZERO + timedelta(days=number)
    return str(at.year), str(at.month), str(at.day)


_READINGS: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], Order | None], tuple[str, str, str]]], ...
] = (
    (ISO, _iso),
    (TIGHT, _iso),
    (DOTTED, _dotted),
    (SLASHED, _slashed),
    (WORDED, _worded),
    (WORDED_FIRST, _worded_first),
    (SERIAL, _serial),
)


def _month(word: str) -> str:
    number = MONTH.get(word.casefold())
    if number is None:
        raise NoDay
    return str(number)


def _order_of(text: str) -> Order | None:
    """What one slashed day shows by itself: 25/09/2026 has no month 25."""
    found = SLASHED.fullmatch(WEEKDAY.sub("", text.strip()))
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if second > 12 else None


def _dated(year: str, month: str, day: str, *, is_birth: bool, today: date) -> date:
    full = int(year)
    if len(year) == 2:
        if is_birth and 2000 + full <= today.year:
            raise Unclear  # somebody may be six or a hundred and six
        full += 1900 if is_birth else 2000
    try:
        return date(full, int(month), int(day))
    except ValueError as missing:
        raise NoDay from missing


def _with_half(found: re.Match[str]) -> time:
    return _of_half(int(found[1]), int(found[2]), found[3])


def _of_half(hour: int, minute: int, half: str | None) -> time:
    """12 am is midnight."""
    word = (half or "").lower().replace(".", "")
    if word in {"am", "pm"}:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if word == "pm" else 0)
    return time(hour, minute)


def _fraction(found: re.Match[str]) -> time:
    minutes = round(float(found[0].replace(",", ".")) * MINUTES_OF_A_DAY)
    return time(*divmod(minutes % MINUTES_OF_A_DAY, 60))


_CLOCKS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], time]], ...] = (
    (FRACTION, _fraction),
    (CLOCK, _with_half),
    (HOUR, lambda found: _of_half(int(found[1]), 0, found[2])),
    (FOUR, lambda found: time(int(found[1]), int(found[2]))),
)

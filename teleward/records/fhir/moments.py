"""A date as FHIR writes it as a stretch of time: `2024` is a year, `2024-05-01T10:00:00Z` a second."""

from datetime import UTC, datetime, timedelta

EARLIEST, LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
Stretch = tuple[datetime | None, datetime | None]


def stretch(text: str | None) -> Stretch:
    """From when to before when, in UTC; a date without zone is a day in UTC. Nothing where it is no date."""
    if not text:
        return None, None
    try:
        low = datetime.fromisoformat(_whole(text))
        low = low.astimezone(UTC) if low.tzinfo else low.replace(tzinfo=UTC)
        return low, _end(low, text)
    except (ValueError, OverflowError):
        return None, None


def _whole(text: str) -> str:
    """With month and day, and the leap second as the last one before it."""
    if len(text) < 10:
        return text + "-01" * (2 if len(text) == 4 else 1)
    return text.replace(":60", ":59", 1) if text[16:19] == ":60" else text


def _end(low: datetime, text: str) -> datetime:
    if len(text) > 10:
        return low + timedelta(milliseconds=1 if "." in text else 1000)
    if len(text) == 10:
        return low + timedelta(days=1)
    following = low.month % 12 + 1 if len(text) == 7 else 1
    return low.replace(year=low.year + (following == 1), month=following)

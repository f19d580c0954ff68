"""The one place that asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """Returns this instant, in UTC, time zone attached."""
    return datetime.now(UTC)  # noqa: TID251 - this is the function the ban points to

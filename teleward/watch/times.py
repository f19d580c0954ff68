"""When things are due: the review within 72 hours, the question to the member of staff the same evening."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

REVIEWED_WITHIN = timedelta(hours=72)
EVENING = 20  # o'clock, by the practice's clock


def evening_of(at: datetime, zone: str) -> datetime:
    """Eight in the evening of this day on the practice's clock; the same moment where that is past."""
    local = at.astimezone(ZoneInfo(zone))
    return max(at, local.replace(hour=EVENING, minute=0, second=0, microsecond=0))

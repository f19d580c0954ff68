"""The calendar on the practice's wall: around midnight it shows another day than Greenwich."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from teleward.kernel.clock import now

PLACE = ZoneInfo("Europe/Berlin")


def day_there(*, ahead: int = 0) -> date:
    """Today in the practice, or so many days later."""
    return now().astimezone(PLACE).date() + timedelta(days=ahead)

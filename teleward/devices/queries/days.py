"""What is counted for billing: days with readings, and minutes that staff spent with them, by month.

A day counts once, however many readings it has, and only where one was measured on it and came. A minute
counts where somebody of the practice had the page in front of them and pressed, pointed or scrolled within
it; once for a person and for one patient. What a payer asks for belongs to the room of bills.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count

from teleward.access.grants import Action, Grant
from teleward.access.queries.people import organisation
from teleward.devices.models import DayInShort, DirtyDay, MinuteSpent
from teleward.devices.rollups import midnight
from teleward.devices.whose import whose


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One patient and month: the days with readings, and minutes by the id of who spent them."""

    first: date
    days: tuple[date, ...]
    minutes: dict[UUID, int]

    @property
    def total_minutes(self) -> int:
        """Of all people together."""
        return sum(self.minutes.values())


def counted(*, grant: Grant, month: date) -> Counted:
    """Of the grant's patient in the month of this day, on the practice's calendar."""
    grant.must_cover(Action.READING_READ, Action.CLAIM_READ)
    patient, first = whose(grant), month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    zone = ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)
    within = {"patient": patient, "day__gte": first, "day__lt": following}
    days = {
        *DayInShort.objects.filter(**within).values_list("day", flat=True),
        *DirtyDay.objects.filter(**within).values_list("day", flat=True),
    }
    since, until = midnight(first, zone), midnight(following, zone)
    rows = MinuteSpent.objects.filter(patient=patient, minute__gte=since, minute__lt=until)
    spent = rows.values("person").annotate(n=Count("id")).order_by("person")
    return Counted(first=first, days=tuple(sorted(days)), minutes={row["person"]: row["n"] for row in spent})

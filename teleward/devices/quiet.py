"""Quiet hours of a practice: word that is not urgent waits for the morning. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from teleward.devices.limits import QUIET


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """From one time of day to another on the practice's clock; alike: never. `by_default`: nobody set it.

    `by_name`, `at` and `why` are of who set it.
    """

    begins: time = time(QUIET.begins)
    ends: time = time(QUIET.ends)
    by_default: bool = True
    by_name: str = ""
    at: datetime | None = None
    why: str = ""

    @property
    def lasts(self) -> timedelta:
        """For how long it is quiet, on a day on which no clock is changed."""
        begins, ends = (datetime.combine(date.min, each) for each in (self.begins, self.ends))
        return (ends - begins) % timedelta(days=1)

    @property
    def is_never(self) -> bool:
        """Whether word is told at any time."""
        return self.begins == self.ends

    def over_at(self, at: datetime, zone: str) -> datetime:
        """The same instant where it is not quiet then, else the end of this quiet time."""
        local = at.astimezone(ZoneInfo(zone))
        if not self._is_quiet(local.time()):
            return at
        ends = datetime.combine(local.date(), self.ends, ZoneInfo(zone))
        if local.time() >= self.ends:
            ends = datetime.combine(local.date() + timedelta(days=1), self.ends, ZoneInfo(zone))
        return ends

    def _is_quiet(self, clock: time) -> bool:
        if self.is_never:
            return False
        if self.begins < self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def told_at(at: datetime, *, zone: str, hours: QuietHours, urgent: bool) -> datetime:
    """When word of something at this instant goes out."""
    return at if urgent else hours.over_at(at, zone)

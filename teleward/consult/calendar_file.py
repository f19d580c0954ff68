"""The appointment as a calendar file (RFC 5545): when and with whom, no word on health, no secret link."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """What goes into the file. `stamp` is when this state of the appointment came to be."""

    visit: UUID
    host: str  # the machine's name in the identifier
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    stamp: datetime
    cancelled: bool


def calendar_file(entry: CalendarEntry) -> bytes:
    """The file: METHOD PUBLISH, or CANCEL with the same UID and a higher SEQUENCE."""
    calendar = Calendar()
    calendar.add("prodid", "-//Teleward//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry) -> Event:
    event, zone = Event(), ZoneInfo(entry.zone)
    event.add("uid", f"{entry.visit}@{entry.host}")
    event.add("dtstamp", entry.stamp)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event

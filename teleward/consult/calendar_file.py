"""The appointment as a calendar file (RFC 5545): when and with whom, no word on health, no secret link."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from icalendar import Calendar, Event

AGAIN = timedelta(minutes=15)  # how often a calendar program is asked to look


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """What goes into the file. `stamp` is when this state of the appointment came to be."""

    visit: UUID | str
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


class Stretch(Protocol):
    """One entry of a calendar that is subscribed to."""

    @property
    def name(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...

    @property
    def zone(self) -> str: ...

    @property
    def sequence(self) -> int: ...

    @property
    def stamp(self) -> datetime: ...

    @property
    def cancelled(self) -> bool: ...


def feed_file(*, entries: Iterable[Stretch], host: str) -> bytes:
    """A calendar to subscribe to: when somebody is busy, with the same words for everything."""
    calendar = Calendar()
    calendar.add("prodid", "-//Teleward//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Teleward")  # RFC 7986 5.1
    calendar.add("x-wr-calname", "Teleward")
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})  # RFC 7986 5.7
    for entry in entries:
        calendar.add_component(
            _event(
                CalendarEntry(
                    visit=entry.name,
                    host=host,
                    sequence=entry.sequence,
                    title=gettext("Video consultation"),
                    starts_at=entry.starts_at,
                    ends_at=entry.ends_at,
                    zone=entry.zone,
                    stamp=entry.stamp,
                    cancelled=entry.cancelled,
                )
            )
        )
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())

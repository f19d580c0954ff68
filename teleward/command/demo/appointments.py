"""The invented practice's appointments, around the day it is made on."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from teleward.access.grants import Action, Subject
from teleward.command.demo.desk import Practice, desk_grant
from teleward.command.demo.people import SLOTS, Slot
from teleward.consult.operations.booking import Who, Wish
from teleward.consult.operations.guests import show_link
from teleward.consult.operations.visits import book
from teleward.consult.queries.guests import guests
from teleward.consult.queries.visits import day
from teleward.kernel.clock import now

SATURDAY = 5


def book_slots(practice: Practice, everyone: list[Who]) -> None:
    """Book what still lies ahead."""
    for slot in SLOTS:
        starts_at = _starts_at(slot, practice.zone)
        if starts_at > now():
            wish = Wish(
                host=practice.host(slot.host),
                patient=everyone[slot.patient],
                starts_at=starts_at,
                minutes=slot.minutes,
                modes=slot.modes,
                purpose=slot.purpose,
            )
            _book(practice, wish)


def invitation(practice: Practice, guest: Who) -> str:
    """A link for this patient into a visit that can be held now, made unless there is one."""
    visit = _open_visit(practice, guest) or _book(practice, _now(practice, guest))
    subject = Subject(kind="Visit", id=visit, organisation=practice.organisation, patient=guest.id)
    grant = desk_grant(practice, Action.VISIT_INVITE, subject)
    patient = next(asked for asked in guests(grant=grant) if asked.role == "patient")
    return show_link(grant=grant, visit=visit, guest=patient.id).url


def _open_visit(practice: Practice, guest: Who) -> UUID | None:
    grant = desk_grant(practice, Action.VISIT_LIST)
    today = now().astimezone(ZoneInfo(practice.zone)).date()
    rows = day(grant=grant, host=practice.host(0).id, day=today, zone=practice.zone)
    usable = (row.visit for row in rows if row.visit.patient == guest.id and row.visit.is_open)
    return next((visit.id for visit in usable if visit.ends_at > now()), None)


def _now(practice: Practice, guest: Who) -> Wish:
    minute = now().replace(second=0, microsecond=0)
    return Wish(
        host=practice.host(0),
        patient=guest,
        starts_at=minute - timedelta(minutes=minute.minute % 5),
        minutes=60,
        purpose="Husten seit zehn Tagen",
        planned=False,
    )


def _book(practice: Practice, wish: Wish) -> UUID:
    about = Subject(
        kind="Organisation",
        id=practice.organisation,
        organisation=practice.organisation,
        patient=wish.patient.id,
    )
    return book(grant=desk_grant(practice, Action.VISIT_BOOK, about), wish=wish).id


def _starts_at(slot: Slot, zone: str) -> datetime:
    here = ZoneInfo(zone)
    date = now().astimezone(here).date()
    for _ in range(slot.day):
        date += timedelta(days=1)
        while date.weekday() >= SATURDAY:
            date += timedelta(days=1)
    return datetime.combine(date, time.fromisoformat(slot.time), here)

"""Following an appointment that another system keeps: booked, moved, called off and missed here too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient
from teleward.access.queries.people import organisation, staff_names
from teleward.consult.models import VisitKey
from teleward.consult.operations.booking import Host, Who, Wish
from teleward.consult.operations.endings import mark_missed
from teleward.consult.operations.rescheduling import reschedule
from teleward.consult.operations.visits import book, cancel
from teleward.consult.queries.subjects import visit_subject
from teleward.consult.states import OPEN_STATES
from teleward.kernel.errors import Problem
from teleward.kernel.openings import without_grant
from teleward.records.operations.requests import settle
from teleward.records.queries.requests import Request, request_subject, wanted_appointment

USUAL_MINUTES: Final = 20
WHY_GONE: Final = "other"


@without_grant("It asks the gate as the server itself for each step.")
def follow_request(*, request: UUID) -> None:
    """Does what the newest word about the appointment asks for; what is not possible waits for a person."""
    about = request_subject(request=request)
    grant = system_grant(action=Action.VISIT_BOOK, organisation=about.organisation, subject=about, via="job")
    with _one_at_a_time(request):
        wanted = wanted_appointment(grant=grant, request=request)
        if not wanted.is_open:
            return
        try:
            _followed(grant, wanted)
        except Problem:
            settle(grant=grant, request=request, visit=wanted.visit, is_possible=False)


def _followed(grant: Grant, wanted: Request) -> None:
    standing = _standing(wanted)
    if wanted.deed == "book" and (standing is None or standing.host != wanted.host):
        _booked(grant, wanted, standing)
        return
    if wanted.deed == "book" and standing:
        _moved(wanted, standing)
    elif standing:
        _ended(wanted, standing)
    settle(grant=grant, request=wanted.id, visit=wanted.visit)


def _standing(wanted: Request) -> VisitKey | None:
    return VisitKey.objects.filter(id=wanted.visit, state__in=OPEN_STATES).first() if wanted.visit else None


def _booked(grant: Grant, wanted: Request, standing: VisitKey | None) -> None:
    """Booked and settled in one step, so that it is booked once."""
    wish = _wish(grant, wanted)
    calling_off = _asks(Action.VISIT_CANCEL, standing.id) if standing else None
    with transaction.atomic():
        if calling_off and standing:
            calling_off.must_cover(Action.VISIT_CANCEL)
            cancel(grant=calling_off, visit=standing.id, reason="moved")
        made = book(grant=grant, wish=wish)
        settle(grant=grant, request=wanted.id, visit=made.id)


def _moved(wanted: Request, standing: VisitKey) -> None:
    if wanted.starts_at is None:
        return
    minutes = wanted.minutes or int((standing.ends_at - standing.starts_at).total_seconds() // 60)
    ends_at = wanted.starts_at + timedelta(minutes=minutes)
    if (standing.starts_at, standing.ends_at) != (wanted.starts_at, ends_at):
        moving = _asks(Action.VISIT_INVITE, standing.id)
        reschedule(grant=moving, visit=standing.id, starts_at=wanted.starts_at, ends_at=ends_at)


def _ended(wanted: Request, standing: VisitKey) -> None:
    if wanted.deed == "missed":
        mark_missed(grant=_asks(Action.VISIT_END, standing.id), visit=standing.id)
    else:
        cancel(grant=_asks(Action.VISIT_CANCEL, standing.id), visit=standing.id, reason=WHY_GONE)


def _wish(grant: Grant, wanted: Request) -> Wish:
    own = organisation(organisation_id=grant.organisation)
    who = patient(grant=grant, patient_id=wanted.patient)
    hosts = staff_names(organisation_id=own.id)
    if wanted.host not in hosts or wanted.starts_at is None:
        raise Problem
    return Wish(
        host=Host(id=wanted.host, name=hosts[wanted.host].name, organisation=own.id, zone=own.time_zone),
        patient=Who(id=who.id, name=who.name, language=who.language),
        starts_at=wanted.starts_at,
        minutes=wanted.minutes or USUAL_MINUTES,
        purpose=wanted.reason,
    )


def _asks(action: Action, visit: UUID) -> Grant:
    subject = visit_subject(visit=visit)
    return system_grant(action=action, organisation=subject.organisation, subject=subject, via="job")


@contextmanager
def _one_at_a_time(request: UUID) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"appointment:{request}"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"appointment:{request}"])

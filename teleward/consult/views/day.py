"""The clinician's day."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate
from teleward.access.queries.patients import PatientCard, cards
from teleward.access.queries.people import StaffName, clinicians, organisation
from teleward.consult.local_time import day_of
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.visits import DayRow, day
from teleward.consult.views.asking import as_day, as_id, own_practice
from teleward.kernel.clock import now


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the list."""

    row: DayRow
    patient: PatientCard | None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One day of one clinician."""

    day: date
    today: date
    zone: str
    host: UUID | None
    hosts: list[StaffName]
    lines: tuple[Line, ...]

    @property
    def before(self) -> date:
        """The day before."""
        return self.day - timedelta(days=1)

    @property
    def after(self) -> date:
        """The day after."""
        return self.day + timedelta(days=1)

    @property
    def is_today(self) -> bool:
        """Whether people may be waiting now."""
        return self.day == self.today


@require_safe
@gate(Action.VISIT_LIST, subject=own_practice)
def day_page(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The day: appointments, states, who waits. The list alone when htmx asks."""
    template = "consult/day_list.html" if request.headers.get("HX-Request") else "consult/day.html"
    response = render(request, template, {"sheet": _sheet(request, grant)})
    response.headers["Vary"] = "HX-Request"
    return response


def _sheet(request: HttpRequest, grant: Grant) -> Sheet:
    zone = organisation(organisation_id=certain(grant.subject.organisation)).time_zone
    today = day_of(at=now(), zone=zone)
    shown = as_day(request.GET.get("date")) or today
    hosts = clinicians(grant=grant)
    host = _host(request, grant, hosts)
    rows = day(grant=grant, host=host, day=shown, zone=zone) if host else ()
    names = cards(grant=grant, ids=[row.visit.patient for row in rows])
    lines = tuple(Line(row=row, patient=names.get(row.visit.patient)) for row in rows)
    return Sheet(day=shown, today=today, zone=zone, host=host, hosts=hosts, lines=lines)


def _host(request: HttpRequest, grant: Grant, hosts: list[StaffName]) -> UUID | None:
    """Whose day: the one asked for, else one's own, else the first."""
    known = [host.id for host in hosts]
    wanted = (as_id(request.GET.get("host")), grant.actor.id, *known)
    return next((host for host in wanted if host in known), None)

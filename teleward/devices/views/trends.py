"""The trend pages: of one patient for staff, and a patient's own. The table is there without a script."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from teleward.access.grants import (
    Action,
    Circumstances,
    Grant,
    Subject,
    authorise,
    freshly,
    gate,
    would_allow,
)
from teleward.access.queries.bars import bar
from teleward.access.queries.people import organisation
from teleward.access.queries.proxies import name_of_giver
from teleward.devices.plots import Mark
from teleward.devices.queries.alerts import alerts_of
from teleward.devices.queries.history import left_out_closer, lines_marked, lines_taken_back
from teleward.devices.queries.thresholds import quiet_hours
from teleward.devices.queries.trends import SPANS
from teleward.devices.views.apart import apart_for_oneself, apart_for_staff
from teleward.devices.views.asking import given_patient, own_patient, that_patient
from teleward.devices.views.lines import told
from teleward.devices.views.presence import stay
from teleward.devices.views.trending import Time, asked_time, shown_plots, table_file
from teleward.records.queries.medication import medicine_starts

WEEK = 7


@require_safe
@gate(Action.READING_READ, subject=that_patient)
def trend(request: HttpRequest, *, grant: Grant, patient: UUID, days: int = WEEK) -> HttpResponse:
    """The readings of one patient over a day, a week, a month or a year; for paper with `print`."""
    time = asked_time(request, grant, days)
    marks, reads_chart = _medicines(request, grant, time)
    apart = apart_for_staff(request, grant, time)
    context = {
        **_context(grant, time, marks, apart),
        "who": bar(grant=grant),
        "patient_id": patient,
        "closer": left_out_closer(grant=grant, since=time.since, until=time.until, shown=apart),
        "address": f"/devices/patients/{patient}/trend/",
        "reads_chart": reads_chart,
        "sets_limits": would_allow(grant=grant, action=Action.THRESHOLD_CHANGE),
        "exports": would_allow(grant=grant, action=Action.RECORD_EXPORT),
        "alerts": [each for each in alerts_of(grant=grant) if each.closed_at is None],
        "stay": stay(grant=grant),
    }
    template = "devices/trend_print.html" if "print" in request.GET else "devices/trend.html"
    return render(request, template, context)


@freshly
@require_POST
@gate(Action.RECORD_EXPORT, subject=that_patient)
def trend_file(
    request: HttpRequest,
    *,
    grant: Grant,
    patient: UUID,  # noqa: ARG001 - in the grant
    days: int,
    number: int,
    check: int,
) -> HttpResponse:
    """The table of one code as a file; an entry of its own says that it left the page."""
    reading = _further(request, grant, Action.READING_READ)
    time = asked_time(request, reading, days)
    apart = apart_for_staff(request, reading, time, Action.RECORD_EXPORT)
    return _file(reading, time, f"{number}-{check}", apart)


@require_safe
@gate(Action.READING_READ, subject=own_patient)
def own_trend(request: HttpRequest, *, grant: Grant, days: int = WEEK) -> HttpResponse:
    """The patient's own readings."""
    time = asked_time(request, grant, days)
    context = {
        **_context(grant, time, (), apart_for_oneself(grant, time)),
        "address": "/window/readings/",
        "quiet": quiet_hours(grant=grant),
        "exports": would_allow(grant=grant, action=Action.WINDOW_EXPORT),
    }
    template = "devices/trend_print.html" if "print" in request.GET else "devices/own_trend.html"
    return render(request, template, context)


@require_safe
@gate(Action.READING_READ, subject=given_patient)
def given_trend(request: HttpRequest, *, grant: Grant, patient: UUID, days: int = WEEK) -> HttpResponse:
    """The readings of a patient for somebody whom they gave access to them."""
    context = {
        **_context(grant, asked_time(request, grant, days), (), {}),
        "address": f"/window/of/{patient}/readings/",
        "name": name_of_giver(grant=grant),
        "patient_id": patient,
    }
    template = "devices/trend_print.html" if "print" in request.GET else "devices/given_trend.html"
    return render(request, template, context)


@freshly
@require_POST
@gate(Action.WINDOW_EXPORT, subject=own_patient)
def own_trend_file(request: HttpRequest, *, grant: Grant, days: int, number: int, check: int) -> HttpResponse:
    """The table of one code as a file, for the patient."""
    reading = _further(request, grant, Action.READING_READ)
    time = asked_time(request, reading, days)
    return _file(reading, time, f"{number}-{check}", apart_for_oneself(reading, time))


def _context(
    grant: Grant, time: Time, marks: tuple[Mark, ...], apart: Mapping[UUID, Grant]
) -> dict[str, object]:
    practice = organisation(organisation_id=grant.organisation)
    plots = shown_plots(grant=grant, time=time, marks=marks, apart=apart)
    marked = lines_marked(grant=grant, since=time.since, until=time.until, shown=apart)
    again = lines_taken_back(grant=grant, since=time.since, until=time.until, shown=apart)
    return {
        "plots": plots,
        "time": time,
        "spans": SPANS,
        "practice": practice,
        "zone": practice.time_zone,
        "marked": told(marked),
        "taken_back": told(again),
        "pending": any(each.plot.trend.pending for each in plots),
        "printed_by": grant.actor.name,
        "at": grant.at,
    }


def _medicines(request: HttpRequest, grant: Grant, time: Time) -> tuple[tuple[Mark, ...], bool]:
    """What began in this time, and whether the reader may know."""
    if not would_allow(grant=grant, action=Action.RECORD_READ):
        return (), False
    reading = _further(request, grant, Action.RECORD_READ)
    found = medicine_starts(grant=reading, since=time.since, until=time.until)
    return tuple(Mark(at=each.at, name=each.title) for each in found), True


def _file(grant: Grant, time: Time, code: str, apart: Mapping[UUID, Grant]) -> HttpResponse:
    made = table_file(grant=grant, time=time, code=code, apart=apart)
    response = HttpResponse(made, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="readings-{code}.csv"'
    return response


def _further(request: HttpRequest, grant: Grant, action: Action) -> Grant:
    subject: Subject = grant.subject
    return authorise(
        actor=grant.actor, action=action, subject=subject, circumstances=Circumstances.of(request)
    )

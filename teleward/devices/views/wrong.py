"""A patient looks a day of readings through and marks those that are wrong or of somebody else."""

from dataclasses import replace
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from teleward.access.grants import Action, Grant, gate
from teleward.devices.operations.disowning import disown, own_again
from teleward.devices.queries.history import lines_taken_back, readings_of_day
from teleward.devices.queries.newest import newest_day
from teleward.devices.queries.pairings import gateway_names
from teleward.devices.rollups import day_of
from teleward.devices.templatetags.devices_words import clock_in
from teleward.devices.views.apart import apart_for_oneself
from teleward.devices.views.asking import own_patient
from teleward.devices.views.lines import Told, told
from teleward.devices.views.trending import Time, asked_time
from teleward.kernel.clock import now

UNPROCESSABLE = 422
DAY = 1
WHYS = (
    ("not-me", _("Somebody else measured, not me")),
    ("wrong", _("The value is not right")),
)


class WrongForm(forms.Form):
    """Which readings, and what is wrong with them."""

    readings = forms.MultipleChoiceField(
        label=_("Which readings are wrong?"), widget=forms.CheckboxSelectMultiple
    )
    why = forms.ChoiceField(label=_("What is wrong?"), choices=WHYS, widget=forms.RadioSelect)


@require_safe
@gate(Action.READING_READ, subject=own_patient)
def own_day(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The readings of one day: `date`; else of the newest day up to `until` that has any."""
    if "date" in request.GET:
        return _page(request, grant)
    asked = asked_time(request, grant, DAY)
    newest = newest_day(grant=grant, until=asked.last, zone=asked.zone)
    return _page(request, grant, asked, newest)


@require_POST
@gate(Action.READING_WRITE, subject=own_patient)
def mark(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """These are wrong."""
    time = asked_time(request, grant, DAY)
    lines = {line.ref: line for line in readings_of_day(grant=grant, day=time.last, zone=time.zone)}
    form = _form(told(lines.values()), time, request)
    if not form.is_valid():
        return _page(request, grant)
    names = [name for ref in form.cleaned_data["readings"] for name in lines[ref].names]
    disown(grant=grant, names=names, why=form.cleaned_data["why"])
    return _done(time)


@require_POST
@gate(Action.READING_WRITE, subject=own_patient)
def take_back(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """This one is right after all. Raises NothingTakenBack."""
    time = asked_time(request, grant, DAY)
    lines = readings_of_day(grant=grant, day=time.last, zone=time.zone)
    chosen = request.POST.get("reading", "")
    own_again(grant=grant, names=[name for line in lines if line.ref == chosen for name in line.names])
    return _done(time)


def _done(time: Time) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('devices:own-day')}?date={time.last.isoformat()}&sent")


def _page(
    request: HttpRequest, grant: Grant, asked: Time | None = None, newest: date | None = None
) -> HttpResponse:
    asked = asked or asked_time(request, grant, DAY)
    time = replace(asked, last=newest or asked.last)
    gateways = gateway_names(grant=grant)
    lines = told(readings_of_day(grant=grant, day=time.last, zone=time.zone), gateways)
    form, apart = _form(lines, time, request), apart_for_oneself(grant, time)
    context = {
        "form": form,
        "saved": not form.is_bound and "sent" in request.GET,
        "sound": [line for line in lines if line.wrong is None],
        "marked": [line for line in lines if line.wrong is not None],
        "taken_back": told(lines_taken_back(grant=grant, since=time.since, until=time.until, shown=apart)),
        "time": time,
        "passed": asked.last if time.last != asked.last else None,
        "today": day_of(now(), time.zone),
        "zone": time.zone.key,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "devices/own_day.html", context, status=status)


def _form(lines: tuple[Told, ...], time: Time, request: HttpRequest) -> WrongForm:
    form = WrongForm(request.POST if request.method == "POST" else None)
    form.fields["readings"].choices = [  # type: ignore[attr-defined]  # of a field with choices
        (line.ref, " · ".join(filter(None, (clock_in(line.at, time.zone.key), _what(line), line.by))))
        for line in lines
        if line.wrong is None
    ]
    return form


def _what(line: Told) -> str:
    return f"{line.kind}: {line.values}"

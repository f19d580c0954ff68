"""Alerts: the practice's list, one of them with what was done, and the quiet hours."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.grants import Action, Grant, Subject, gate
from teleward.access.grants.loaded import loaded_for_them
from teleward.access.queries.bars import bar
from teleward.access.queries.people import organisation
from teleward.devices.operations import alerts
from teleward.devices.operations.thresholds import set_quiet_hours
from teleward.devices.queries.alerts import AlertCard, alert_subject, open_alerts, out_of_sight
from teleward.devices.queries.alerts import alert as one_alert
from teleward.devices.queries.quantities import quantities
from teleward.devices.queries.thresholds import quiet_changes, quiet_hours, range_of
from teleward.devices.signs import sign
from teleward.devices.states import ALERT
from teleward.devices.views.asking import own_practice
from teleward.devices.views.presence import stay
from teleward.kernel.errors import Problem

UNPROCESSABLE = 422
DEEDS = {"acknowledge": alerts.acknowledge, "close": alerts.close}


class DoneForm(forms.Form):
    """What was done, or why nothing has to be done."""

    why = forms.CharField(
        label=_("What did you do, or why does nothing have to be done?"),
        help_text=_("For example: called, second value was fine."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class QuietForm(forms.Form):
    """From when to when word that can wait waits."""

    begins = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(
        label=_("Quiet until"),
        help_text=_("The same time twice: never quiet."),
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    why = forms.CharField(
        label=_("Why do they change?"),
        help_text=_("Colleagues read this. For example: evening rota since May."),
        max_length=300,
    )


def that_alert(_request: HttpRequest, alert: UUID, **_address: object) -> Subject:
    """The patient of the alert in the address."""
    return alert_subject(alert=alert)


@require_safe
@gate(Action.ALERT_LIST, subject=own_practice)
def alert_list(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The open alerts that the reader may see."""
    found = open_alerts(grant=grant)
    context = {
        "alerts": [_named(each) for each in found],
        "unseen": out_of_sight(grant=grant, shown=[each.id for each in found]),
        "quiet": quiet_hours(grant=grant),
        "zone": organisation(organisation_id=grant.organisation).time_zone,
    }
    return render(request, "devices/alerts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.ALERT_ACKNOWLEDGE, subject=that_alert)
@loaded_for_them
def alert(request: HttpRequest, *, grant: Grant, alert: UUID) -> HttpResponse:
    """One alert: what was measured, what became of it, and what is done now."""
    form = DoneForm(request.POST if request.method == "POST" else None)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None or not form.is_valid():
        return _page(request, grant, alert, form)
    try:
        deed(grant=grant, alert=alert, why=form.cleaned_data["why"])
    except Problem as problem:
        form.add_error("why" if isinstance(problem, alerts.ReasonMissing) else None, str(problem.message))
        return _page(request, grant, alert, form)
    return HttpResponseRedirect(f"/devices/alerts/{alert}/")


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.ALERT_LIST, subject=own_practice)
def quiet(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The quiet hours of the practice."""
    standing = quiet_hours(grant=grant)
    initial = {"begins": standing.begins, "ends": standing.ends}
    form = QuietForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _was_set(grant, form):
        return HttpResponseRedirect("/devices/alerts/")
    context = {
        "form": form,
        "changes": quiet_changes(grant=grant),
        "zone": organisation(organisation_id=grant.organisation).time_zone,
    }
    return render(
        request, "devices/quiet_hours.html", context, status=UNPROCESSABLE if form.is_bound else 200
    )


def _was_set(grant: Grant, form: QuietForm) -> bool:
    try:
        set_quiet_hours(grant=grant, **form.cleaned_data)
    except Problem as problem:
        form.add_error(None, str(problem.message))
        return False
    return True


def _page(request: HttpRequest, grant: Grant, alert: UUID, form: DoneForm) -> HttpResponse:
    found = one_alert(grant=grant, alert=alert)
    context = {
        "alert": found,
        "named": _named(found),
        "range": range_of(grant=grant, threshold=found.threshold),
        "form": form,
        "can_be_acknowledged": ALERT.allows(found.state, "acknowledge"),
        "who": bar(grant=grant),
        "patient_id": found.patient,
        "zone": organisation(organisation_id=grant.organisation).time_zone,
        "stay": stay(grant=grant),
    }
    return render(request, "devices/alert.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _named(card: AlertCard) -> tuple[AlertCard, object, object]:
    quantity = quantities().get(card.code)
    return card, quantity.word if quantity else card.code, sign(quantity.unit) if quantity else ""

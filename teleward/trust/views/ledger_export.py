"""Handing the practice's whole ledger to somebody who checks it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, freshly, gate, record
from teleward.access.queries.people import organisation
from teleward.kernel.clock import now
from teleward.trust.queries.ledger_export import audit_events
from teleward.trust.views.whose import practice

USUAL = timedelta(days=30)


class PeriodForm(forms.Form):
    """From which day to which, both included, on the practice's clock."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, date]:
        """The first day is not after the last."""
        days: dict[str, date] = super().clean() or {}
        if len(days) == len(self.fields) and days["last"] < days["first"]:
            self.add_error("last", _("The last day is before the first. Choose them the other way round."))
        return days


@freshly
@gate(Action.LEDGER_EXPORT, reading=Action.OBJECTION_LIST, subject=practice)
def ledger_export(request: HttpRequest, *, grant: Grant) -> HttpResponseBase:
    """Says what can be taken along; hands it over when asked."""
    zone = ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)
    today = now().astimezone(zone).date()
    form = PeriodForm(request.POST or None, initial={"first": today - USUAL, "last": today})
    if request.method != "POST" or not form.is_valid():
        return render(request, "trust/ledger_export.html", {"form": form})
    since, until = form.cleaned_data["first"], form.cleaned_data["last"] + timedelta(days=1)
    file, count = audit_events(grant=grant, since=_midnight(since, zone), until=_midnight(until, zone))
    record(grant=grant, detail={"format": "fhir", "events": count, "from": str(since), "before": str(until)})
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"audit-events-{since}.ndjson.gz",
        content_type="application/gzip",
        headers={"Cache-Control": "no-store"},
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)

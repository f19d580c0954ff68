"""How close a record is kept, and holds on word to a patient: the privacy officer's pages."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.glass_words import TIER_REASONS
from teleward.access.grants import Circumstances, Grant, Subject, authorise, freshly, gate
from teleward.access.operations.safeguards import ask_for_hold, confirm_hold, lift_hold
from teleward.access.operations.tiers import (
    keep_closed,
    keep_closer,
    lift,
    second_closing,
    second_loosening,
)
from teleward.access.queries.patients import patient, patient_subject, patients
from teleward.access.queries.people import organisation
from teleward.access.queries.safeguards import holds
from teleward.access.queries.tiers import kept_closer, tiers_of_patient
from teleward.access.views.answers import my_practice
from teleward.kernel.errors import NotFound, Problem

UNPROCESSABLE = 422


class TierForm(forms.Form):
    """How close, and why."""

    tier = forms.ChoiceField(
        label=_("How is the record kept?"),
        widget=forms.RadioSelect,
        choices=[
            ("restricted", _("Restricted: only those who treat the patient, or in an emergency")),
            ("closed", _("Closed: only the care team; in an emergency two people are needed")),
        ],
    )
    reason = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect, choices=list(TIER_REASONS.items()))


class HoldForm(forms.Form):
    """Until when word waits, and why."""

    until = forms.DateField(
        label=_("Last day on which nothing is sent"),
        help_text=_("At most 90 days from now. After that the letter goes out by itself."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    words = forms.CharField(
        label=_("Why could a letter put somebody in danger?"),
        help_text=_("At least 15 characters. Only those who decide this read it."),
        max_length=500,
        min_length=15,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _patient(request: HttpRequest, patient_id: UUID, **_more: object) -> Subject:
    del request
    return patient_subject(patient=patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.TIER_LIST, subject=my_practice)
def tiers(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Whose record is kept closer, and a way to find somebody, who stands in no address."""
    if "q" in request.GET:
        return HttpResponseRedirect(request.path)
    search = request.POST.get("q", "").strip()[:80]
    found = _found(request, grant, search) if search else []
    return render(
        request, "access/tiers.html", {"kept": kept_closer(grant=grant), "search": search, "found": found}
    )


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.TIER_CHANGE, subject=_patient)
def tier(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """How close one record is kept, since when, and changing it."""
    deed = {"lift": lift, "keep": keep_closed}.get(request.POST.get("do", ""))
    if deed is not None:
        deed(grant=grant)
        return HttpResponseRedirect(request.path)
    form = TierForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _kept(lambda: keep_closer(grant=grant, **form.cleaned_data), form):
        return HttpResponseRedirect(request.path)
    return _tier_page(request, grant, patient_id, form)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.TIER_SECOND, subject=_patient)
def second(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """A second person agrees that a record is closed, or that a closed one is kept less closely."""
    decisions = tiers_of_patient(grant=grant)
    shown: dict[str, Any] = {
        "patient": patient(grant=grant, patient_id=patient_id),
        "now": next((each for each in decisions if each.waits_for_second), None),
        "closed": next((each for each in decisions if each.loosening and not each.lifted_at), None),
    }
    if request.method == "POST":
        try:
            shown["done"] = _seconded(request, grant)
        except Problem as problem:
            shown["problem"] = problem.message
            return render(request, "access/second_closing.html", shown, status=problem.status)
    return render(request, "access/second_closing.html", shown)


def _seconded(request: HttpRequest, grant: Grant) -> str:
    """What was agreed to or declined, in one word. Raises NotFound or OtherPersonNeeded."""
    if "loosening" not in request.POST:
        second_closing(grant=grant)
        return "closed"
    agrees = request.POST.get("answer") == "agree"
    second_loosening(grant=grant, loosening=_id(request.POST["loosening"]), agrees=agrees)
    return "loosened" if agrees else "kept"


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as unreadable:
        raise NotFound from unreadable


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.SAFEGUARD, subject=_patient)
def hold(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """Holds on word to the patient, and asking for one."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        until = _end_of(form.cleaned_data["until"], grant)
        if _kept(lambda: ask_for_hold(grant=grant, until=until, words=form.cleaned_data["words"]), form):
            return HttpResponseRedirect(request.path)
    return _hold_page(request, grant, patient_id, form)


@freshly
@require_POST
@gate(Action.SAFEGUARD, subject=_patient)
def one_hold(request: HttpRequest, patient_id: UUID, hold: UUID, *, grant: Grant) -> HttpResponse:
    """Confirms a hold as the second person, or lifts it."""
    if request.POST.get("do") == "lift":
        lift_hold(grant=grant, hold=hold)
    else:
        confirm_hold(grant=grant, hold=hold)
    return HttpResponseRedirect(f"/patients/{patient_id}/hold/")


def _found(request: HttpRequest, grant: Grant, search: str) -> list[Any]:
    listing = authorise(
        actor=grant.actor,
        action=Action.PATIENT_LIST,
        subject=grant.subject,
        circumstances=Circumstances.of(request),
    )
    return patients(grant=listing, search=search, most=20)


def _kept(deed: Callable[[], object], form: forms.Form) -> bool:
    try:
        deed()
    except Problem as problem:
        form.add_error(None, str(problem.message))
        return False
    return True


def _tier_page(request: HttpRequest, grant: Grant, patient_id: UUID, form: TierForm) -> HttpResponse:
    decisions = tiers_of_patient(grant=grant)
    shown = {
        "patient": patient(grant=grant, patient_id=patient_id),
        "now": next((each for each in decisions if each.lifted_at is None), None),
        "decisions": decisions,
        "form": form,
    }
    return render(request, "access/tier.html", shown, status=UNPROCESSABLE if form.is_bound else 200)


def _hold_page(request: HttpRequest, grant: Grant, patient_id: UUID, form: HoldForm) -> HttpResponse:
    shown = {
        "patient": patient(grant=grant, patient_id=patient_id),
        "holds": holds(grant=grant),
        "form": form,
        "me": grant.actor.id,
    }
    return render(request, "access/hold.html", shown, status=UNPROCESSABLE if form.is_bound else 200)


def _end_of(day: date, grant: Grant) -> datetime:
    """Midnight after the day, on the practice's clock."""
    zone = ZoneInfo(organisation(organisation_id=grant.organisation).time_zone)
    return datetime.combine(day + timedelta(days=1), time(), zone)

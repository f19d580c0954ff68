"""Limits of one patient: what holds, what held, and new ones."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.grants import Action, Grant, gate
from teleward.access.grants.loaded import loaded_for_them
from teleward.access.queries.bars import bar
from teleward.access.queries.people import organisation
from teleward.devices.limits import SILENCE, USUAL
from teleward.devices.operations.thresholds import Wanted, end_threshold, set_threshold
from teleward.devices.queries.quantities import quantities
from teleward.devices.queries.thresholds import Limits, earlier_limits, limits_of
from teleward.devices.signs import sign
from teleward.devices.views.asking import that_patient
from teleward.kernel.errors import Problem

UNPROCESSABLE = 422
LONGEST = 300
DECIMAL: Any = {"required": False, "localize": True, "max_digits": 12, "decimal_places": 6}


class LimitsForm(forms.Form):
    """From when on somebody wants to be told."""

    code = forms.ChoiceField(label=_("What is measured"))
    low = forms.DecimalField(label=_("Tell us when it is below"), **DECIMAL)
    high = forms.DecimalField(label=_("Tell us when it is above"), **DECIMAL)
    silent_days = forms.IntegerField(
        label=_("Tell us when nothing came for so many days"),
        required=False,
        min_value=SILENCE.fewest_days,
        max_value=SILENCE.most_days,
    )
    urgent = forms.BooleanField(
        label=_("Tell us at night too"),
        help_text=_("Otherwise word of it waits for the end of the quiet hours of the practice."),
        required=False,
    )
    why = forms.CharField(
        label=_("Why these limits"),
        help_text=_("For colleagues who look at this later."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **more)
        choices = [(code, f"{each.word} ({sign(each.unit)})") for code, each in quantities().items()]
        self.fields["code"] = forms.ChoiceField(label=_("What is measured"), choices=choices)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.THRESHOLD_CHANGE, subject=that_patient)
@loaded_for_them
def limits(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """What holds, and new ones."""
    form = LimitsForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, grant, form, UNPROCESSABLE if form.is_bound else 200)
    try:
        set_threshold(grant=grant, wanted=_wanted(form.cleaned_data))
    except Problem as problem:
        form.add_error(None, str(problem.message))
        return _page(request, grant, form, UNPROCESSABLE)
    return HttpResponseRedirect(f"/devices/patients/{patient}/limits/")


@require_POST
@gate(Action.THRESHOLD_CHANGE, subject=that_patient)
@loaded_for_them
def limits_end(request: HttpRequest, *, grant: Grant, patient: UUID, limits: UUID) -> HttpResponse:
    """These limits hold no longer."""
    end_threshold(grant=grant, threshold=limits, why=request.POST.get("why", "").strip()[:LONGEST])
    return HttpResponseRedirect(f"/devices/patients/{patient}/limits/")


def _wanted(said: dict[str, Any]) -> Wanted:
    return Wanted(**{**said, "low": _plain(said["low"]), "high": _plain(said["high"])})


def _plain(number: Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(format(number, "f"))


def _page(request: HttpRequest, grant: Grant, form: LimitsForm, status: int) -> HttpResponse:
    zone = organisation(organisation_id=grant.organisation).time_zone
    known = quantities()
    usual = [(known[code], sign(known[code].unit), each) for code, each in USUAL.items() if code in known]
    context = {
        "form": form,
        "standing": [_named(each) for each in limits_of(grant=grant)],
        "earlier": [_named(each) for each in earlier_limits(grant=grant)],
        "usual": usual,
        "who": bar(grant=grant),
        "patient_id": grant.about,
        "zone": zone,
    }
    return render(request, "devices/limits.html", context, status=status)


def _named(each: Limits) -> tuple[Limits, object, object]:
    quantity = quantities()[each.code]
    return each, quantity.word, sign(quantity.unit)

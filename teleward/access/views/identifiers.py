"""The numbers by which others know a patient: on cards, in other systems."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject, gate, would_allow
from teleward.access.operations.identifiers import give_identifier, withdraw_identifier
from teleward.access.queries.bars import bar
from teleward.access.queries.identifiers import identifiers
from teleward.access.queries.numbers import IdentifierWrong, recognised
from teleward.access.queries.patients import patient_subject

WORDS = {
    "kvnr": _("Insurance number"),
    "nhs": _("NHS number"),
    "mrn": _("Number in another system"),
}


def _patient(request: HttpRequest, patient_id: UUID, **_address: object) -> Subject:
    del request
    return patient_subject(patient=patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.PATIENT_CHANGE, reading=Action.PATIENT_READ, subject=_patient)
def numbers(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """Shows the numbers; a POST gives one more."""
    if request.method != "POST":
        return _shown(request, grant)
    try:
        system, value = _typed(request)
        give_identifier(grant=grant, patient=patient_id, system=system, value=value)
    except IdentifierWrong as problem:
        return _shown(request, grant, problem)
    return HttpResponseRedirect(reverse("access:patient-numbers", args=[patient_id]))


@require_POST
@gate(Action.PATIENT_CHANGE, subject=_patient)
def withdraw(request: HttpRequest, patient_id: UUID, number: UUID, *, grant: Grant) -> HttpResponse:
    """Takes a wrong number back."""
    del request
    withdraw_identifier(grant=grant, identifier=number)
    return HttpResponseRedirect(reverse("access:patient-numbers", args=[patient_id]))


def _typed(request: HttpRequest) -> tuple[str, str]:
    system, value = request.POST.get("system", "").strip(), request.POST.get("value", "")
    return (system, value) if system else recognised(value=value)


def _shown(request: HttpRequest, grant: Grant, problem: IdentifierWrong | None = None) -> HttpResponse:
    found = identifiers(grant=grant, patient=grant.about)
    shown = {
        "who": bar(grant=grant),
        "patient_id": grant.about,
        "numbers": [(number, WORDS[number.word]) for number in found],
        "changes": would_allow(grant=grant, action=Action.PATIENT_CHANGE),
        "typed": request.POST,
        "problem": problem.message if problem else "",
    }
    return render(request, "access/numbers.html", shown, status=problem.status if problem else 200)

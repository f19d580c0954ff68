"""Emergency access: asking, the second person where the record is closed, and the end."""

from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.glass_words import GLASS_CODES
from teleward.access.grants import Grant, Subject, freshly, gate, open_because, whoever
from teleward.access.operations.glass import (
    LASTS,
    LONGEST,
    SHORTEST,
    NoLongerAsked,
    SecondMustDiffer,
    break_glass,
    decline_glass,
    end_glass,
    second_glass,
)
from teleward.access.operations.second_factor import ProofNeeded
from teleward.access.queries.glass import (
    asked_by_me,
    glass_of_session,
    glass_subject,
)
from teleward.access.queries.glass import glass as the_glass
from teleward.access.queries.patients import PatientCard, patient, patient_subject
from teleward.access.queries.tiers import CLOSED, tier_of
from teleward.access.queries.waiting import waiting_for
from teleward.access.views.answers import here_or_home, next_of, refused
from teleward.access.views.second_factor import proved
from teleward.kernel.errors import Problem

HOURS = int(LASTS.total_seconds() // 3600)
UNPROCESSABLE = 422


def _patient(request: HttpRequest, patient_id: UUID, **_more: object) -> Subject:
    del request
    return patient_subject(patient=patient_id)


def _glass(request: HttpRequest, glass: UUID, **_more: object) -> Subject:
    del request
    return glass_subject(glass=glass)


class EmergencyForm(forms.Form):
    """Why a record is opened although nothing ties the person to the patient."""

    code = forms.ChoiceField(label=_("Why now?"), widget=forms.RadioSelect, choices=list(GLASS_CODES.items()))
    words = forms.CharField(
        label=_("What happened?"),
        help_text=_("At least 15 characters. The patient and the privacy officer read this."),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@gate(Action.GLASS_ASK, subject=_patient)
def _asked_again(request: HttpRequest, patient_id: UUID, *, grant: Grant, problem: Problem) -> HttpResponse:
    del grant
    return _page(request, patient_id, EmergencyForm(request.POST), problem)


@proved(again=_asked_again)
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.GLASS_BREAK, reading=Action.GLASS_ASK, subject=_patient)
def emergency(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """The form of an emergency access; while a second person is awaited, that it is."""
    if request.method != "POST":
        return _looked_at(request, patient_id, grant)
    form = EmergencyForm(request.POST)
    if not form.is_valid():
        return _page(request, patient_id, form)
    try:
        glass = break_glass(grant=grant, **form.cleaned_data)
    except ProofNeeded as problem:
        return _page(request, patient_id, form, problem)
    wanted = _wanted(request, patient_id)
    is_open = the_glass(grant=grant, glass=glass).is_open
    return HttpResponseRedirect(wanted if is_open else f"{request.path}?{urlencode({'next': wanted})}")


@require_POST
@gate(Action.GLASS_END, subject=_glass)
def end(request: HttpRequest, glass: UUID, *, grant: Grant) -> HttpResponse:
    """Ends it now, or takes the request back."""
    end_glass(grant=grant, glass=glass)
    return render(request, "access/emergency_ended.html")


@open_because("It says whether a request of this very session was answered, and nothing else.")
@require_GET
def state(request: HttpRequest, glass: UUID) -> HttpResponse:
    """Whether the second person has answered."""
    found = glass_of_session(session=whoever(request).session, glass=glass)
    return render(request, "access/emergency_state.html", {"state": found, "next": next_of(request)})


@open_because("It says that somebody waits for a second person, with an id and nobody's name.")
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """The line at the top of every page of those who may be the second person."""
    return render(request, "access/waiting.html", {"waiting": waiting_for(actor=whoever(request))})


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.GLASS_SECOND, subject=_glass)
def second(request: HttpRequest, glass: UUID, *, grant: Grant) -> HttpResponse:
    """A colleague asks to open a closed record: who, why, and the answer of the second person."""
    asked = the_glass(grant=grant, glass=glass)
    if not asked.is_asked:
        return render(request, "access/second_over.html", status=NoLongerAsked.status)
    shown = {"glass": asked, "patient": _named(grant), "hours": HOURS}
    if request.method != "POST":
        return render(request, "access/second.html", shown)
    try:
        if request.POST.get("answer") == "agree":
            second_glass(grant=grant, glass=glass)
        else:
            decline_glass(grant=grant, glass=glass)
    except (ProofNeeded, SecondMustDiffer, NoLongerAsked) as problem:
        return refused(request, "access/second.html", problem, **shown)
    return render(request, "access/seconded.html", {"agreed": request.POST.get("answer") == "agree"})


def _named(grant: Grant) -> PatientCard:
    return patient(grant=grant, patient_id=grant.about)


def _looked_at(request: HttpRequest, patient_id: UUID, grant: Grant) -> HttpResponse:
    asked = asked_by_me(grant=grant)
    if asked is None or not asked.is_asked:
        return _page(request, patient_id, EmergencyForm())
    shown = {"glass": asked, "next": _wanted(request, patient_id), "hours": HOURS}
    return render(request, "access/emergency_asked.html", shown)


def _page(
    request: HttpRequest, patient_id: UUID, form: EmergencyForm, problem: Problem | None = None
) -> HttpResponse:
    shown = {
        "form": form,
        "problem": problem.message if problem else "",
        "next": _wanted(request, patient_id),
        "hours": HOURS,
        "needs_second": tier_of(patient=patient_id) == CLOSED,
    }
    status = problem.status if problem else UNPROCESSABLE if form.is_bound else 200
    return render(request, "access/emergency.html", shown, status=status)


def _wanted(request: HttpRequest, patient_id: UUID) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or f"/patients/{patient_id}/"
    return here_or_home(asked)

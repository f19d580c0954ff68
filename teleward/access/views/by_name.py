"""An emergency with somebody whom no list shows: found by their whole name and date of birth, or not at all.

Whoever may not open the record reads what they would read if there were nobody of that name.
"""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from teleward.access.actions import Action, Purpose
from teleward.access.grants import Circumstances, Grant, Refused, Subject, authorise, gate, would_allow
from teleward.access.operations.glass import break_glass
from teleward.access.operations.second_factor import ProofNeeded, must_be_shown
from teleward.access.queries.glass import glass as the_glass
from teleward.access.queries.patients import exactly
from teleward.access.views.answers import my_practice
from teleward.access.views.emergency import HOURS, UNPROCESSABLE, EmergencyForm
from teleward.access.views.second_factor import proved
from teleward.kernel.errors import Problem

WHO = ("given_name", "family_name", "born_on")


class NobodyToOpen(Problem):
    """Nobody of that name, several, or somebody whom this person may not open."""

    code = "access:nobody-to-open"
    status = 404
    message = _(
        "There is nobody of this name and date of birth whom you can open here. "
        "Check the spelling and the date."
    )


class ByNameForm(EmergencyForm):
    """Who it is, and why their record is opened although nothing ties the person to them."""

    given_name = forms.CharField(label=_("Given name"), max_length=120)
    family_name = forms.CharField(label=_("Family name"), max_length=120)
    born_on = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@gate(Action.PATIENT_LIST, subject=my_practice, purpose=Purpose.BREAK_THE_GLASS)
def _asked_again(request: HttpRequest, *, grant: Grant, problem: Problem) -> HttpResponse:
    del grant
    return _page(request, ByNameForm(request.POST), problem)


@proved(again=_asked_again)
@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.PATIENT_LIST, subject=my_practice, purpose=Purpose.BREAK_THE_GLASS)
def by_name(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The form; sent, it opens the record of the one person meant, asks for a second person, or says no."""
    form = ByNameForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form)
    try:
        must_be_shown(
            grant=grant
        )  # before anybody is looked for: what comes later would tell that they are there
    except ProofNeeded as problem:
        return _page(request, form, problem)
    return _open(request, grant, form)


def _open(request: HttpRequest, grant: Grant, form: ByNameForm) -> HttpResponse:
    said = form.cleaned_data
    meant = exactly(grant=grant, code=said["code"], **{name: said[name] for name in WHO})
    if would_allow(grant=grant, action=Action.PATIENT_LIST, subject=meant):
        return HttpResponseRedirect(f"/patients/{meant.id}/")
    try:
        return HttpResponseRedirect(_opened(request, grant, meant, code=said["code"], words=said["words"]))
    except Refused:
        return _page(request, form, NobodyToOpen())


def _opened(request: HttpRequest, grant: Grant, meant: Subject, *, code: str, words: str) -> str:
    """Breaks the glass; where the browser goes next."""
    breaking = authorise(
        actor=grant.actor,
        action=Action.GLASS_BREAK,
        subject=meant,
        circumstances=Circumstances.of(request),
    )
    glass = break_glass(grant=breaking, code=code, words=words)
    if the_glass(grant=breaking, glass=glass).is_open:
        return f"/patients/{breaking.about}/"
    return reverse("access:emergency", args=[breaking.about])


def _page(request: HttpRequest, form: ByNameForm, problem: Problem | None = None) -> HttpResponse:
    shown = {"form": form, "problem": problem.message if problem else "", "hours": HOURS, "by_name": True}
    status = problem.status if problem else UNPROCESSABLE if form.is_bound else 200
    return render(request, "access/emergency.html", shown, status=status)

"""One's own: emergencies in the name of a member of staff, and those a patient was the subject of."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from teleward.access.grants import Action, Grant, Subject, gate, whoever
from teleward.access.queries.people import organisation
from teleward.watch.operations.reviews import say_it_was_not_me
from teleward.watch.queries.own import emergencies_of_patient, own_cases


def myself(request: HttpRequest, **_url: object) -> Subject:
    """Whoever asks."""
    actor = whoever(request)
    return Subject(kind="Person", id=actor.id, organisation=actor.organisation)


def own_record(request: HttpRequest) -> Subject:
    """The patient who is signed in; nobody else's page can even be named."""
    actor = whoever(request)
    return Subject(kind="Patient", id=actor.patient, organisation=actor.organisation, patient=actor.patient)


@require_safe
@gate(Action.CASE_ANSWER, subject=myself)
def mine(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The emergencies in my name, each with the question whether it was me."""
    return render(request, "watch/mine.html", {"cases": own_cases(grant=grant)})


@require_POST
@gate(Action.CASE_ANSWER, subject=myself)
def denial(request: HttpRequest, emergency: UUID, *, grant: Grant) -> HttpResponse:
    """It was not me."""
    del request
    say_it_was_not_me(grant=grant, case=emergency)
    return HttpResponseRedirect(reverse("watch:mine"))


@require_safe
@gate(Action.LEDGER_READ, subject=own_record)
def emergencies(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """When my record was opened in an emergency, by whom, why, and what the privacy officer found."""
    shown = {
        "emergencies": emergencies_of_patient(grant=grant),
        "practice": organisation(organisation_id=grant.organisation),
    }
    return render(request, "watch/emergencies.html", shown)

"""The care team of a patient, and changing it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject, gate, would_allow
from teleward.access.operations.teams import AlreadyOnTeam, NotOfTheTeam, join_team, leave_team
from teleward.access.queries.bars import bar
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.teams import care_team, clinicians
from teleward.kernel.errors import Problem


def _patient(request: HttpRequest, patient_id: UUID, **_address: object) -> Subject:
    del request
    return patient_subject(patient=patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.TEAM_CHANGE, reading=Action.PATIENT_READ, subject=_patient)
def team(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """Shows the team; a POST puts somebody on it."""
    if request.method != "POST":
        return _shown(request, grant)
    try:
        join_team(grant=grant, staff=UUID(request.POST.get("staff", "")))
    except ValueError:
        return _shown(request, grant, NotOfTheTeam())
    except (NotOfTheTeam, AlreadyOnTeam) as problem:
        return _shown(request, grant, problem)
    return HttpResponseRedirect(f"/patients/{patient_id}/team/")


@require_POST
@gate(Action.TEAM_CHANGE, subject=_patient)
def off_team(request: HttpRequest, patient_id: UUID, membership: UUID, *, grant: Grant) -> HttpResponse:
    """Takes somebody off the team."""
    del request
    leave_team(grant=grant, membership=membership)
    return HttpResponseRedirect(f"/patients/{patient_id}/team/")


def _shown(request: HttpRequest, grant: Grant, problem: Problem | None = None) -> HttpResponse:
    context = {
        "who": bar(grant=grant),
        "patient_id": grant.about,
        "team": care_team(grant=grant),
        "clinicians": clinicians(grant=grant),
        "changes": would_allow(grant=grant, action=Action.TEAM_CHANGE),
        "problem": problem,
    }
    return render(request, "access/team.html", context, status=problem.status if problem else 200)

"""Two files of one person: finding the other one, looking at both side by side, saying so, taking it back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant, Subject, authorise, gate
from teleward.access.operations.merging import (
    NotTwoFiles,
    TiersDiffer,
    WhyMissing,
    find_different,
    merge,
    unmerge,
)
from teleward.access.queries.matching import compared, proposals
from teleward.access.queries.merging import merge_taken_back, standing_merge
from teleward.access.queries.patients import patient, patient_subject, patients
from teleward.access.views.answers import my_practice
from teleward.access.words_of_matching import REASONS, WHY
from teleward.kernel.errors import NotFound, Problem


def _patient(request: HttpRequest, patient_id: UUID, **_address: object) -> Subject:
    del request
    return patient_subject(patient=patient_id)


@require_http_methods(["GET", "HEAD"])
@gate(Action.PATIENT_LIST, subject=my_practice)
def possibly_same(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Files that may be one person's, for somebody to look at."""
    found = [(pair, [REASONS[each] for each in pair.reasons]) for pair in proposals(grant=grant)]
    return render(request, "access/possibly_same.html", {"pairs": found})


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.PATIENT_MERGE, subject=_patient)
def other_file(request: HttpRequest, patient_id: UUID, *, grant: Grant) -> HttpResponse:
    """Asks which other file is this patient's too: those that are alike, or found by name."""
    listing = authorise(
        actor=grant.actor,
        action=Action.PATIENT_LIST,
        subject=my_practice(request),
        circumstances=Circumstances.of(request),
    )
    search = request.POST.get("q", "").strip()[:120]
    found = patients(grant=listing, search=search) if search else []
    pairs = proposals(grant=listing, of=patient_id)
    shown = {
        "patient": patient(grant=grant, patient_id=patient_id),
        "search": search,
        "found": [each for each in found if each.id != patient_id],
        "alike": [pair.second if pair.first.id == patient_id else pair.first for pair in pairs],
    }
    return render(request, "access/other_file.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.PATIENT_MERGE, subject=_patient)
def side_by_side(request: HttpRequest, patient_id: UUID, other: UUID, *, grant: Grant) -> HttpResponse:
    """Both files beside each other; a POST says that they are one person's, and which is kept."""
    if patient_id == other:
        raise NotTwoFiles
    if request.method != "POST":
        return _shown(request, grant, other)
    kept, gone = (other, patient_id) if request.POST.get("keep") == str(other) else (patient_id, other)
    try:
        merge(grant=grant, kept=kept, gone=gone, why=request.POST.get("why", ""))
    except (TiersDiffer, WhyMissing) as problem:
        return _shown(request, grant, other, problem)
    return HttpResponseRedirect(f"/patients/{kept}/")


@require_POST
@gate(Action.PATIENT_MERGE, subject=_patient)
def different(request: HttpRequest, patient_id: UUID, other: UUID, *, grant: Grant) -> HttpResponse:
    """They are two people: nobody is asked about them again."""
    del request, patient_id
    find_different(grant=grant, other=other)
    return HttpResponseRedirect("/patients/possibly-the-same/")


@require_POST
@gate(Action.PATIENT_MERGE, subject=_patient)
def undo(request: HttpRequest, patient_id: UUID, other: UUID, *, grant: Grant) -> HttpResponse:
    """Takes back that the two are one person."""
    del request
    standing = standing_merge(grant=grant, other=other)
    if standing is None:
        raise NotFound
    unmerge(grant=grant, kept=standing.kept, gone=standing.gone)
    return HttpResponseRedirect(f"/patients/{patient_id}/same/{other}/")


def _shown(request: HttpRequest, grant: Grant, other: UUID, problem: Problem | None = None) -> HttpResponse:
    asked = authorise(
        actor=grant.actor,
        action=Action.PATIENT_MERGE,
        subject=patient_subject(patient=other),
        circumstances=Circumstances.of(request),
    )
    both = compared(grant=grant, other=asked)
    standing = standing_merge(grant=grant, other=other)
    shown = {
        "patient_id": grant.about,
        "other": other,
        "sides": both.sides,
        "reasons": [REASONS[each] for each in both.reasons],
        "keep": other if request.POST.get("keep") == str(other) else grant.about,
        "standing": standing,
        "standing_why": WHY[standing.why] if standing else "",
        "taken_back": None if standing else merge_taken_back(grant=grant, other=other),
        "why": [(word, words) for word, words in WHY.items() if word != "message"],
        "problem": problem.message if problem else "",
    }
    return render(request, "access/side_by_side.html", shown, status=problem.status if problem else 200)

"""Patients: the list, a new one, one patient's entry and its parts."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.grants import Action, Grant, gate, would_allow
from teleward.access.operations.patients import BirthDateImpossible, NameMissing, register_patient
from teleward.access.queries import patients as known
from teleward.access.queries.matching import alike
from teleward.access.queries.merging import earlier_of, files_to_open, kept_file
from teleward.access.queries.people import organisation
from teleward.consult.forms import PatientForm
from teleward.consult.local_time import day_of
from teleward.consult.queries.notes import notes_of_patient, visits_kept_closer
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.visits import visits_of_patient
from teleward.consult.views.asking import further, own_practice, sent, that_patient
from teleward.consult.views.fragments import fragment
from teleward.kernel.clock import now

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.PATIENT_LIST, subject=own_practice)
def patient_list(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The patients of the practice, by name. Who is searched for stands in no address."""
    if "q" in request.GET:
        return HttpResponseRedirect(request.path)
    search = request.POST.get("q", "").strip()
    found = known.patients(grant=grant, search=search)
    earlier = earlier_of(patients=[each.id for each in found])
    shown = {"found": found, "search": search, "treats": _treats(grant), "earlier": earlier}
    return render(request, "consult/patients.html", shown)


@require_http_methods(["GET", "POST"])
@gate(Action.PATIENT_CREATE, subject=own_practice)
def new_patient(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A new patient."""
    form = PatientForm(sent(request), initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        found = _alike(request, grant, form)
        if found:
            return render(request, "consult/new_patient.html", {"form": form, "alike": found}, status=409)
        try:
            made = register_patient(grant=grant, **_said(form))
        except BirthDateImpossible as wrong:
            form.add_error("born_on", str(wrong.message))
        except NameMissing as wrong:
            form.add_error("given_name", str(wrong.message))
        else:
            return HttpResponseRedirect(f"/patients/{made.id}/")
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "consult/new_patient.html", {"form": form}, status=status)


@require_safe
@gate(Action.PATIENT_READ, subject=that_patient)
def patient_page(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """The entry: who it is, and what can be done. Each part below is fetched by itself."""
    found = known.patient(grant=grant, patient_id=patient)
    zone = organisation(organisation_id=certain(grant.subject.organisation)).time_zone
    context = {
        "patient": found,
        "age": found.age_on(day_of(at=now(), zone=zone)),
        "treats": _treats(grant),
        "reads_record": would_allow(grant=grant, action=Action.RECORD_READ),
        "reads_readings": would_allow(grant=grant, action=Action.READING_READ),
        "is_earlier": kept_file(patient=patient) != patient,
        "files": files_to_open(grant=grant),
        "merges": would_allow(grant=grant, action=Action.PATIENT_MERGE),
        "reads_notes": would_allow(grant=grant, action=Action.NOTE_READ),
        "holds_letters": would_allow(grant=grant, action=Action.SAFEGUARD),
    }
    return render(request, "consult/patient.html", context)


@require_safe
@gate(Action.PATIENT_READ, subject=that_patient)
def patient_visits(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """The part with the visits."""
    return fragment(
        request,
        "consult/patient_visits.html",
        {"visits": visits_of_patient(grant=grant)},
        grant=grant,
        title=_("Appointments"),
    )


@require_safe
@gate(Action.NOTE_READ, subject=that_patient)
def patient_notes(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """The part with the notes."""
    parts = {"notes": notes_of_patient(grant=grant), "closer": visits_kept_closer(grant=grant)}
    return fragment(request, "consult/patient_notes.html", parts, grant=grant, title=_("Notes"))


@require_safe
@gate(Action.PATIENT_READ, subject=that_patient)
def patient_contact(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """The part with the addresses."""
    found = known.contact(grant=grant, patient_id=patient)
    title = _("How to reach the patient")
    parts = {"contact": found, "patient_id": patient}
    return fragment(request, "consult/patient_contact.html", parts, grant=grant, title=title)


def _alike(request: HttpRequest, grant: Grant, form: PatientForm) -> tuple[known.PatientCard, ...]:
    """Who is like somebody to be entered, unless it was said that it is somebody else."""
    if "somebody_else" in request.POST:
        return ()
    said = _said(form)
    del said["language"]
    return alike(grant=further(request, grant, Action.PATIENT_LIST), **said)


def _said(form: PatientForm) -> dict[str, Any]:
    said = dict(form.cleaned_data)
    return said | {"numbers": said.pop("number")}


def _treats(grant: Grant) -> bool:
    return bool(grant.actor.roles & {"physician", "nurse"})

"""Copies that leave the page: notes to print, the record as a file. The patient is told of each as such."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from teleward.access.grants import Action, Grant, freshly, gate
from teleward.access.queries.patients import patient as the_patient
from teleward.consult.queries.copies import record_as_bundle
from teleward.consult.queries.notes import notes_of_patient
from teleward.consult.views.asking import that_patient

FHIR = "application/fhir+json; charset=utf-8"


@require_GET
@gate(Action.RECORD_PRINT, subject=that_patient)
def printed_notes(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """The notes on one patient as they go on paper, with who printed them and when."""
    shown = {
        "notes": notes_of_patient(grant=grant),
        "patient": the_patient(grant=grant, patient_id=patient),
        "printed_by": grant.actor.name,
        "at": grant.at,
    }
    return render(request, "consult/patient_print.html", shown)


@freshly
@require_POST
@gate(Action.RECORD_EXPORT, subject=that_patient)
def exported_record(_request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """The record as a FHIR file; only on a browser that the practice looks after."""
    response = HttpResponse(record_as_bundle(grant=grant), content_type=FHIR)
    response.headers["Content-Disposition"] = 'attachment; filename="record.fhir.json"'
    return response

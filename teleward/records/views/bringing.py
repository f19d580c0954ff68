"""Patients send documents of their own, from their own page; from a link, see `consult`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from teleward.access.grants import Action, Grant, Subject, gate, whoever
from teleward.kernel.errors import NotFound
from teleward.records.documents.forms import DocumentForm
from teleward.records.operations.documents import bring_document
from teleward.records.views.documents import filed

PAGE: dict[str, Any] = {"frame": "web/page.html", "back": "/window/"}


def own(request: HttpRequest, **_address: object) -> Subject:
    """The patient who is signed in."""
    actor = whoever(request)
    return Subject(kind="Patient", id=actor.patient, organisation=actor.organisation, patient=actor.patient)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.DOCUMENT_BRING, subject=own)
def bringing(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A patient sends a document; it stands in the record as theirs."""
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    saved = form.cleaned_data["title"] if form.is_valid() and _brought(grant, form) else ""
    context = PAGE | {"form": DocumentForm() if saved else form, "saved": saved}
    status = 422 if form.is_bound and not saved else 200
    return render(request, "records/documents/bring.html", context, status=status)


def _brought(grant: Grant, form: DocumentForm) -> bool:
    patient = grant.subject.patient
    if patient is None:
        raise NotFound
    return filed(form, grant=grant, patient=patient, by=bring_document)

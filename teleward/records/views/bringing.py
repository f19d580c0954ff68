"""Patients send documents of their own, from their own page; from a link, see `consult`."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from teleward.access.grants import Action, Grant, Subject, gate, whoever
from teleward.kernel.errors import NotFound
from teleward.records.documents.forms import BringForm
from teleward.records.operations.documents import bring_document
from teleward.records.queries.brought import brought
from teleward.records.views.documents import filed

PAGE: dict[str, Any] = {"frame": "web/page.html", "back": "/window/"}


def own(request: HttpRequest, **_address: object) -> Subject:
    """The patient who is signed in."""
    actor = whoever(request)
    return Subject(kind="Patient", id=actor.patient, organisation=actor.organisation, patient=actor.patient)


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.DOCUMENT_BRING, subject=own)
def bringing(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A patient sends a document; it stands in the record as theirs. What they sent before is listed."""
    patient = grant.subject.patient
    if patient is None:
        raise NotFound
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    by = partial(bring_document, key=form.cleaned_data["key"]) if form.is_valid() else bring_document
    if form.is_valid() and filed(form, grant=grant, patient=patient, by=by):
        return redirect(f"{reverse('records:bring-document')}?sent=1")  # a reload sends nothing again
    context = PAGE | {"form": form, "saved": not form.is_bound and "sent" in request.GET}
    context["documents"] = brought(grant=grant, patient=patient)
    status = 422 if form.is_bound else 200
    return render(request, "records/documents/bring.html", context, status=status)

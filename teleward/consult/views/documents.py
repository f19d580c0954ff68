"""The patient sends a document with the appointment, before or after it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from teleward.access.grants import Action, Grant, gate, guest
from teleward.consult.forms import DocumentForm
from teleward.consult.queries.subjects import certain
from teleward.consult.views.asking import own_visit
from teleward.kernel.errors import Problem
from teleward.records.operations.documents import DocumentRefused, bring_document
from teleward.records.queries.brought import brought

UNPROCESSABLE = 422
PAGE: dict[str, Any] = {"frame": "web/quiet.html", "back": "/visit/"}


class KeptCloser(Problem):
    """The visit is kept closer than the record, where documents stand."""

    code = "consult:kept-closer"
    status = 409
    message = _("Documents cannot be sent with this appointment. Please show yours in the consultation.")


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.DOCUMENT_BRING, subject=own_visit, who=guest)
def guest_documents(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """A document for the practice, from whoever has the patient's link; what they sent with it before."""
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if form.is_valid() and _brought(grant, form):
        return redirect(f"{reverse('consult:guest-documents')}?sent=1")  # a reload sends nothing again
    context = PAGE | {
        "form": form,
        "saved": not form.is_bound and "sent" in request.GET,
        "closer": bool(grant.subject.category),
    }
    context["documents"] = brought(grant=grant, patient=certain(grant.subject.patient))
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "records/documents/bring.html", context, status=status)


def _brought(grant: Grant, form: DocumentForm) -> bool:
    if grant.subject.category:
        raise KeptCloser
    said = form.cleaned_data
    try:
        bring_document(
            grant=grant,
            patient=certain(grant.subject.patient),
            title=said["title"],
            content=said["file"].read(),
            name=said["file"].name,
            key=said["key"],
        )
    except DocumentRefused as refused:
        form.add_error("file", str(refused.message))
        return False
    return True

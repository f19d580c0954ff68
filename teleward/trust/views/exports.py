"""Downloading everything: to read, and for another program."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from teleward.access.grants import Action, Grant, freshly, gate, record
from teleward.access.queries.accounts import account_waits_until
from teleward.trust.paper import printed
from teleward.trust.queries.exports import bundle, document
from teleward.trust.views.whose import own


@require_safe
@freshly
@gate(Action.WINDOW_OPEN, subject=own)
def export(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """What can be downloaded, and what to mind."""
    return render(request, "trust/export.html", {"waits_until": account_waits_until(grant=grant)})


@require_POST
@freshly
@gate(Action.WINDOW_EXPORT, subject=own)
def pdf(_request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Everything as a PDF."""
    made = printed(document(grant=grant))
    record(grant=grant, detail={"format": "pdf", "bytes": len(made)})
    return _file(made, "application/pdf", "pdf")


@require_POST
@freshly
@gate(Action.WINDOW_EXPORT, subject=own)
def fhir(_request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Everything as a FHIR Bundle."""
    made = bundle(grant=grant)
    record(grant=grant, detail={"format": "fhir", "bytes": len(made)})
    return _file(made, "application/fhir+json", "fhir.json")


def _file(made: bytes, kind: str, ending: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="teleward.{ending}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(made, content_type=kind, headers=headers)

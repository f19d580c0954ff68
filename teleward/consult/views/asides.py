"""The page in between: somebody in a call with one patient is about to open another's chart."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from teleward.access.grants import Action, Grant, gate
from teleward.access.queries.bars import bar
from teleward.access.queries.patients import patient_subject
from teleward.consult.operations.asides import open_aside
from teleward.consult.views.asking import further, that_visit


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.VISIT_HOST, subject=that_visit)
def aside(request: HttpRequest, *, grant: Grant, visit: UUID, other: UUID) -> HttpResponse:
    """Says with whom the call is and whose chart would open; a yes is kept and goes on."""
    wanted = _here(request.POST.get("next") or request.GET.get("next") or "")
    opening = further(request, grant, Action.PATIENT_READ, patient_subject(patient=other))
    if request.method == "POST":
        open_aside(grant=grant, patient=other)
        return HttpResponseRedirect(wanted or f"/patients/{other}/")
    context = {"who": bar(grant=grant), "other": bar(grant=opening), "visit": visit, "next": wanted}
    return render(request, "consult/aside.html", context)


def _here(wanted: str) -> str:
    is_here = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_here else ""

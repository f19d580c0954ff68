"""What did not reach another system: an administrator sends it again, or gives it up with a word."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from teleward.access.grants import Action, Grant, freshly, gate
from teleward.kernel.errors import NotFound
from teleward.records.operations.settling import WhyMissing, give_up, resend, resend_all
from teleward.records.queries.outgoing import one_stuck
from teleward.records.views.systems import LONGEST, my_practice

settling = gate(Action.RECORD_SEND, subject=my_practice)


@require_POST
@settling
def send(request: HttpRequest, outgoing: UUID, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - the shape of views
    """Once more, as if for the first time."""
    return _to(resend(grant=grant, outgoing=outgoing))


@require_POST
@settling
def send_all(request: HttpRequest, system: UUID, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - the shape of views
    """All that is stuck there."""
    resend_all(grant=grant, connection=system)
    return _to(system)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@settling
def leave(request: HttpRequest, outgoing: UUID, *, grant: Grant) -> HttpResponse:
    """Gives one up."""
    item = one_stuck(grant=grant, outgoing=outgoing)
    if item is None:
        raise NotFound
    why = request.POST.get("why", "")[:LONGEST]
    if request.method != "POST":
        return render(request, "records/systems/leave.html", {"item": item})
    try:
        return _to(give_up(grant=grant, outgoing=outgoing, why=why))
    except WhyMissing as missing:
        shown = {"item": item, "why": why, "problem": missing.message}
        return render(request, "records/systems/leave.html", shown, status=missing.status)


def _to(system: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("records:system", args=[system]))

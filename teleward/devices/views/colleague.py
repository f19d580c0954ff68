"""The sheet of a second clinician who came by a link, for what the patient shows them in the call."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate, guest
from teleward.devices.queries.sharings import going
from teleward.devices.views.asking import own_visit
from teleward.devices.views.host import sheet

ROOM = "/visit/"


@require_safe
@gate(Action.VISIT_JOIN, subject=own_visit, who=guest)
def watch(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The sheet without a value and without this patient's own limits: whoever is in the call may have it.

    Readings come from the patient's browser alone, to whom the patient names.
    """
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(ROOM)
    return sheet(request, visit=grant.about, own={}, going=reverse("devices:watch-going"))


@require_safe
@gate(Action.VISIT_JOIN, subject=own_visit, who=guest)
def watch_going(_request: HttpRequest, *, grant: Grant) -> JsonResponse:
    """Ids of what the patient shows in this visit now."""
    return JsonResponse({"going": going(grant=grant)})

"""The page that says who may do what, generated from the policies in force."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from teleward.access.grants import open_because
from teleward.access.policy import rules
from teleward.access.queries.permissions import overview, role_cards


@require_safe
@open_because("the rules of the house are everybody's to read")
def permissions(request: HttpRequest) -> HttpResponse:
    """Role by role: what it may always do, what only when something ties it to a patient, and what never."""
    context = {"roles": role_cards(), "overview": overview(), "digest": rules().digest}
    return render(request, "access/permissions.html", context)

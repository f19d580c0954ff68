"""The guest's pages beside the room: changing one's mind, consent, the receipt."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teleward.access.grants import Action, Grant, gate, guest
from teleward.consult.agreement import template_of
from teleward.consult.forms import ChoiceForm
from teleward.consult.operations.choices import choose, withdraw
from teleward.consult.operations.live_room import NotThisMode
from teleward.consult.operations.post import calendar_of
from teleward.consult.queries.receipts import consents
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.visits import visit as the_visit
from teleward.consult.views.asking import own_visit
from teleward.consult.views.preparation import keep, page_context
from teleward.consult.views.visits import calendar_response

UNPROCESSABLE, SEE_OTHER, NO_CONTENT = 422, 303, 204


@require_http_methods(["GET", "POST"])
@gate(Action.VISIT_PREPARE, subject=own_visit, who=guest)
def mode(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """Chooses again how to talk, and agrees where that is still to be done."""
    is_patient = "patient" in grant.actor.roles
    about = the_visit(grant=grant)
    context = page_context(request, grant, about, form=None, is_patient=is_patient)
    if not about.is_open or not is_patient:
        return HttpResponseRedirect("/visit/", status=SEE_OTHER)
    if request.method == "POST":
        form = ChoiceForm(request.POST, modes=about.modes, asks=context["asks"])
        if form.is_valid():
            keep(request, grant.actor, grant.subject, form, asks=context["asks"])
            return HttpResponseRedirect("/visit/", status=SEE_OTHER)
        context["form"] = form
    context |= {"action": "/visit/mode/", "first": False}
    status = UNPROCESSABLE if context["form"] else 200
    return render(request, "consult/join.html", context, status=status)


@require_POST
@gate(Action.VISIT_PREPARE, subject=own_visit, who=guest)
def choice(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """From inside the room's page: another mode than the last one, and why. Answers 204.

    How the visit is held is the patient's choice; what another guest prefers concerns that guest alone.
    """
    if "patient" not in grant.actor.roles:
        return HttpResponse(status=NO_CONTENT)
    before, wanted = the_visit(grant=grant).chosen_mode, request.POST.get("mode", "")
    declined = before if before != wanted else ""
    reason = request.POST.get("reason", "")
    try:
        choose(grant=grant, visit=certain(grant.actor.visit), mode=wanted, declined=declined, reason=reason)
    except NotThisMode:
        return HttpResponse(status=UNPROCESSABLE)
    return HttpResponse(status=NO_CONTENT)


@require_safe
@gate(Action.VISIT_CONSENT, subject=own_visit, who=guest)
def consent(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """What was agreed to, and the button that takes it back."""
    given = consents(grant=grant)
    standing = next((each for each in given if each.withdrawn_at is None), None)
    template = template_of(standing.version) if standing else ""
    return render(
        request, "consult/consent.html", {"standing": standing, "given": given, "agreement": template}
    )


@require_POST
@gate(Action.VISIT_CONSENT, subject=own_visit, who=guest)
def withdrawal(request: HttpRequest, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - the gate's shape
    """Takes the consent back: as easy as giving it."""
    withdraw(grant=grant, visit=certain(grant.subject.id))
    return HttpResponseRedirect("/visit/consent/", status=SEE_OTHER)


@require_safe
@gate(Action.VISIT_PREPARE, subject=own_visit, who=guest)
def calendar(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The appointment for the guest's own calendar."""
    return calendar_response(calendar_of(grant=grant, language=request.LANGUAGE_CODE))

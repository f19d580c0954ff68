"""One appointment: what it is, who comes, inviting, calling off, the calendar file."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teleward.access.grants import Action, Grant, gate, would_allow
from teleward.access.operations.passes import PassTooLong
from teleward.access.queries.patients import contact, patient
from teleward.consult.forms import CancellationForm, GuestForm, InvitationForm
from teleward.consult.operations.guests import (
    ROOM_FOR_GUESTS,
    NoAddress,
    Post,
    TooManyGuests,
    add_guest,
    remove_guest,
    send_invitation,
    show_link,
)
from teleward.consult.operations.post import calendar_of
from teleward.consult.operations.visits import cancel
from teleward.consult.queries.guests import GuestCard, guests
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.visits import visit as the_visit
from teleward.consult.sms import NoTextMessages, gateway
from teleward.consult.views.asking import sent, that_visit
from teleward.consult.views.links import link_page
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.mail import NoMail

UNPROCESSABLE = 422
PAGE = Action.VISIT_READ


@require_safe
@gate(PAGE, subject=that_visit)
def visit_page(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """The appointment."""
    return _page(request, grant)


@require_POST
@gate(Action.VISIT_INVITE, subject=that_visit)
def invitations(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """Sends a link by e-mail or text message, or shows it once."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, grant, trouble=NoAddress())
    guest = _guest(grant, form.cleaned_data["guest"])
    try:
        if form.cleaned_data["channel"] == "shown":
            link = show_link(grant=grant, visit=visit, guest=guest.id)
            return link_page(request, visit=the_visit(grant=grant), guest=guest, url=link.url)
        send_invitation(grant=grant, visit=visit, guest=guest.id, post=_post(grant, guest, form))
    except (NoAddress, NoMail, NoTextMessages, PassTooLong) as problem:
        return _page(request, grant, trouble=problem)
    return HttpResponseRedirect(f"/visits/{visit}/")


@require_POST
@gate(Action.VISIT_INVITE, subject=that_visit)
def new_guest(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """Asks a third participant in."""
    form = GuestForm(request.POST)
    if not form.is_valid():
        return _page(request, grant, guest_form=form)
    try:
        add_guest(grant=grant, visit=visit, **form.cleaned_data)
    except TooManyGuests as problem:
        return _page(request, grant, trouble=problem)
    return HttpResponseRedirect(f"/visits/{visit}/")


@require_POST
@gate(Action.VISIT_INVITE, subject=that_visit)
def guest_removal(request: HttpRequest, *, grant: Grant, visit: UUID, guest: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """A third participant is not wanted any more."""
    remove_guest(grant=grant, visit=visit, guest=guest)
    return HttpResponseRedirect(f"/visits/{visit}/")


@require_http_methods(["GET", "POST"])
@gate(Action.VISIT_CANCEL, reading=PAGE, subject=that_visit)
def cancellation(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """Asks why, then calls the appointment off."""
    form = CancellationForm(sent(request))
    if request.method == "POST" and form.is_valid():
        cancel(grant=grant, visit=visit, reason=form.cleaned_data["reason"])
        return HttpResponseRedirect(f"/visits/{visit}/")
    context = {"form": form, **_facts(grant)}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "consult/cancellation.html", context, status=status)


@require_safe
@gate(PAGE, subject=that_visit)
def calendar(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:  # noqa: ARG001 - in the grant
    """The appointment as a calendar file."""
    return calendar_response(calendar_of(grant=grant, language=get_language() or "en"))


def calendar_response(file: bytes) -> HttpResponse:
    """A calendar file to keep."""
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def _page(
    request: HttpRequest, grant: Grant, *, trouble: Problem | None = None, guest_form: GuestForm | None = None
) -> HttpResponse:
    asked = guests(grant=grant)
    context = {
        "guests": asked,
        "has_place": len(asked) < ROOM_FOR_GUESTS,
        "guest_form": guest_form or GuestForm(),
        "trouble": trouble,
        "sms": gateway().delivers,
        "is_host": would_allow(grant=grant, action=Action.VISIT_HOST),
        "arranges": would_allow(grant=grant, action=Action.VISIT_INVITE),
        **_facts(grant),
    }
    status = UNPROCESSABLE if trouble or guest_form else 200
    return render(request, "consult/visit.html", context, status=status)


def _facts(grant: Grant) -> dict[str, object]:
    return {
        "visit": the_visit(grant=grant),
        "patient": patient(grant=grant, patient_id=certain(grant.subject.patient)),
    }


def _guest(grant: Grant, guest: UUID) -> GuestCard:
    found = next((each for each in guests(grant=grant) if each.id == guest), None)
    if found is None:
        raise NotFound
    return found


def _post(grant: Grant, guest: GuestCard, form: InvitationForm) -> Post:
    channel, address = form.cleaned_data["channel"], form.cleaned_data["address"]
    if channel == "sms" and not gateway().delivers:
        raise NoTextMessages
    if not address and guest.role == "patient":
        known = contact(grant=grant, patient_id=certain(grant.subject.patient))
        address = known.email if channel == "email" else known.telephone
    return Post(channel=channel, address=address)

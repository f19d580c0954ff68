"""The administrator's pages of what other systems send (HL7 v2): the messages, and the systems themselves."""

from dataclasses import asdict, fields
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teleward.access.grants import Action, Circumstances, Grant, Subject, freshly, gate, whoever
from teleward.access.queries.people import staff_names
from teleward.records.hl7.charsets import NAMES
from teleward.records.operations.hl7 import senders as work
from teleward.records.operations.hl7.senders import SenderFaulty, SenderWish
from teleward.records.operations.hl7.settling import WAITS, apply_again, drop
from teleward.records.queries.hl7.inbox import how_many_wait, inbox
from teleward.records.queries.hl7.senders import called, sender, senders

STATES = (
    ("waiting", "records:messages", _("Waiting")),
    ("refused", "records:messages-refused", _("Refused")),
    ("done", "records:messages-done", _("Dealt with")),
)


def my_practice(request: HttpRequest, **_address: object) -> Subject:
    """The practice of whoever asks."""
    own = whoever(request).organisation
    return Subject(kind="Organisation", id=own, organisation=own)


changing = gate(Action.APP_CHANGE, subject=my_practice)
looking = gate(Action.APP_LIST, subject=my_practice)


@require_safe
@looking
def messages(request: HttpRequest, state: str = "waiting", *, grant: Grant) -> HttpResponse:
    """What came, by what became of it."""
    shown = {
        "messages": inbox(grant=grant, state=state),
        "states": STATES,
        "state": state,
        "waiting": how_many_wait(grant=grant),
        "may_change": _may_change(grant),
        "listens": settings.HL7_LISTEN,
        "days": WAITS.days,
        "has_senders": bool(senders(grant=grant)),
    }
    return render(request, "records/messages.html", shown)


@freshly
@require_POST
@changing
def again(request: HttpRequest, message: UUID, *, grant: Grant) -> HttpResponse:
    """Applies it once more."""
    apply_again(grant=grant, received=message, circumstances=Circumstances.of(request))
    return HttpResponseRedirect(reverse("records:messages"))


@freshly
@require_POST
@changing
def put_aside(request: HttpRequest, message: UUID, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """It is not to be applied."""
    drop(grant=grant, received=message)
    return HttpResponseRedirect(reverse("records:messages"))


@require_safe
@looking
def systems(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The systems that may send."""
    shown = {"senders": senders(grant=grant), "may_change": _may_change(grant)}
    return render(request, "records/senders.html", shown)


@freshly
@require_http_methods(["GET", "HEAD", "POST"])
@changing
def new_system(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """One more."""
    typed = {each.name: request.POST.get(each.name, "")[:500] for each in fields(SenderWish)}
    wish = SenderWish(**{**typed, "charset": typed["charset"] or "ASCII"})
    if request.method != "POST":
        return _form(request, wish)
    try:
        made = work.register_sender(grant=grant, wish=wish)
    except SenderFaulty as faulty:
        return _form(request, wish, faulty)
    return HttpResponseRedirect(reverse("records:sender", args=[made]))


@require_safe
@looking
def system(request: HttpRequest, sender_id: UUID, *, grant: Grant) -> HttpResponse:
    """One of them, and whom of the practice it means."""
    return _one(request, grant, sender_id)


@freshly
@require_POST
@changing
def name_somebody(request: HttpRequest, sender_id: UUID, *, grant: Grant) -> HttpResponse:
    """Whom it means by a number or a name."""
    typed, chosen = request.POST.get("called", ""), request.POST.get("person", "")
    try:
        work.call_somebody(grant=grant, sender=sender_id, called=typed, person=_id(chosen))
    except SenderFaulty as faulty:
        return _one(request, grant, sender_id, faulty, {"called": typed[:180]})
    return HttpResponseRedirect(reverse("records:sender", args=[sender_id]))


@freshly
@require_POST
@changing
def forget_somebody(request: HttpRequest, sender_id: UUID, called_id: UUID, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """It means nobody by this any more."""
    work.forget_name(grant=grant, sender=sender_id, called=called_id)
    return HttpResponseRedirect(reverse("records:sender", args=[sender_id]))


@freshly
@require_POST
@changing
def speak_for(request: HttpRequest, sender_id: UUID, *, grant: Grant) -> HttpResponse:
    """Whose numbers it may bring."""
    typed = request.POST.get("assigners", "")[:5_000]
    try:
        work.speak_for(grant=grant, sender=sender_id, assigners=typed)
    except SenderFaulty as faulty:
        return _one(request, grant, sender_id, faulty, {"assigners": typed})
    return HttpResponseRedirect(reverse("records:sender", args=[sender_id]))


@freshly
@require_POST
@changing
def end_system(request: HttpRequest, sender_id: UUID, *, grant: Grant) -> HttpResponse:
    """Nothing of it is taken any more."""
    why = request.POST.get("why", "")[:200]
    try:
        work.end_sender(grant=grant, sender=sender_id, why=why)
    except SenderFaulty as faulty:
        return _one(request, grant, sender_id, faulty, {"why": why})
    return HttpResponseRedirect(reverse("records:senders"))


def _one(
    request: HttpRequest,
    grant: Grant,
    sender_id: UUID,
    faulty: SenderFaulty | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    staff = staff_names(organisation_id=grant.organisation).values()
    card = sender(grant=grant, sender_id=sender_id)
    shown = {
        "sender": card,
        "called": called(grant=grant, sender_id=sender_id),
        "staff": [each for each in staff if {"physician", "nurse"} & set(each.roles)],
        "may_change": _may_change(grant),
        "typed": {"assigners": "\n".join(card.assigners)} | (typed or {}),
        "wrong": {faulty.field: faulty.message} if faulty else {},
    }
    return render(request, "records/sender.html", shown, status=faulty.status if faulty else 200)


def _form(request: HttpRequest, wish: SenderWish, faulty: SenderFaulty | None = None) -> HttpResponse:
    shown = {
        "typed": asdict(wish),
        "charsets": [(name, name == wish.charset) for name in NAMES],
        "wrong": {faulty.field: faulty.message} if faulty else {},
    }
    return render(request, "records/new_sender.html", shown, status=faulty.status if faulty else 200)


def _may_change(grant: Grant) -> bool:
    """Whether the way there is shown; the gate also asks how fresh the sign-in is."""
    return "administrator" in grant.actor.roles


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise SenderFaulty("person", _("Please choose somebody of the practice.")) from wrong

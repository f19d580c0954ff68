"""The page of the call, for the clinician and for the guests. `RoomPage` is all the page's modules know."""

from dataclasses import asdict, dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate, guest
from teleward.access.queries.bars import bar
from teleward.access.queries.people import OrganisationCard, organisation
from teleward.consult.cards import VisitCard
from teleward.consult.queries.forms import forms_of_visit
from teleward.consult.queries.receipts import has_agreed
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.unsettled import unsettled
from teleward.consult.queries.visits import visit as the_visit
from teleward.consult.views.asking import own_visit, that_visit
from teleward.consult.views.beside import sheets

GUEST_ROOM = "/visit/"
AT_DEVICES = {"patient": "/devices/measure/", "clinician": "/devices/watch/"}  # measures, or looks on


@dataclass(frozen=True, kw_only=True)
class RoomPage:
    """What the page hands to its modules as JSON. No secret, no address of a person."""

    visit: UUID
    socket: str  # path of the WebSocket
    side: str  # host | guest
    role: str  # host | patient | relative | interpreter | clinician
    name: str  # one's own, as the others see it
    mode: str  # chosen before the call
    modes: tuple[str, ...]
    language: str
    urls: dict[str, str]
    phone: str  # of the practice


@require_safe
@gate(Action.VISIT_HOST, subject=that_visit)
def room_host(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """The clinician's side: the call, and the sheets of the chart beside it."""
    about = the_visit(grant=grant)
    if not about.is_open:
        return HttpResponseRedirect(f"/visits/{visit}/")
    who = bar(grant=grant)
    page = _page(grant, about, _practice(grant), side="host")
    context = {
        "room": asdict(page),
        "fragments": sheets(about, due=unsettled(grant=grant)),
        "phone": page.phone,
        "with_name": who.name,
        "who": who,
        "visit": about,
    }
    return render(request, "consult/room_host.html", context)


@require_safe
@gate(Action.VISIT_JOIN, subject=own_visit, who=guest)
def room_guest(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The guest's side: check, waiting room and call in one page; before it, whatever is still to be said."""
    return guest_page(request, grant=grant)


def guest_page(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The same page, also as the answer to the choice before the call. Its address is GUEST_ROOM."""
    request.path = GUEST_ROOM  # for what goes by the address: camera and microphone, the change of language
    about = the_visit(grant=grant)
    is_patient = "patient" in grant.actor.roles
    if not about.is_open:
        return _over(request, about, is_patient=is_patient)
    if is_patient and not _is_prepared(grant, about):
        return HttpResponseRedirect("/visit/mode/")
    practice = _practice(grant)
    page = _page(grant, about, practice, side="guest")
    context = {
        "room": asdict(page),
        "house": practice.short_name,
        "phone": page.phone,
        "with_name": about.host_name,
        "open_forms": _open_forms(grant) if is_patient else 0,
        "visit": about,
    }
    if is_patient and about.chosen_mode == "phone":
        return render(request, "consult/phone.html", context)
    return render(request, "consult/room_guest.html", context)


def _page(grant: Grant, about: VisitCard, practice: OrganisationCard, *, side: str) -> RoomPage:
    roles = sorted(grant.actor.roles)
    urls = {"protection": "/protection/"}
    urls |= (
        {"over": f"/visits/{about.id}/"}
        if side == "host"
        else {"decline": "/visit/choice/", "over": GUEST_ROOM, "here": GUEST_ROOM}
    )
    mine = [AT_DEVICES[role] for role in roles if side == "guest" and role in AT_DEVICES]
    if mine:
        urls |= {"devices": mine[0]}
    return RoomPage(
        visit=about.id,
        socket=f"/live/visits/{about.id}" + ("?as=guest" if side == "guest" else ""),
        side=side,
        role="host" if side == "host" else next(iter(roles), "patient"),
        name=grant.actor.name,
        mode=about.chosen_mode or next(iter(about.modes), "video"),
        modes=about.modes,
        language=get_language() or "en",
        urls=urls,
        phone=practice.telephone,
    )


def _practice(grant: Grant) -> OrganisationCard:
    return organisation(organisation_id=certain(grant.subject.organisation))


def _is_prepared(grant: Grant, about: VisitCard) -> bool:
    return bool(about.chosen_mode) and has_agreed(grant=grant)


def _open_forms(grant: Grant) -> int:
    return sum(form.answered_at is None for form in forms_of_visit(grant=grant))


def _over(request: HttpRequest, about: VisitCard, *, is_patient: bool) -> HttpResponse:
    if is_patient and about.state == "ended":
        return HttpResponseRedirect("/visit/receipt/")
    return render(request, "consult/over.html", {"visit": about})

"""What every page knows: whose practice, who is signed in, where they may go."""

from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teleward.access.grants import NOBODY, Actor, ActorKind
from teleward.access.queries.glass import OpenGlass, open_glass
from teleward.access.queries.waiting import Waiting, waiting_for
from teleward.kernel.mail import mail_is_set_up
from teleward.web.safety import uses_htmx

CARE = frozenset({"physician", "nurse"})
DESK = CARE | {"reception"}
TELEWARD = "Teleward"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the navigation."""

    address: str
    name: str | Promise
    roles: frozenset[str]
    also: tuple[str, ...] = ()  # what else belongs to it
    is_here: bool = False


PLACES = (
    Place(address="/day/", name=pgettext_lazy("navigation", "Today"), roles=DESK, also=("/visits/",)),
    Place(
        address="/patients/",
        name=_("Patients"),
        roles=DESK,
        also=("/devices/patients/", "/records/documents/"),
    ),
    Place(address="/devices/alerts/", name=_("Alerts"), roles=CARE),
    Place(address="/watch/", name=_("Review desk"), roles=frozenset({"privacy-officer"})),
    Place(address="/objections/", name=_("Reports"), roles=frozenset({"privacy-officer"})),
    Place(
        address="/staff/",
        name=_("Staff"),
        roles=frozenset({"administrator", "privacy-officer"}),
        also=("/apps/", "/systems/", "/imports/", "/records/messages/", "/records/senders/"),
    ),
    Place(
        address="/templates/",
        name=_("Templates"),
        roles=frozenset({"physician", "administrator"}),
        also=("/questionnaires/",),
    ),
)
PATIENT_PLACES = (Place(address="/window/", name=_("Your page"), roles=frozenset()),)


@dataclass(frozen=True, kw_only=True)
class Page:
    """The frame of a page."""

    actor: Actor
    places: tuple[Place, ...]
    here: str
    origin: str
    loads_htmx: bool
    sends_mail: bool
    practice: str = ""  # the name of that of the reader, where they have one
    patient: UUID | None = None  # whom the page is about; forms say for whom they were loaded

    @cached_property
    def glass(self) -> OpenGlass | None:
        """The emergency access that the reader's session has to the patient of this page, or None."""
        if not self.is_staff or self.actor.session is None or self.patient is None:
            return None
        return open_glass(session=self.actor.session, patient=self.patient)

    @cached_property
    def waiting(self) -> Waiting:
        """What waits for the reader as a second person; a part of a page shows none and asks nothing."""
        return waiting_for(actor=self.actor)

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody with an account looks at this page."""
        return self.actor.kind in {ActorKind.STAFF, ActorKind.PATIENT}

    @property
    def is_guest_side(self) -> bool:
        """Whether this is a page of an invited guest, who signs in nowhere."""
        return self.here.startswith("/visit/")

    @property
    def house(self) -> str:
        """What stands above the page: patients and guests read the practice they know, others Teleward."""
        is_at_work = self.is_staff and not self.is_guest_side
        return TELEWARD if is_at_work or not self.practice else self.practice

    @property
    def is_staff(self) -> bool:
        """Whether somebody of the practice looks at this page."""
        return self.actor.kind is ActorKind.STAFF


def page(request: HttpRequest) -> dict[str, Page]:
    """The context processor: `page` in every template."""
    actor = getattr(request, "actor", NOBODY)
    return {
        "page": Page(
            actor=actor,
            places=places_of(actor, request.path),
            here=request.get_full_path() if request.method == "GET" else request.path,
            origin=str(settings.ORIGIN),
            loads_htmx=uses_htmx(request),
            sends_mail=mail_is_set_up(),
            practice=getattr(request, "house", ""),
            patient=getattr(getattr(request, "about", None), "patient", None),
        )
    }


def places_of(actor: Actor, path: str) -> tuple[Place, ...]:
    """Where this actor may go, the place they are at marked."""
    if actor.kind is ActorKind.PATIENT:
        return tuple(_marked(place, path) for place in PATIENT_PLACES)
    return tuple(_marked(place, path) for place in PLACES if place.roles & actor.roles)


def home_of(actor: Actor) -> str | None:
    """The first page of somebody who is signed in; None for nobody."""
    places = places_of(actor, "")
    if places:
        return places[0].address
    return "/account/" if actor.kind is ActorKind.STAFF else None


def _marked(place: Place, path: str) -> Place:
    return replace(place, is_here=path.startswith((place.address, *place.also)))

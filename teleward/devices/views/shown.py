"""What a patient showed in a visit and what of it they kept; linked from the overview of the consultation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate, guest
from teleward.access.queries.people import organisation
from teleward.devices.kinds import KINDS
from teleward.devices.queries.sharings import SharingCard, sharings
from teleward.devices.views.asking import own_visit, that_visit


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One sharing in words."""

    kinds: tuple[str | Promise, ...]
    begun_at: datetime
    ended_at: datetime | None
    stopped: bool
    kept: int


@require_safe
@gate(Action.RECEIPT_READ, subject=own_visit, who=guest)
def guest_shown(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """By the visit's own link."""
    return _page(request, grant, back="/visit/receipt/")


@require_safe
@gate(Action.RECEIPT_READ, subject=that_visit)
def visit_shown(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """The same in the patient's window."""
    return _page(request, grant, back=f"/receipts/{visit}/")


def _page(request: HttpRequest, grant: Grant, *, back: str) -> HttpResponse:
    practice = organisation(organisation_id=grant.organisation)
    context = {
        "shown": [_in_words(each) for each in sharings(grant=grant)],
        "zone": practice.time_zone,
        "back": back,
    }
    return render(request, "devices/shown.html", context)


def _in_words(card: SharingCard) -> Shown:
    return Shown(
        kinds=tuple(KINDS[name].word if name in KINDS else name for name in card.kinds),
        begun_at=card.begun_at,
        ended_at=card.ended_at,
        stopped=card.why == "stopped",
        kept=card.kept,
    )

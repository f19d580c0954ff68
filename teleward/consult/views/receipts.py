"""The receipt: what happened, who saw what, what we keep and until when. For the screen and for paper."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate, guest
from teleward.access.queries.naming import naming_for
from teleward.access.queries.people import StaffName, organisation, staff_names
from teleward.audit.queries import LedgerEntry
from teleward.consult import words
from teleward.consult.queries.looks import looks
from teleward.consult.queries.orders import planned
from teleward.consult.queries.receipts import ReceiptCard, receipt
from teleward.consult.queries.subjects import certain
from teleward.consult.views.asking import own_visit, that_visit

CONNECTION_DATA = timedelta(days=90)
CHART_YEARS = 10


@dataclass(frozen=True, kw_only=True)
class Look:
    """Somebody of the practice saw a kind of data because of this visit: when first."""

    name: str
    role: str | Promise
    kind: str | Promise
    at: datetime


@require_safe
@gate(Action.RECEIPT_READ, subject=own_visit, who=guest)
def guest_receipt(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The receipt by the visit's own link."""
    return _page(request, grant, printed_at="/visit/receipt/?print=1", readings_at="/devices/shown/")


@require_safe
@gate(Action.RECEIPT_READ, subject=that_visit)
def visit_receipt(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """The same in the patient's window."""
    return _page(
        request, grant, printed_at=f"/receipts/{visit}/?print=1", readings_at=f"/devices/shown/{visit}/"
    )


def _looks(grant: Grant) -> tuple[Look, ...]:
    """Once per person and kind, the first look of each."""
    names = staff_names(organisation_id=grant.organisation)
    with_names = naming_for(reader=grant.actor, organisation=grant.organisation).with_names
    found: dict[tuple[str, str], Look] = {}
    for entry in looks(grant=grant):
        look = _look(entry, names)
        told = look if with_names else replace(look, name=gettext("Somebody from the practice"))
        found.setdefault((entry.facts["actor_id"], entry.facts["kind"]), told)
    return tuple(found.values())


def _look(entry: LedgerEntry, names: dict[UUID, StaffName]) -> Look:
    facts = entry.facts
    who = names.get(UUID(facts["actor_id"]))
    role = next((words.STAFF_ROLES[name] for name in words.STAFF_ROLES if who and name in who.roles), "")
    kind = words.KINDS.get(facts["kind"], facts["kind"])
    return Look(name=who.name if who else "", role=role, kind=kind, at=entry.at)


def _page(request: HttpRequest, grant: Grant, *, printed_at: str, readings_at: str) -> HttpResponse:
    card = receipt(grant=grant)
    practice = organisation(organisation_id=certain(grant.subject.organisation))
    context = {
        "receipt": card,
        "visit": card.visit,
        "practice": practice,
        "house": practice.short_name,
        "looks": _looks(grant),
        "planned": planned(grant=grant),
        "keeps_connection_until": (card.ended_at or card.visit.ends_at) + CONNECTION_DATA,
        "keeps_chart_until": chart_until(card),
        "printed_at": printed_at,
        "readings_at": readings_at,
        "frame": "web/print.html" if "print" in request.GET else "web/quiet.html",
    }
    return render(request, "consult/receipt.html", context)


def chart_until(card: ReceiptCard) -> int:
    """The year in which the chart's legal ten years after the treatment are over (§ 630f BGB)."""
    return (card.ended_at or card.visit.ends_at).year + CHART_YEARS

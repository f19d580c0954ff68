"""What the patient shows in the call, in a sheet beside it. The values come from the patient's browser."""

import json
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate
from teleward.access.queries.bars import bar
from teleward.devices.flags import FLAGS
from teleward.devices.kinds import KINDS, Kind, Quantity
from teleward.devices.limits import USUAL, Range
from teleward.devices.queries.sharings import going as going_on
from teleward.devices.queries.thresholds import limits_of
from teleward.devices.signs import SIGNS, sign, spoken
from teleward.devices.views.asking import that_visit


@require_safe
@gate(Action.READING_READ, subject=that_visit)
def beside(request: HttpRequest, *, grant: Grant, visit: UUID) -> HttpResponse:
    """The sheet. It says what each kind measures and which limits hold for this patient."""
    if request.headers.get("HX-Request"):
        own = {limits.code: limits.range for limits in limits_of(grant=grant) if limits.has_range}
        return sheet(request, visit=visit, own=own, going=reverse("devices:going", args=[visit]))
    answer = render(request, "devices/host/alone.html", {"who": bar(grant=grant)})
    answer.headers["Vary"] = "HX-Request"
    return answer


def sheet(request: HttpRequest, *, visit: UUID | None, own: dict[str, Range], going: str) -> HttpResponse:
    """The sheet itself; `own` are limits set for this patient, by code; `going` says what goes on."""
    page = {
        "visit": visit,
        "language": spoken(),
        "kinds": {kind.name: _kind(kind, own) for kind in KINDS.values()},
        "flags": FLAGS,
        "signs": SIGNS,
        "going": going,
    }
    answer = render(request, "devices/host/beside.html", {"page_json": json.dumps(page, default=str)})
    answer.headers["Vary"] = "HX-Request"
    return answer


@require_safe
@gate(Action.READING_READ, subject=that_visit)
def going(_request: HttpRequest, *, grant: Grant, visit: UUID) -> JsonResponse:  # noqa: ARG001 - the gate has it
    """Ids of what the patient agreed to show in this visit and did not stop."""
    return JsonResponse({"going": going_on(grant=grant)})


def _kind(kind: Kind, own: dict[str, Range]) -> dict[str, object]:
    return {
        "name": kind.name,
        "word": kind.word,
        "stale_after": kind.stale_after.total_seconds(),
        "continuous": kind.continuous,
        "quantities": [_quantity(each, own) for each in kind.quantities],
    }


def _quantity(quantity: Quantity, own: dict[str, Range]) -> dict[str, object]:
    limits = own.get(quantity.code) or USUAL.get(quantity.code) or Range()
    return {
        "code": quantity.code,
        "word": quantity.word,
        "unit": quantity.unit,
        "sign": sign(quantity.unit),
        "lowest": _plain(quantity.lowest),
        "highest": _plain(quantity.highest),
        "low": _plain(limits.low),
        "high": _plain(limits.high),
        "own": quantity.code in own,
    }


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")

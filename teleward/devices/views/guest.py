"""The patient's drawer in the call: what to measure, with which limits, in which words."""

import json
from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate, guest
from teleward.devices.flags import FLAGS
from teleward.devices.kinds import KINDS, Kind, Quantity
from teleward.devices.signs import sign
from teleward.devices.views.asking import own_visit

NOBODY = "00000000-0000-0000-0000-000000000000"  # stands in the address of a stop until there is a sharing
NOT_ON_DISPLAYS = frozenset({"8478-0", "39156-5", "8302-2", "61006-3", "8637-1"})
PULSE = "8867-4"  # may be left empty where something else is measured


@require_safe
@gate(Action.READING_SHARE, subject=own_visit, who=guest)
def measure(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The drawer's content; opened as a page of its own it says where it belongs."""
    if not request.headers.get("HX-Request"):
        return render(request, "devices/guest/alone.html")
    kinds = [_kind(each) for each in KINDS.values()]
    page = {
        "visit": grant.about,
        "language": get_language() or "en",
        "kinds": kinds,
        "flags": FLAGS,
        "urls": {
            "share": reverse("devices:sharing"),
            "stop": reverse("devices:sharing-stop", args=[NOBODY]),
            "keep": reverse("devices:keep"),
            "type": reverse("devices:typing"),
        },
    }
    page_json = json.dumps(page, default=str, ensure_ascii=False, separators=(",", ":"))
    return _part(request, "measure", {"page_json": page_json, "kinds": kinds})


@require_safe
@gate(Action.READING_SHARE, subject=own_visit, who=guest)
def typing(request: HttpRequest, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - the gate has it
    """The forms for what a display shows, fetched when somebody wants to type."""
    if not request.headers.get("HX-Request"):
        return render(request, "devices/guest/alone.html")
    return _part(request, "typing", {"kinds": [_kind(each) for each in KINDS.values()]})


def _part(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    answer = render(request, f"devices/guest/{name}.html", context)
    answer.headers["Vary"] = "HX-Request"
    return answer


def _kind(kind: Kind) -> dict[str, object]:
    return {
        "name": kind.name,
        "word": kind.word,
        "service": kind.service,
        "characteristics": kind.characteristics,
        "module": static(f"devices/kinds/{kind.name}.js"),
        "stale_after": kind.stale_after.total_seconds(),
        "continuous": kind.continuous,
        "typed": kind.can_be_typed,
        "waves": not kind.quantities,
        "quantities": _quantities(kind.quantities),
    }


def _quantities(all_of_them: Iterable[Quantity]) -> list[dict[str, object]]:
    asked = [each for each in all_of_them if each.code not in NOT_ON_DISPLAYS]
    return [_quantity(each, asked) for each in all_of_them]


def _quantity(quantity: Quantity, asked: list[Quantity]) -> dict[str, object]:
    units = (quantity.unit, *quantity.typed)
    return {
        "code": quantity.code,
        "word": quantity.word,
        "unit": quantity.unit,
        "sign": sign(quantity.unit),
        "lowest": _plain(quantity.lowest),
        "highest": _plain(quantity.highest),
        "jump": None if quantity.jump is None else _plain(quantity.jump),
        "digits": quantity.digits,
        "units": [{"unit": unit, "sign": sign(unit)} for unit in units],
        "asked": quantity in asked,
        "needed": quantity in asked and (quantity.code != PULSE or len(asked) == 1),
    }


def _plain(number: Decimal) -> str:
    return format(number, "f")

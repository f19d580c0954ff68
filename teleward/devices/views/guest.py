"""The patient's drawer in the call: what to measure, with which limits, in which words."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from teleward.access.grants import Action, Grant, gate, guest
from teleward.devices.flags import FLAGS
from teleward.devices.kinds import KINDS, Kind
from teleward.devices.signs import SIGNS, sign, spoken
from teleward.devices.views.asking import own_visit
from teleward.devices.views.told import quantity_told

NOBODY = "00000000-0000-0000-0000-000000000000"  # stands in the address of a stop until there is a sharing
NOT_ON_DISPLAYS = frozenset(
    {"8478-0", "39156-5", "8302-2", "61006-3", "8637-1", "8418008", "glucose-quality"}
)
PULSE = "8867-4"  # may be left empty where something else is measured


@require_safe
@gate(Action.READING_SHARE, subject=own_visit, who=guest)
def measure(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The drawer's content; opened as a page of its own it says where it belongs."""
    if not request.headers.get("HX-Request"):
        return render(request, "devices/guest/alone.html")
    page = {
        "visit": grant.about,
        "language": spoken(),
        "kinds": [_kind(each) for each in KINDS.values()],
        "signs": SIGNS,
        "urls": {
            "share": reverse("devices:sharing"),
            "stop": reverse("devices:sharing-stop", args=[NOBODY]),
            "keep": reverse("devices:keep"),
            "type": reverse("devices:typing"),
            "flags": reverse("devices:flags"),
        },
    }
    return _part(request, "measure", page, KINDS.values())


@require_safe
@gate(Action.READING_SHARE, subject=own_visit, who=guest)
def typing(request: HttpRequest, *, grant: Grant) -> HttpResponse:  # noqa: ARG001 - the gate has it
    """The forms for what a display shows, fetched when somebody wants to type."""
    if not request.headers.get("HX-Request"):
        return render(request, "devices/guest/alone.html")
    forms = {kind.name: _asked(kind) for kind in KINDS.values() if kind.can_be_typed}
    return _part(request, "typing", forms, forms.items())


@require_safe
@gate(Action.READING_SHARE, subject=own_visit, who=guest)
def flags(_request: HttpRequest, *, grant: Grant) -> JsonResponse:  # noqa: ARG001 - the gate has it
    """What devices say besides, in words; fetched when one of them says something."""
    return JsonResponse({name: str(word) for name, word in FLAGS.items()})


def _part(request: HttpRequest, name: str, page: object, kinds: object) -> HttpResponse:
    page_json = json.dumps(page, default=str, ensure_ascii=False, separators=(",", ":"))
    answer = render(request, f"devices/guest/{name}.html", {"page_json": page_json, "kinds": kinds})
    answer.headers["Vary"] = "HX-Request"
    return answer


def _kind(kind: Kind) -> dict[str, object]:
    """What stands on the first screens; the rest comes with the consent."""
    return {
        "name": kind.name,
        "word": kind.word,
        "typed": kind.can_be_typed,
        "waves": not kind.quantities,
    }


def _asked(kind: Kind) -> list[dict[str, object]]:
    """The fields of its form, each with what is needed to read it."""
    asked = [each for each in kind.quantities if each.code not in NOT_ON_DISPLAYS]
    return [
        quantity_told(each)
        | {
            "digits": each.digits,
            "needed": each.code != PULSE or len(asked) == 1,
            "units": [{"unit": unit, "sign": sign(unit)} for unit in (each.unit, *each.typed)],
        }
        for each in asked
    ]

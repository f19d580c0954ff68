"""What the patient's page posts in a call: showing begins and stops, a reading is kept. JSON both ways."""

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from teleward.access.grants import Action, Grant, gate, guest
from teleward.devices.kinds import KINDS
from teleward.devices.operations.keeping import Answer, keep_readings
from teleward.devices.operations.sharing import begin_sharing, stop_sharing
from teleward.devices.views.asking import own_visit
from teleward.devices.views.told import kind_told

LARGEST = 1_000_000  # bytes
SHORTEST = 10_000

Asked = TypeVar("Asked", bound=msgspec.Struct)


class ToShow(msgspec.Struct, forbid_unknown_fields=True):
    """Kinds to show, until when."""

    kinds: Annotated[list[str], msgspec.Meta(max_length=20)]
    until: Literal["stop", "end"]


class ToKeep(msgspec.Struct, forbid_unknown_fields=True):
    """Readings to keep, as they were shown."""

    sharing: UUID
    pairing: UUID
    readings: list[Any]


@require_POST
@gate(Action.READING_SHARE, subject=own_visit, who=guest)
def begin(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The patient agreed to show readings; the answer has what is needed to read these kinds."""
    asked = _asked(request, ToShow, SHORTEST)
    sharing = begin_sharing(grant=grant, kinds=asked.kinds, until=asked.until)
    return _json({"sharing": sharing, "kinds": [kind_told(KINDS[name]) for name in asked.kinds]})


@require_POST
@gate(Action.READING_SHARE, subject=own_visit, who=guest)
def stop(_request: HttpRequest, *, grant: Grant, sharing: UUID) -> HttpResponse:
    """The patient stopped it."""
    stop_sharing(grant=grant, sharing=sharing)
    return _json({"sharing": sharing})


@require_POST
@gate(Action.READING_KEEP, subject=own_visit, who=guest)
def keep(request: HttpRequest, *, grant: Grant) -> HttpResponse:
    """The patient keeps readings in their record; one answer for each."""
    asked = _asked(request, ToKeep, LARGEST)
    answers = keep_readings(
        grant=grant, sharing=asked.sharing, pairing=asked.pairing, readings=asked.readings
    )
    return _json({"answers": [_told(each) for each in answers]})


def _told(answer: Answer) -> dict[str, object]:
    told = {
        "id": answer.id,
        "status": answer.status,
        "code": answer.code,
        "message": str(answer.message),
        "observation": answer.observation,
    }
    return {name: value for name, value in told.items() if value}


def _asked(request: HttpRequest, shape: type[Asked], largest: int) -> Asked:
    if len(request.body) > largest:
        raise RequestDataTooBig
    try:
        return msgspec.json.decode(request.body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as unreadable:
        raise BadRequest from unreadable


def _json(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")

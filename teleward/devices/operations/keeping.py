"""Keeping readings that were shown in a visit: each is checked, sealed, and goes into the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.devices.faults import FAULTS
from teleward.devices.judging import fault
from teleward.devices.kinds import KINDS
from teleward.devices.models import Kept, Sharing
from teleward.devices.queries.sharings import CONTEXT
from teleward.devices.readings import Reading, encode
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish

MOST = 100  # readings at once
MOST_OF_VISIT = 1_000  # each is pressed by somebody; who has a link must not bury the record
AHEAD = timedelta(minutes=5)  # a browser's clock may go wrong by
BEHIND = timedelta(minutes=10)


class TooManyReadings(Problem):
    """More than are kept at once, or of one visit."""

    code = "devices:too-many-readings"
    status = 413
    message = _("Please keep fewer readings at a time.")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of one reading: kept, already (kept before), or refused, with code and sentence."""

    id: str
    status: str
    code: str = ""
    message: str | Promise = ""
    observation: UUID | None = None


@transaction.atomic
def keep_readings(
    *, grant: Grant, sharing: UUID, pairing: UUID, readings: Sequence[object]
) -> tuple[Answer, ...]:
    """Keeps what was shown under `sharing`, each reading once; `readings` as JSON has them.

    Only of the grant's own visit: a sharing of another is not found. Of a visit that is kept closer nothing
    goes into the record, which more people read. Raises NotFound, TooManyReadings.
    """
    grant.must_cover(Action.READING_KEEP)
    row = Sharing.objects.select_related("end").filter(id=sharing, visit=grant.about).first()
    if row is None:
        raise NotFound
    if len(readings) > MOST or Kept.objects.filter(sharing__visit=grant.about).count() >= MOST_OF_VISIT:
        raise TooManyReadings
    answers = tuple(_kept(grant, row, pairing, each) for each in readings)
    counted = [each.status for each in answers]
    record(grant=grant, detail={name: counted.count(name) for name in ("kept", "already", "refused")})
    return answers


def _kept(grant: Grant, sharing: Sharing, pairing: UUID, raw: object) -> Answer:
    try:
        reading = msgspec.convert(raw, Reading)
    except msgspec.ValidationError:
        return _refused(_id_in(raw), "unreadable")
    why = "kept-closer" if grant.subject.category else _fault(sharing, reading)
    if why:
        return _refused(str(reading.id), why)
    kept = uuid5(sharing.id, str(reading.id))
    sealed = seal(patient=sharing.patient, plaintext=encode(reading), context=CONTEXT.format(kept))
    _row, made = Kept.objects.get_or_create(
        id=kept,
        defaults={"by": grant.actor.id, "sharing": sharing, "pairing": pairing, "reading": sealed},
    )
    if made:
        publish(Event.READING_KEPT, visit=sharing.visit, kept=kept)
    return Answer(id=str(reading.id), status="kept" if made else "already", observation=kept)


def _fault(sharing: Sharing, reading: Reading) -> str:
    kind = KINDS.get(reading.kind)
    if kind is None or kind.name not in sharing.kinds:
        return "kind-not-shared"
    end = getattr(sharing, "end", None)
    latest = (end.at if end else now()) + AHEAD
    if not sharing.at - BEHIND <= reading.received_at <= latest:
        return "not-while-shared"
    if reading.measured_at is not None and reading.measured_at > latest:
        return "in-the-future"
    return fault(reading, kind)


def _refused(reading: str, why: str) -> Answer:
    return Answer(id=reading, status="refused", code=f"devices:{why}", message=FAULTS[why])


def _id_in(raw: Any) -> str:  # noqa: ANN401 - anything JSON can be
    found = raw.get("id") if isinstance(raw, dict) else None
    return found if isinstance(found, str) and len(found) <= 36 else ""

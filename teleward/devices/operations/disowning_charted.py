"""What was taken back in the chart: the readings it was made from are wrong as well."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from teleward.access.grants import Action, Grant
from teleward.devices.charting.hours import hour_of
from teleward.devices.charting.instrument import instrument_id
from teleward.devices.operations.disowning import disown_charted
from teleward.devices.queries.readings import HomeCard, readings_between
from teleward.devices.queries.sharings import kept_between
from teleward.devices.queries.wrong import Name
from teleward.devices.whose import whose
from teleward.records.queries.resources import body_of

MOST_OF_ONE = 4  # Observations that are made of one reading
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def disown_observation(*, grant: Grant, observation: UUID) -> int:
    """The readings behind an Observation of the grant's patient. Returns how many now are. Idempotent.

    None where it came through the chart and is of no reading here.
    """
    grant.must_cover(Action.READING_WRITE)
    found = body_of(grant=grant, kind="Observation", logical_id=observation)
    since, until = _times(msgspec.json.decode(found.body)) if found and found.body else (None, None)
    if since is None or until is None:
        return 0
    names = set(_names(grant, observation, since, until))
    return disown_charted(grant=grant, names=names) if names else 0


def _times(body: dict[str, Any]) -> tuple[datetime, datetime] | tuple[None, None]:
    period = body.get("effectivePeriod", {})
    since = body.get("effectiveDateTime") or body.get("effectiveInstant") or period.get("start")
    if not isinstance(since, str) or len(since) < len("2026-11-22T10:00:00Z"):
        return None, None
    begins = datetime.fromisoformat(since)
    return begins, datetime.fromisoformat(period.get("end", since))


def _names(grant: Grant, observation: UUID, since: datetime, until: datetime) -> Iterator[Name]:
    patient = whose(grant)
    for card in readings_between(grant=grant, patient=patient, since=since - SECOND, until=until + SECOND):
        if observation in {*_of_one(uuid5(card.pairing, str(card.sequence))), *_of_hour(patient, card)}:
            yield card.pairing, card.sequence
    for kept in kept_between(grant=grant, since=since - DAY, until=until + DAY):
        if observation == kept.id or observation in _of_one(kept.id):
            yield kept.id, 0


def _of_one(name: UUID) -> set[UUID]:
    return {uuid5(name, str(number)) for number in range(MOST_OF_ONE)}


def _of_hour(patient: UUID, card: HomeCard) -> set[UUID]:
    device, hour = instrument_id(patient=patient, reading=card.reading), hour_of(card.at).isoformat()
    return {uuid5(device, f"{value.code}/{hour}") for value in card.reading.values}

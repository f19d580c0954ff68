"""What came is held against limits: a batch from home, a reading that was kept in a consultation."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.devices.operations.alerts import weigh
from teleward.devices.operations.summing import mark_day
from teleward.devices.queries.readings import readings_of_batch
from teleward.devices.queries.sharings import kept_reading
from teleward.devices.readings import Reading
from teleward.devices.weighing import Said


def weigh_batch(*, grant: Grant, batch: UUID) -> tuple[UUID, ...]:
    """The alerts that stand because of a batch of the grant's patient. Idempotent. Raises NotFound."""
    grant.must_cover(Action.READING_READ)
    sound = [card for card in readings_of_batch(grant=grant, batch=batch) if card.wrong is None]
    return weigh(grant=grant, said=[said for card in sound for said in _said(card.reading, card.at)])


def weigh_kept(*, grant: Grant, kept: UUID) -> tuple[UUID, ...]:
    """The same of one reading of the grant's visit; its day is summed up. Idempotent. Raises NotFound."""
    grant.must_cover(Action.READING_READ)
    found = kept_reading(grant=grant, kept=kept)
    mark_day(grant=grant, kind=found.reading.kind)
    return weigh(grant=grant, said=() if found.wrong else _said(found.reading, found.reading.received_at))


def _said(reading: Reading, at: datetime) -> Iterator[Said]:
    for value in reading.values:
        if value.value is not None:
            yield Said(code=value.code, value=Decimal(value.value), at=at)

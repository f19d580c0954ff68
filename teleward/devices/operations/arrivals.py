"""What came is held against limits: a batch from home, a reading that was kept in a consultation."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.visits import visits_kept_closer
from teleward.devices.operations.alerts import weigh
from teleward.devices.operations.summing import mark_day
from teleward.devices.queries.readings import named_readings, readings_of_batch
from teleward.devices.queries.sharings import kept_named, kept_reading
from teleward.devices.queries.wrong import taken_back_together
from teleward.devices.readings import Reading
from teleward.devices.weighing import Said
from teleward.devices.whose import whose


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


def weigh_again(*, grant: Grant, disowned: UUID) -> tuple[UUID, ...]:
    """The same of readings of the grant's patient that count again since this press. Idempotent."""
    grant.must_cover(Action.READING_READ)
    names = taken_back_together(grant=grant, disowned=disowned)
    home = [(card.reading, card.at) for card in named_readings(grant=grant, names=names) if not card.wrong]
    closer = visits_kept_closer(patient=whose(grant))
    kept = [
        (each.reading, each.reading.received_at)
        for each in kept_named(grant=grant, names=names)
        if not each.wrong and each.visit not in closer
    ]
    return weigh(grant=grant, said=[said for reading, at in (*home, *kept) for said in _said(reading, at)])


def _said(reading: Reading, at: datetime) -> Iterator[Said]:
    for value in reading.values:
        if value.value is not None:
            yield Said(code=value.code, value=Decimal(value.value), at=at)

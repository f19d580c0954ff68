"""Readings from home, opened: single values for a day or an hour that is not summed up yet."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.devices.kinds import KINDS
from teleward.devices.models import Batch, HomeReading
from teleward.devices.queries.wrong import Name, Wrong, newest_wrong, wrong_among
from teleward.devices.readings import Reading, decode
from teleward.devices.rollups import Point
from teleward.devices.whose import whose
from teleward.kernel.envelope import opened_key, unseal_under
from teleward.kernel.errors import NotFound
from teleward.kernel.models import PatientKey

AHEAD = timedelta(minutes=5)  # a gateway's clock may go wrong by
CONTEXT = "devices:home:{}/{}"  # pairing, number: where a sealed reading belongs


@dataclass(frozen=True, kw_only=True)
class HomeCard:
    """One reading from home, and where it stands."""

    pairing: UUID
    sequence: int
    at: datetime
    received_at: datetime
    reading: Reading
    wrong: Wrong | None = None  # where somebody says so


def raw(*, grant: Grant, patient: UUID, code: str, since: datetime, until: datetime) -> tuple[Point, ...]:
    """Single values of one code, by the time they were measured: from `since` up to before `until`.

    Special values (none was measured) and what was marked as wrong are left out. Raises KeyDestroyed.
    """
    grant.must_cover(Action.READING_READ, Action.RECORD_WRITE, patient=patient)
    kinds = [kind.name for kind in KINDS.values() if code in kind.by_code]
    rows = HomeReading.objects.filter(
        patient=patient, kind__in=kinds, at__gte=since, at__lt=until, received_at__gte=since - AHEAD
    ).order_by("at", "sequence")
    found = (
        Point(at=card.at, value=value.value)
        for card in _opened(grant, patient, rows)
        for value in card.reading.values
        if value.code == code and value.value is not None and card.wrong is None
    )
    return tuple(found)


def readings_of_batch(*, grant: Grant, batch: UUID) -> tuple[HomeCard, ...]:
    """What was kept of one batch of the grant's patient, by number. Raises NotFound, KeyDestroyed."""
    grant.must_cover(Action.READING_READ, Action.RECORD_WRITE)
    row = Batch.objects.filter(id=batch).first()
    if row is None or row.patient != grant.subject.patient:
        raise NotFound
    rows = HomeReading.objects.filter(pairing=row.pairing_id, received_at=row.received_at)
    return tuple(_opened(grant, row.patient, rows.order_by("sequence")))


def readings_between(
    *, grant: Grant, patient: UUID, since: datetime, until: datetime, kind: str = ""
) -> tuple[HomeCard, ...]:
    """Whole readings (of one kind, if it is named) by the time they were measured. Raises KeyDestroyed."""
    grant.must_cover(Action.READING_READ, Action.READING_WRITE, Action.RECORD_WRITE, patient=patient)
    rows = HomeReading.objects.filter(
        patient=patient, at__gte=since, at__lt=until, received_at__gte=since - AHEAD
    )
    rows = rows.filter(kind=kind) if kind else rows
    return tuple(_opened(grant, patient, rows.order_by("at", "sequence")))


def named_readings(*, grant: Grant, names: Collection[Name]) -> tuple[HomeCard, ...]:
    """Those of these readings of the grant's patient that came from home. Raises KeyDestroyed."""
    grant.must_cover(Action.READING_READ, Action.READING_WRITE, Action.RECORD_WRITE)
    sources, numbers = {name[0] for name in names}, {name[1] for name in names}
    rows = HomeReading.objects.filter(patient=whose(grant), pairing__in=sources, sequence__in=numbers)
    cards = _opened(grant, whose(grant), rows.order_by("at", "sequence"))
    return tuple(card for card in cards if (card.pairing, card.sequence) in names)


def wrong_readings(*, grant: Grant, since: datetime, until: datetime) -> tuple[HomeCard, ...]:
    """Readings from home in this time that somebody says are wrong, the newest marks of all."""
    grant.must_cover(Action.READING_READ)
    cards = named_readings(grant=grant, names=newest_wrong(grant=grant).keys())
    return tuple(card for card in cards if since <= card.at < until)


def stored(*, grant: Grant, pairing: UUID, numbers: Sequence[int]) -> dict[int, Reading]:
    """What came from a pairing under these numbers, of the grant's patient. Raises KeyDestroyed."""
    grant.must_cover(Action.READING_WRITE, Action.READING_READ)
    patient = grant.subject.patient
    if patient is None:
        return {}
    rows = HomeReading.objects.filter(pairing=pairing, sequence__in=numbers, patient=patient)
    return {card.sequence: card.reading for card in _opened(grant, patient, rows)}


def _opened(grant: Grant, patient: UUID, rows: Iterable[HomeReading]) -> Iterator[HomeCard]:
    found = list(rows)
    if not found:
        return
    key = opened_key(wrapped=_wrapped(patient))
    wrong = wrong_among(grant=grant, sources={row.pairing for row in found})
    for row in found:
        context = CONTEXT.format(row.pairing, row.sequence)
        text = unseal_under(key=key, patient=patient, sealed=bytes(row.sealed), context=context)
        yield HomeCard(
            pairing=row.pairing,
            sequence=row.sequence,
            at=row.at,
            received_at=row.received_at,
            reading=decode(text),
            wrong=wrong.get((row.pairing, row.sequence)),
        )


def _wrapped(patient: UUID) -> bytes | None:
    row = PatientKey.objects.filter(patient=patient).first()
    return bytes(row.wrapped) if row else None

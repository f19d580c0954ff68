"""Readings from home go into the chart: single measurements one by one, continuous ones by the hour."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from teleward.access.grants import Action, Grant
from teleward.devices.charting.hours import Json, Sample, hour_of, in_the_hour
from teleward.devices.charting.instrument import instrument, instrument_id
from teleward.devices.charting.marking import marked
from teleward.devices.charting.origin import provenance
from teleward.devices.charting.tagging import supplied
from teleward.devices.kinds import KINDS, About
from teleward.devices.queries.readings import HomeCard, named_readings, readings_between, readings_of_batch
from teleward.devices.queries.wrong import Name
from teleward.devices.readings import Reading, encode
from teleward.devices.whose import whose
from teleward.kernel.clock import now
from teleward.records.operations.versions import keep_text

CHART_HOUR = "devices.chart_hour"
HOUR, SETTLED = timedelta(hours=1), timedelta(minutes=5)
THROUGH = "A gateway at the patient's home"


def chart_batch(*, grant: Grant, batch: UUID) -> None:
    """One batch of the grant's patient; its hours follow when they are over. Idempotent. Raises NotFound."""
    grant.must_cover(Action.RECORD_WRITE)
    _chart_cards(grant, readings_of_batch(grant=grant, batch=batch))


def _chart_cards(grant: Grant, cards: Iterable[HomeCard]) -> None:
    hours: set[tuple[str, datetime]] = set()
    for card in cards:
        if _is_continuous(card.reading):
            hours.add((card.reading.kind, hour_of(card.at)))
        else:
            _chart_one(grant, card)
    for kind, hour in sorted(hours):
        _chart_later(whose(grant), kind, hour)


def chart_named(*, grant: Grant, names: Collection[Name]) -> None:
    """These readings of the grant's patient anew, as far as they came from home. Idempotent."""
    grant.must_cover(Action.RECORD_WRITE)
    _chart_cards(grant, named_readings(grant=grant, names=names))


@transaction.atomic
def chart_hour(*, grant: Grant, kind: str, hour: datetime) -> None:
    """One hour of one kind of the grant's patient, by what measured it and by code. Idempotent."""
    grant.must_cover(Action.RECORD_WRITE)
    patient = whose(grant)
    cards = readings_between(grant=grant, patient=patient, kind=kind, since=hour, until=hour + HOUR)
    for own in _by_instrument(patient, [card for card in cards if _is_continuous(card.reading)]):
        _chart_together(grant, patient, own, hour)


def _is_continuous(reading: Reading) -> bool:
    return KINDS[reading.kind].continuous and reading.waveform is None


@transaction.atomic
def _chart_one(grant: Grant, card: HomeCard) -> None:
    patient, reading = whose(grant), card.reading
    about = About(patient=patient, device=instrument_id(patient=patient, reading=reading))
    bodies = KINDS[reading.kind].observe(reading, about)
    name = uuid5(card.pairing, str(card.sequence))
    ids = [uuid5(name, str(number)) for number in range(len(bodies))]
    told = [marked(each, card.wrong, patient=patient) for each in bodies]
    _keep(grant, patient, card, dict(zip(ids, told, strict=True)))


def _chart_together(grant: Grant, patient: UUID, cards: Sequence[HomeCard], hour: datetime) -> None:
    """Readings of one instrument."""
    found: dict[UUID, Json] = {}
    device = instrument_id(patient=patient, reading=cards[0].reading)
    for code in sorted({value.code for card in cards for value in card.reading.values}):
        sound = [card for card in cards if card.wrong is None]
        samples, wrong = list(_samples(sound, code)), None
        if not samples:
            samples, wrong = list(_samples(cards, code)), cards[0].wrong
        if samples:
            body = _body(cards, code, About(patient=patient, device=device))
            unit = KINDS[cards[0].reading.kind].by_code[code].unit
            body = marked(in_the_hour(body, samples, unit=unit), wrong, patient=patient)
            found[uuid5(device, f"{code}/{hour.isoformat()}")] = body
    if found:
        _keep(grant, patient, cards[0], found)


def _samples(cards: Iterable[HomeCard], code: str) -> Iterator[Sample]:
    for card in cards:
        for value in card.reading.values:
            if value.code == code and value.value is not None:
                yield Sample(at=card.at, value=value.value)


def _body(cards: Sequence[HomeCard], code: str, about: About) -> Json:
    """The Observation that one value of this code would be."""
    reading = next(
        msgspec.structs.replace(card.reading, values=[value])
        for card in cards
        for value in card.reading.values
        if value.code == code and value.value is not None
    )
    return KINDS[reading.kind].observe(reading, about)[0]


def _by_instrument(patient: UUID, cards: Iterable[HomeCard]) -> list[list[HomeCard]]:
    found: dict[UUID, list[HomeCard]] = {}
    for card in cards:
        found.setdefault(instrument_id(patient=patient, reading=card.reading), []).append(card)
    return list(found.values())


def _keep(grant: Grant, patient: UUID, card: HomeCard, observations: dict[UUID, Json]) -> None:
    """Device, Observations, and the Provenance of these."""
    reading = card.reading
    body = instrument(patient=patient, kind=KINDS[reading.kind], reading=reading)
    keep_text(grant=grant, kind="Device", body=encode(body))
    for name, each in observations.items():
        keep_text(grant=grant, kind="Observation", body=encode(supplied(each) | {"id": str(name)}))
    from_where = provenance(
        patient=patient,
        device=UUID(str(body["id"])),
        observations=list(observations),
        reading=reading,
        at=card.received_at,
        through=THROUGH,
    )
    keep_text(grant=grant, kind="Provenance", body=encode(from_where))


def _chart_later(patient: UUID, kind: str, hour: datetime) -> None:
    """When it is over and a little more; once, however many batches came meanwhile."""
    at = max(hour + HOUR, now()) + SETTLED
    named = {"patient": str(patient), "kind": kind, "hour": hour.isoformat()}
    lock = f"{CHART_HOUR} {patient} {kind} {hour.isoformat()}"
    task = app.configure_task(CHART_HOUR, allow_unknown=True, queueing_lock=lock, schedule_at=at)
    try:
        with transaction.atomic():
            task.defer(**named)
    except AlreadyEnqueued:
        return

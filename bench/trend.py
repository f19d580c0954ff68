"""A year of five kinds of device, a value each minute, as the trend page asks for it.

Floor: the bare SELECT of the sealed rows of the same year, unopened. Data: invented; 365 days in short for
six codes (the cuff has two), each day sealed as the job seals it; single readings of the last 30 days,
216,000 rows, of which those of the last day are sealed readings. The last ten minutes came after the day was
last summed up, so they are read one by one and added. The median of 50 rounds each, as the application's role
behind the fence; month, week and day are printed apart.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection, connections

from bench.figures import Figure
from bench.ground import practice
from teleward.access.grants import Action, Grant
from teleward.access.models import Organisation
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.devices.kinds import KINDS
from teleward.devices.models import DayInShort, DirtyDay, HomeReading
from teleward.devices.queries.points import key_of
from teleward.devices.queries.readings import CONTEXT
from teleward.devices.queries.trends import IN_SHORT, trends
from teleward.devices.readings import Reading, Value
from teleward.devices.readings import encode as encode_reading
from teleward.devices.rollups import Bucket, Day, Last, encode
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal, seal_under

CHOSEN = {
    "blood-pressure": ("8480-6", "8462-4"),
    "pulse-oximeter": ("59408-5",),
    "heart-rate": ("8867-4",),
    "thermometer": ("8310-5",),
    "continuous-glucose": ("99504-3",),
}
CODES = tuple(code for codes in CHOSEN.values() for code in codes)
MINUTES, ROUNDS = 1440, 50
ZONE = ZoneInfo("UTC")
BEFORE = """INSERT INTO devices_homereading
        (pairing, sequence, received_at, organisation, patient, kind, at, sealed)
    SELECT %(pairing)s, n, %(ends)s - n * interval '1 minute', %(here)s, %(patient)s, %(kind)s,
        %(ends)s - n * interval '1 minute', decode(repeat('00', 220), 'hex')
    FROM generate_series(1, 29 * 1440) n"""
BARE = """SELECT quantity, day, said FROM devices_dayinshort
    WHERE patient = %s AND quantity = ANY(%s) AND day >= %s"""


def measure() -> list[Figure]:
    with practice():
        grant, last = _filled()
        first = last - timedelta(days=364)
        shown = {days: _median(lambda days=days: _trend(grant, last, days)) for days in (1, 7, 30, 365)}  # type: ignore[misc]  # one of these
        floor = _median(lambda: _bare(grant, first))
        whole = _trend(grant, last, 365)
    print(f"year {shown[365]:.1f} ms, month {shown[30]:.1f}, week {shown[7]:.1f}, day {shown[1]:.1f}")
    print(f"{whole:,} values of {len(CODES)} codes; bare SELECT of the sealed rows {floor:.1f} ms")
    return [
        Figure(name="milliseconds", value=shown[365], unit="ms", floor=floor, goal="<=100"),
        Figure(name="milliseconds_of_a_day", value=shown[1], unit="ms", floor=None, goal="<=100"),
    ]


def _trend(grant: Grant, last: date, days: int) -> int:
    first = last - timedelta(days=days - 1)
    return sum(each.n for each in trends(grant=grant, codes=CODES, first=first, days=days, zone=ZONE))


def _bare(grant: Grant, first: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [grant.subject.patient, list(CODES), first])
        return len(cursor.fetchall())


def _filled() -> tuple[Grant, date]:
    here = Organisation.objects.create(name="Bench", short_name="Bench", time_zone="UTC")
    with connections["owner"].cursor() as cursor:
        patient = uuid4()
        cursor.execute(
            """INSERT INTO access_patient (id, organisation_id, given_name, family_name, born_on, language,
                contact, registered_at) VALUES (%s, %s, 'A', 'B', '1980-01-01', 'de', '', now())""",
            [patient, here.id],
        )
    grant = system_grant(
        action=Action.READING_READ, organisation=here.id, subject=patient_subject(patient=patient)
    )
    grant.must_cover(Action.READING_READ)
    seal(patient=patient, plaintext=b"", context="bench")  # makes the key
    last = (now() - timedelta(days=1)).astimezone(ZONE).date()
    ends = datetime.combine(last, datetime.min.time(), UTC)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT devices_month((current_date - n * 28)::date) FROM generate_series(0, 2) n")
        for kind in CHOSEN:
            told: dict[str, str | UUID | datetime] = {
                "pairing": uuid4(),
                "ends": ends,
                "here": here.id,
                "patient": patient,
                "kind": kind,
            }
            cursor.execute(BEFORE, told)
    HomeReading.objects.bulk_create(_last_day(here.id, patient, ends), batch_size=2000)
    DayInShort.objects.bulk_create(_in_short(here.id, patient, last), batch_size=500)
    for kind in CHOSEN:
        DirtyDay.objects.create(organisation=here.id, patient=patient, kind=kind, day=last, marked_at=now())
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return grant, last


def _last_day(here: UUID, patient: UUID, begins: datetime) -> Iterator[HomeReading]:
    key, chance = key_of(patient=patient), Random(1)  # noqa: S311 - invented data
    for kind, codes in CHOSEN.items():
        pairing = uuid4()
        units = {code: KINDS[kind].by_code[code].unit for code in codes}
        for minute in range(MINUTES):
            at = begins + timedelta(minutes=minute)
            said = [Value(code=code, unit=units[code], value=str(chance.randint(60, 140))) for code in codes]
            reading = Reading(id=uuid4(), kind=kind, source="device", received_at=at, values=said)
            context = CONTEXT.format(pairing, minute)
            sealed = seal_under(key=key, patient=patient, plaintext=encode_reading(reading), context=context)
            yield HomeReading(
                pairing=pairing,
                sequence=minute,
                received_at=at,
                organisation=here,
                patient=patient,
                kind=kind,
                at=at,
                sealed=sealed,
            )


def _in_short(here: UUID, patient: UUID, last: date) -> Iterator[DayInShort]:
    key, chance = key_of(patient=patient), Random(2)  # noqa: S311 - invented data
    for before in range(365):
        day = last - timedelta(days=before)
        ends = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=1)
        for code in CODES:
            said = encode(_invented(chance, ends, n=59 if before == 0 else 60))
            sealed = seal_under(key=key, patient=patient, plaintext=said, context=IN_SHORT.format(code, day))
            yield DayInShort(
                organisation=here,
                patient=patient,
                quantity=code,
                day=day,
                said=sealed,
                until_at=ends - timedelta(minutes=11),
            )


def _invented(chance: Random, ends: datetime, n: int) -> Day:
    hours = tuple(_bucket(chance, n) for _hour in range(24))
    whole = Bucket(24 * n, "61.2", "139.8", str(24 * n * 92))
    return Day(whole, Last(ends.timestamp() - 660, "88.5"), hours)


def _bucket(chance: Random, n: int) -> Bucket:
    low, high = chance.randint(600, 900) / 10, chance.randint(901, 1400) / 10
    return Bucket(n, str(low), str(high), f"{n * (low + high) / 2:.1f}")


def _median(work: Callable[[], object]) -> float:
    work()
    return statistics.median(_timed(work) for _round in range(ROUNDS)) * 1000


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun

"""A practice with as many Observations as wanted, as if the API had kept them.

The first of every patient and code goes the whole way of the API; those after it are the same with another
id, time and number, sealed each by itself, and laid into the tables by COPY.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, connections
from psycopg import Connection, RawCursor, sql

from bench.ground import NAME
from teleward.access.models import AppToken, Client, Organisation, Patient
from teleward.command import roles
from teleward.kernel.clock import now
from teleward.kernel.envelope import fresh_key, opened_key
from teleward.kernel.fence import open_for
from teleward.kernel.ids import new_id, new_token, token_hash
from teleward.records.fhir.reading import read, write
from teleward.records.fhir.search import values
from teleward.records.store.digests import digests_of
from teleward.records.store.finding import Found, found_by, holder_of
from teleward.records.store.keeping import NewVersion
from teleward.records.store.stamping import kept_time, stamped
from teleward.records.store.statements import NEW_KEY

PATIENTS = 100
BATCH = 5_000
CODES = ("8867-4", "8480-6", "8462-4", "59408-5", "29463-7", "8310-5")
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
TABLES = {
    "records_resource": "id type logical_id version organisation patient body deed last_updated",
    "records_current": "id type logical_id version newest organisation patient last_updated low high keys",
    "records_amount": "holder organisation key number unit",
}
INDEXES = """SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s)
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)"""
Keys = dict[UUID, AESGCM]
Connected = Connection[tuple[object, ...]]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What the load asks for."""

    token: str
    patients: list[UUID]
    observations: list[UUID]


def observation(patient: UUID, number: int) -> dict[str, Any]:
    """One of a patient's many."""
    category = "http://terminology.hl7.org/CodeSystem/observation-category"
    unit = {"unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"}
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": category, "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": CODES[number % len(CODES)]}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": _taken(number).isoformat(),
        "valueQuantity": {"value": 40 + number % 100, **unit},
        "note": [{"text": "Gemessen in Ruhe, im Sitzen, am linken Arm."}],
    }


def fill(size: int) -> Filled:
    """A practice, its patients, a program with a token, and so many Observations."""
    here = Organisation.objects.create(name=NAME, short_name="Bench")
    open_for(practice=here.id)
    names = {"organisation": here, "given_name": "P", "born_on": date(1980, 1, 1)}
    made = [Patient(family_name=str(number), **names) for number in range(PATIENTS)]
    patients = [patient.id for patient in Patient.objects.bulk_create(made)]
    with RawCursor(connection.connection) as cursor:
        keys = {each: _key(cursor, each) for each in patients}
    place = Path(connections["default"].settings_dict["HOST"])
    with roles.connect(place, NAME) as laying:
        kept = _laid(laying, _versions(here.id, patients, size), keys)
    return Filled(token=_token(here), patients=patients, observations=kept)


def _key(cursor: RawCursor[Any], patient: UUID) -> AESGCM:
    return opened_key(wrapped=cursor.execute(NEW_KEY, [patient, fresh_key(), now()]).fetchall()[0][0])


def _versions(practice: UUID, patients: list[UUID], size: int) -> Iterator[NewVersion]:
    first: dict[tuple[UUID, str], tuple[int, NewVersion]] = {}
    for number in range(size):
        patient = patients[number % PATIENTS]
        alike = patient, CODES[number % len(CODES)]
        if alike in first:
            yield _like(*first[alike], number)
        else:
            first[alike] = number, _whole(practice, patient, number)
            yield first[alike][1]


def _whole(practice: UUID, patient: UUID, number: int) -> NewVersion:
    resource, logical_id = read("Observation", msgspec.json.encode(observation(patient, number))), new_id()
    return NewVersion(
        kind="Observation",
        logical_id=logical_id,
        version=1,
        patient=patient,
        practice=practice,
        body=stamped(write(resource), logical_id=logical_id, version=1, at=kept_time(now())),
        deed="POST",
        found=found_by("Observation", values(resource), digests_of(practice)),
    )


def _like(before: int, version: NewVersion, number: int) -> NewVersion:
    """The same Observation at another time, of another number."""
    logical_id, found, low = new_id(), version.found, _taken(number)
    was, value = found.amounts[0][1], 40 + number % 100
    body = version.body.replace(str(version.logical_id).encode(), str(logical_id).encode())
    body = body.replace(_taken(before).isoformat().encode(), low.isoformat().encode())
    body = body.replace(b'"value":%d,' % was, b'"value":%d,' % value)
    amounts = [(key, float(value), unit) for key, _number, unit in found.amounts]
    again = Found(keys=found.keys, low=low, high=low + (found.high - found.low), amounts=amounts)
    return replace(version, id=new_id(), logical_id=logical_id, body=body, found=again)


def _taken(number: int) -> datetime:
    return NEWEST - timedelta(minutes=number)


def _laid(laying: Connected, versions: Iterator[NewVersion], keys: Keys) -> list[UUID]:
    """The rows of three tables, with their indexes made at the end; what autovacuum does is done too."""
    laying.execute("SET maintenance_work_mem = '512MB'")
    indexes = laying.execute(INDEXES, [list(TABLES)]).fetchall()
    for name, _made in indexes:
        laying.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(str(name))))
    kept: list[UUID] = []
    while batch := list(islice(versions, BATCH)):
        for table, columns in TABLES.items():
            _copied(
                laying, table, columns.split(), [row for each in batch for row in _ROWS[table](each, keys)]
            )
        kept += [each.logical_id for each in batch]
    for _name, made in indexes:
        laying.execute(str(made).encode())
    laying.execute("VACUUM (ANALYZE)")
    return kept


def _copied(laying: Connected, table: str, columns: list[str], rows: list[tuple[object, ...]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with laying.cursor() as cursor, cursor.copy(into) as copy:
        copy.write("".join("\t".join(map(_text, row)) + "\n" for row in rows))


def _text(value: object) -> str:
    """As COPY reads it: half the time of psycopg's rows. None of these values has a tab or a backslash."""
    if value is None:
        return "\\N"
    return f"\\\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _resources(version: NewVersion, keys: Keys) -> list[tuple[object, ...]]:
    whose, key = (version.practice, version.patient), keys[version.patient or version.practice]
    named = (version.id, version.kind, version.logical_id, version.version)
    return [(*named, *whose, version.sealed(key), version.deed, NEWEST)]


def _currents(version: NewVersion, _keys: Keys) -> list[tuple[object, ...]]:
    holder, found = holder_of(version.kind, version.logical_id), version.found
    named = (holder, version.kind, version.logical_id, version.version, version.id)
    return [(*named, version.practice, version.patient, NEWEST, found.low, found.high, _array(found.keys))]


def _array(keys: set[int]) -> str:
    return "{" + ",".join(map(str, keys)) + "}"


def _amounts(version: NewVersion, _keys: Keys) -> list[tuple[object, ...]]:
    holder = holder_of(version.kind, version.logical_id)
    return [(holder, version.practice, *row) for row in version.found.amounts]


_ROWS: dict[str, Callable[[NewVersion, Keys], list[tuple[object, ...]]]] = {
    "records_resource": _resources,
    "records_current": _currents,
    "records_amount": _amounts,
}


def _token(here: Organisation) -> str:
    client = Client.objects.create(
        organisation=here,
        name="Bench",
        what_for="Measures.",
        kind="backend",
        scopes="system/*.cruds",
        per_minute=100_000_000,
    )
    token, until = new_token(), now() + timedelta(hours=12)
    AppToken.objects.create(
        client=client, kind="access", scopes=client.scopes, token_hash=token_hash(token), expires_at=until
    )
    return token

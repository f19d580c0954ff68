"""What a clinician waits for is found by an index: PostgreSQL's own plan says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from teleward.kernel.fence import VARIABLE
from teleward.kernel.ids import new_id
from teleward.records.store.digests import digests_of
from teleward.records.store.searching import Where

PRACTICE, PATIENT = new_id(), new_id()
MANY = 100_000
AMOUNTS = """INSERT INTO records_amount (holder, organisation, key, number, unit)
    SELECT id, organisation, %(amount)s, extract(epoch FROM low), 0 FROM records_current"""
FILL = """INSERT INTO records_current
        (id, type, logical_id, version, newest, organisation, patient, last_updated, low, high, keys)
    SELECT gen_random_uuid(), 'Observation', gen_random_uuid(), 1, gen_random_uuid(), %(practice)s,
        CASE WHEN n %% 1000 = 0 THEN %(patient)s ELSE md5((n %% 1000)::text)::uuid END, now(),
        now() - n * interval '1 minute', now() - n * interval '1 minute',
        ARRAY[%(code)s + n %% 50, %(category)s]::bigint[]
    FROM generate_series(1, %(many)s) n"""
INDEXES = """SELECT quote_ident(indexname), indexdef FROM pg_indexes
WHERE tablename IN ('records_current', 'records_amount')
AND indexname NOT IN (SELECT conname FROM pg_constraint)"""
ORDER = "ORDER BY c.low DESC, c.logical_id DESC LIMIT 21"


@pytest.fixture(scope="module")
def filled(django_db_setup: None, databases: Any, django_db_blocker: Any) -> Iterator[psycopg.Connection]:
    """A chart of a hundred thousand observations of a thousand patients, looked at as the application."""
    with django_db_blocker.unblock(), databases.fresh():
        digests = digests_of(PRACTICE)
        values = {
            "practice": PRACTICE,
            "patient": PATIENT,
            "many": MANY,
            "code": digests.of("Observation.code", "8867-4"),
            "category": digests.of("Observation.category", "vital-signs"),
        }
        with psycopg.connect(databases.owner_url) as owner:
            with indexed_at_last(owner):
                owner.execute(FILL, values)
                owner.execute(AMOUNTS, {"amount": digests.of("Observation.value-quantity")})
            owner.execute("ANALYZE records_current, records_amount")
        with psycopg.connect(databases.app_url, autocommit=True) as session:
            session.execute("SELECT set_config(%s, %s, false)", [VARIABLE, str(PRACTICE)])
            yield session
        connection.close()


@contextmanager
def indexed_at_last(owner: psycopg.Connection) -> Iterator[None]:
    """Filled bare, then indexed, as `pg_restore` does it: 2.6 s of CPU in all."""
    made = owner.execute(INDEXES).fetchall()
    for name, _statement in made:
        owner.execute(f"DROP INDEX {name}")
    yield
    for _name, statement in made:
        owner.execute(statement)


def plan(session: psycopg.Connection, where: Where, tail: str = ORDER) -> str:
    statement = f"EXPLAIN SELECT c.logical_id FROM records_found c WHERE {where.text} {tail}"
    with psycopg.RawCursor(session) as cursor:
        rows = cursor.execute(statement.encode(), where.values).fetchall()
    return "\n".join(str(row[0]) for row in rows)


def asked(*params: tuple[str, str], patient: UUID | None = PATIENT) -> Where:
    where = Where(digests_of(PRACTICE))
    where.of_kind("Observation", PRACTICE)
    if patient:
        where.param("Observation", "patient", "", f"Patient/{patient}")
    for name, value in params:
        where.param("Observation", name, "", value)
    return where


SEARCHES = {
    "all of a patient": asked(),
    "by code": asked(("code", "8867-4")),
    "by category and date": asked(("category", "vital-signs"), ("date", "ge2026-01-01")),
    "by encounter": asked(("encounter", f"Encounter/{new_id()}")),
    "by amount": asked(("value-quantity", "gt5")),
    "by another date": asked(("_lastUpdated", "ge2026-01-01")),
    "of the practice, by identifier": asked(("identifier", "urn:x|1"), patient=None),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_no_search_that_is_waited_for_reads_the_whole_table(filled: psycopg.Connection, name: str) -> None:
    said = plan(filled, SEARCHES[name])
    assert "Seq Scan" not in said, said
    assert "Index" in said


def test_a_search_without_an_index_would_be_seen(filled: psycopg.Connection) -> None:
    where = asked(patient=None)
    where.add("c.newest = gen_random_uuid()")
    assert "Seq Scan" in plan(filled, where, "")


def test_a_patients_newest_come_in_order_without_sorting_them_all(filled: psycopg.Connection) -> None:
    assert "Sort" not in plan(filled, SEARCHES["all of a patient"])


def test_what_many_have_is_looked_for_among_a_patients_newest(filled: psycopg.Connection) -> None:
    said = plan(filled, asked(("category", "vital-signs")))
    assert "records_by_time" in said
    assert "records_by_key" not in said

"""Durable ledger entries per second with eight writers and with one, each entry its own commit, fsync on.

A writer is a process that calls the application's own `append`. Floor: the same writers insert the same bytes
into a bare table through the same prepared statement, one commit each; both take turns, best of three rounds.
Data: entries of about 700 bytes about 500 invented patients. Then: how many of these entries a second the
sequencer gives their place in the tree; floor: reading them and writing the same rows without any hashing.
"""

import multiprocessing
import time
from collections.abc import Callable
from uuid import UUID

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

from bench.figures import Figure
from bench.ground import practice
from teleward.audit.ledger import Entry, append, body_of
from teleward.audit.operations.sequencing import FIND, PLACE, place_entries
from teleward.audit.statements import ask
from teleward.command import roles
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

ENTRIES = {1: 600, 8: 4000}  # by number of writers, in each round
PATIENTS = 500
ROUNDS = 3
AGAIN = 60_000  # entries for the sequencer
FORK = multiprocessing.get_context("fork")
BARE = "INSERT INTO bare VALUES (%s, %s, %s) RETURNING id"


def measure() -> list[Figure]:
    with practice():
        patients = [new_id() for _ in range(PATIENTS)]
        with connections["owner"].cursor() as cursor:
            cursor.execute("CREATE TABLE bare (id uuid PRIMARY KEY, at timestamptz, body text)")
        connections.close_all()

        def ours(number: int) -> None:
            append(entry=_entry(patients[number % PATIENTS]))

        def bare(number: int) -> None:
            at = now()
            ask(BARE, [new_id(), at, body_of(entry=_entry(patients[number % PATIENTS]), at=at)])

        appends = [_appends(writers, ours, bare) for writers in sorted(ENTRIES, reverse=True)]
        return [*appends, _sequencer()]


def _appends(writers: int, ours: Callable[[int], None], bare: Callable[[int], None]) -> Figure:
    rounds = [(_rate(ours, writers), _rate(bare, writers)) for _ in range(ROUNDS)]
    best, floor = max(ours for ours, _bare in rounds), max(bare for _ours, bare in rounds)
    said = ", ".join(f"{ours:.0f} of {bare:.0f}" for ours, bare in rounds)
    print(f"{writers} writers, entries of bare inserts a second, by round: {said}")
    name = f"appends-per-second-{writers}-writer{'s' if writers > 1 else ''}"
    return Figure(name=name, value=best, unit="1/s", floor=floor, goal=">=3500" if writers > 1 else "none")


def _rate(work: Callable[[int], None], writers: int) -> float:
    each, gate = ENTRIES[writers] // writers, FORK.Barrier(writers + 1)

    def write(writer: int) -> None:
        connections["default"].ensure_connection()
        gate.wait()
        for turn in range(each):
            work(writer * each + turn)

    processes = [FORK.Process(target=write, args=(writer,)) for writer in range(writers)]
    for process in processes:
        process.start()
    gate.wait()
    begun = time.perf_counter()
    for process in processes:
        process.join()
    return writers * each / (time.perf_counter() - begun)


def _sequencer() -> Figure:
    folder = str(connections["default"].settings_dict["HOST"])
    where = make_conninfo(host=folder, dbname=str(connections["default"].settings_dict["NAME"]))
    with psycopg.connect(where, user=roles.OWNER, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO audit_event (id, at, leaf, salt, body) SELECT gen_random_uuid(), now(),"
            " sha256(n::text::bytea), uuid_send(gen_random_uuid()), repeat('y', 700)"
            " FROM generate_series(1, %s) n",
            [AGAIN],
        )
        owner.execute("ANALYZE audit_event")
    with psycopg.connect(where, user=roles.SEQUENCER, autocommit=True) as connection:
        floor = _copied(connection)
        begun = time.perf_counter()
        placed = place_entries(connection=connection, since="0", most=AGAIN)
        rate = placed.added / (time.perf_counter() - begun)
    print(f"the sequencer placed {placed.added} entries in one transaction")
    return Figure(name="leaves-per-second", value=rate, unit="1/s", floor=floor, goal="none")


def _copied(connection: psycopg.Connection[tuple[object, ...]]) -> float:
    """The rate of finding as many entries and numbering them, rolled back."""
    begun = time.perf_counter()
    with connection.transaction(force_rollback=True):
        found = connection.execute(FIND, {"since": "0", "most": AGAIN}, binary=True).fetchall()
        connection.execute(PLACE, [0, [row[0] for row in found]])
    return len(found) / (time.perf_counter() - begun)


def _entry(patient: UUID) -> Entry:

    return Entry(
        actor_kind="Staff",
        actor_id=patient,
        actor_role="physician",
        actor_organisation=patient,
        action="consult:note:read",
        outcome="allow",
        subject_kind="Patient",
        subject_id=patient,
        patient=patient,
        kind="note",
        purpose="TREAT",
        policy="p-appointment",
        policy_set="0" * 64,
        request_id="01940000-0000-7000-8000-000000000000",
        client_address="203.0.113.7",
        via="page",
    )

"""Durable ledger entries per second with eight writers, each entry its own commit, fsync on.

Floor: the same eight writers insert the same bytes into a bare table, one commit each.
Data: 8 times 400 entries of about 700 bytes about 500 invented patients.
"""

import threading
import time
from collections.abc import Callable
from uuid import UUID

from django.db import connections

from bench.figures import Figure
from bench.ground import practice
from teleward.audit.ledger import Entry, append, body_of
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

WRITERS = 8
EACH = 400
PATIENTS = 500
ROUNDS = 3


def measure() -> list[Figure]:
    with practice():
        patients = [new_id() for _ in range(PATIENTS)]
        with connections["owner"].cursor() as cursor:
            cursor.execute("CREATE TABLE bare (id uuid PRIMARY KEY, at timestamptz, body text)")

        def ours(number: int) -> None:
            append(entry=_entry(patients[number % PATIENTS]))

        def bare(number: int) -> None:
            at = now()
            body = body_of(entry=_entry(patients[number % PATIENTS]), at=at)
            with connections["default"].cursor() as cursor:
                cursor.execute("INSERT INTO bare VALUES (%s, %s, %s)", [new_id(), at, body])

        rates = {
            name: max(_rate(work) for _ in range(ROUNDS)) for name, work in (("ours", ours), ("bare", bare))
        }
    print(f"ours {rates['ours']:.0f}/s, bare insert {rates['bare']:.0f}/s, best of {ROUNDS}")
    return [
        Figure(
            name="appends-per-second-8-writers",
            value=rates["ours"],
            unit="1/s",
            floor=rates["bare"],
            goal=">=3500",
        )
    ]


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


def _rate(work: Callable[[int], None]) -> float:

    def write(writer: int) -> None:
        for turn in range(EACH):
            work(writer * EACH + turn)
        connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return WRITERS * EACH / (time.perf_counter() - begun)

"""Readings from home that are durably kept a second: eight gateways at once, and one alone.

Each batch is a request of its own to the application for gateways, in this process behind the edge and as the
server runs it: its word is checked, the gate asked, each reading read, held against its kind and sealed with
the patient's key; the answer comes when readings, numbers, days and the ledger's entry are durable (fsync is
on). Each gateway is of a patient of its own and sends one reading for each second, in their order;
`one-patient`: all eight are of one, so that they wait for each other at the patient's chain in the ledger.
The bodies are made beforehand; HTTP on the wire is not in it, who sends them is, on the same cores. The floor
is COPY of the same sealed rows, made beforehand too, into a table of the same shape with the same indexes,
one transaction for each 1,000, on one connection.
"""

import asyncio
import contextlib
import gc
import json
import os
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from django.db import connections
from starlette.types import Message

from bench.figures import Figure
from bench.ground import NAME, practice

# isort: split
from stage.home import Gateway, Server, code_for, gateways_served, instant
from stage.visits import Stage, set_stage

from teleward.command import roles
from teleward.devices.live import app as live
from teleward.kernel.clock import now
from teleward.kernel.threads import TURN_SECONDS

GATEWAYS, BATCHES, ROWS = 8, 12, 1_000
SHAPE = """CREATE TABLE floor (LIKE devices_homereading INCLUDING ALL) PARTITION BY RANGE (received_at);
CREATE TABLE floor_part PARTITION OF floor FOR VALUES FROM ('2000-01-01') TO ('2100-01-01')"""
ALL = """SELECT pairing, sequence, received_at, organisation, patient, kind, at, sealed
    FROM devices_homereading ORDER BY received_at, sequence"""
COPY = "COPY floor FROM STDIN (FORMAT binary)"
Sent = tuple[bytes, dict[str, str]]


@dataclass(frozen=True)
class Run:
    """What it took; `cpu` of this process and `database` of PostgreSQL, in seconds."""

    rows: int
    wall: float
    cpu: float
    database: float

    @property
    def rate(self) -> float:
        return self.rows / self.wall

    def each(self, seconds: float) -> float:
        """Microseconds for one row."""
        return seconds / self.rows * 1e6


def measure() -> list[Figure]:
    live.PER_MINUTE = live.CODES_PER_MINUTE = 1_000_000
    with practice() as folder, gateways_served() as server:
        postmaster = (folder / "database/data/postmaster.pid").read_text().split()[0]
        stage = set_stage()
        together = [_paired(server, stage) for _one in range(GATEWAYS)]
        apart = [together[0], *(_paired(server, set_stage()) for _one in range(GATEWAYS - 1))]
        _as_the_server_does()
        _run(server, postmaster, [_requests(each, 2) for each in apart])
        runs = {
            "one alone": _run(server, postmaster, [_requests(apart[0], BATCHES)]),
            "one, batches of 500": _run(server, postmaster, [_requests(apart[0], BATCHES, rows=500)]),
            "eight": _run(server, postmaster, [_requests(each, BATCHES) for each in apart]),
            "eight of one patient": _run(server, postmaster, [_requests(each, BATCHES) for each in together]),
        }
        floor = _floor()
    for name, run in runs.items():
        ours, theirs = run.each(run.cpu), run.each(run.database)
        print(
            f"{name:>20}: {run.rate:8.0f} rows/s, CPU a row {ours:.1f} us ours, {theirs:.1f} us of PostgreSQL"
        )
    return _figures(runs, floor)


def _figures(runs: dict[str, Run], floor: float) -> list[Figure]:
    alone, small, eight, of_one = runs.values()
    return [
        Figure(name="rows-per-second", value=eight.rate, unit="rows/s", floor=floor, goal=">=30000"),
        Figure(name="rows-per-second-one-patient", value=of_one.rate, unit="rows/s", floor=floor),
        Figure(name="rows-per-second-one-connection", value=alone.rate, unit="rows/s", floor=floor),
        Figure(name="rows-per-second-batches-of-500", value=small.rate, unit="rows/s", floor=floor),
        Figure(name="cpu-per-row", value=eight.each(eight.cpu), unit="us"),
        Figure(name="database-cpu-per-row", value=eight.each(eight.database), unit="us"),
    ]


def _as_the_server_does() -> None:
    """Threads take turns, and what is loaded is not looked through for garbage: see `web/asgi.py`."""
    sys.setswitchinterval(TURN_SECONDS)
    gc.collect()
    gc.freeze()


def _paired(server: Server, stage: Stage) -> Gateway:
    gateway = Gateway(server)
    gateway.pair(code_for(stage).code)
    return gateway


def _requests(gateway: Gateway, batches: int, *, rows: int = ROWS) -> list[Sent]:
    return [_request(gateway, rows) for _batch in range(batches)]


def _request(gateway: Gateway, rows: int) -> Sent:
    readings = [_reading(gateway) for _row in range(rows)]
    headers = {"content-type": "application/json", "authorization": f"Bearer {gateway.token()}"}
    return json.dumps({"readings": readings}).encode(), headers


def _reading(gateway: Gateway) -> dict[str, object]:
    at = instant(now() - timedelta(days=2) + timedelta(seconds=gateway.sequence))
    values = [
        {"code": "59408-5", "value": str(90 + gateway.sequence % 10), "unit": "%"},
        {"code": "8867-4", "value": str(60 + gateway.sequence % 40), "unit": "/min"},
    ]
    return gateway.reading(kind="pulse-oximeter", measured_at=at, received_at=at, values=values)


def _run(server: Server, postmaster: str, streams: list[list[Sent]]) -> Run:
    """Every stream sends one batch after the other, all streams at once."""
    begun = time.perf_counter(), time.process_time(), _database(postmaster)
    rows = server.portal.call(_sent, server, streams)
    ended = time.perf_counter(), time.process_time(), _database(postmaster)
    return Run(rows, *(last - first for first, last in zip(begun, ended, strict=True)))


def _database(postmaster: str) -> float:
    """Seconds of CPU that PostgreSQL took so far: who serves us, who writes for all, and who has ended."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            said = stat.read_text().rpartition(")")[2].split()
            if stat.parent.name == postmaster:
                ticks += sum(map(int, said[11:15]))
            elif said[1] == postmaster:
                ticks += sum(map(int, said[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


async def _sent(server: Server, streams: list[list[Sent]]) -> int:
    return sum(await asyncio.gather(*(_stream(server, stream) for stream in streams)))


async def _stream(server: Server, stream: list[Sent]) -> int:
    kept = 0
    for body, headers in stream:
        kept += (await _answer(server, body, headers)).count(b'"kept"')
    return kept


async def _answer(server: Server, body: bytes, headers: dict[str, str]) -> bytes:
    """As the web server asks the application; an HTTP client's own work is none of ours."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    named = {**headers, "host": "home.example", "content-length": str(len(body))}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    asked = {"type": "http", "method": "POST", "path": "/devices/readings", "headers": raw}
    await server.app({**asked, "client": ("2001:db8::1", 1234)}, receive, send)
    return b"".join(message.get("body", b"") for message in said)


def _floor() -> float:
    with roles.connect(Path(connections["default"].settings_dict["HOST"]), NAME) as owner:
        owner.execute(SHAPE)
        batches = [_copied_out(owner, place) for place in range(0, GATEWAYS * BATCHES * ROWS, ROWS)]
        begun = time.perf_counter()
        for batch in batches:
            with owner.cursor() as cursor, cursor.copy(COPY) as copy:
                copy.write(batch)
        return len(batches) * ROWS / (time.perf_counter() - begun)


def _copied_out(owner: psycopg.Connection[tuple[object, ...]], place: int) -> bytes:
    some = f"COPY ({ALL} OFFSET {place} LIMIT {ROWS}) TO STDOUT (FORMAT binary)"
    with owner.cursor() as cursor, cursor.copy(some.encode()) as copy:
        return b"".join(map(bytes, copy))

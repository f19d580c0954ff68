"""Readings from home that are durably kept a second: batches of 1,000, eight gateways at once, and one alone.

Each batch is a request of its own to the application for gateways, in this process behind the edge: its word
is checked, the gate asked, each reading read, held against its kind and sealed with the patient's key; the
answer comes when readings, numbers, days and the ledger's entry are durable (fsync is on). The bodies are
made beforehand; HTTP on the wire is not in it. The floor is COPY of the same sealed rows, made beforehand
too, into a table of the same shape with the same indexes, one transaction for each 1,000, on one connection.
The CPU is this process's; PostgreSQL's is not in it.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
from django.db import connections

from bench.figures import Figure
from bench.ground import NAME, practice

# isort: split
from stage.home import Gateway, Server, code_for, gateways_served, instant
from stage.visits import set_stage

from teleward.command import roles
from teleward.devices.live import app as live
from teleward.kernel.clock import now

GATEWAYS, BATCHES, ROWS = 8, 12, 1_000
SHAPE = """CREATE TABLE floor (LIKE devices_homereading INCLUDING ALL) PARTITION BY RANGE (received_at);
CREATE TABLE floor_part PARTITION OF floor FOR VALUES FROM ('2000-01-01') TO ('2100-01-01')"""
ALL = """SELECT pairing, sequence, received_at, organisation, patient, kind, at, sealed
    FROM devices_homereading ORDER BY received_at, sequence"""
COPY = "COPY floor FROM STDIN (FORMAT binary)"
Sent = tuple[bytes, dict[str, str]]


@dataclass(frozen=True)
class Run:
    """What it took."""

    rows: int
    wall: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.rows / self.wall


def measure() -> list[Figure]:
    live.PER_MINUTE = live.CODES_PER_MINUTE = 1_000_000
    with practice() as _folder, gateways_served() as server:
        stage = set_stage()
        gateways = [Gateway(server) for _one in range(GATEWAYS)]
        for gateway in gateways:
            gateway.pair(code_for(stage).code)
        _run(server, [_requests(gateways[0], 2)])
        alone = _run(server, [_requests(gateways[0], BATCHES)])
        small = _run(server, [_requests(gateways[0], BATCHES, rows=500)])
        together = _run(server, [_requests(each, BATCHES) for each in gateways])
        floor = _floor()
    for name, run in (("one of 1,000", alone), ("one of 500", small), ("eight of 1,000", together)):
        print(f"{name:>16}: {run.rate:8.0f} rows/s, {run.cpu / run.rows * 1e6:.1f} us of our CPU a row")
    return [
        Figure(name="rows-per-second", value=together.rate, unit="rows/s", floor=floor, goal=">=30000"),
        Figure(name="rows-per-second-one-connection", value=alone.rate, unit="rows/s", floor=floor),
        Figure(name="rows-per-second-batches-of-500", value=small.rate, unit="rows/s", floor=floor),
        Figure(name="cpu-per-row", value=together.cpu / together.rows * 1e6, unit="us"),
    ]


def _requests(gateway: Gateway, batches: int, *, rows: int = ROWS) -> list[Sent]:
    return [_request(gateway, rows) for _batch in range(batches)]


def _request(gateway: Gateway, rows: int) -> Sent:
    begun = now() - timedelta(days=2)
    readings = [_reading(gateway, instant(begun + timedelta(seconds=number))) for number in range(rows)]
    headers = {"content-type": "application/json", "authorization": f"Bearer {gateway.token()}"}
    return json.dumps({"readings": readings}).encode(), headers


def _reading(gateway: Gateway, at: str) -> dict[str, object]:
    values = [
        {"code": "59408-5", "value": str(90 + gateway.sequence % 10), "unit": "%"},
        {"code": "8867-4", "value": str(60 + gateway.sequence % 40), "unit": "/min"},
    ]
    return gateway.reading(kind="pulse-oximeter", measured_at=at, received_at=at, values=values)


def _run(server: Server, streams: list[list[Sent]]) -> Run:
    """Every stream sends one batch after the other, all streams at once."""
    cpu, wall = time.process_time(), time.perf_counter()
    rows = server.portal.call(_sent, server, streams)
    return Run(rows, time.perf_counter() - wall, time.process_time() - cpu)


async def _sent(server: Server, streams: list[list[Sent]]) -> int:
    return sum(await asyncio.gather(*(_stream(server, stream) for stream in streams)))


async def _stream(server: Server, stream: list[Sent]) -> int:
    kept = 0
    for body, headers in stream:
        answer: httpx.Response = await server.ask("/devices/readings", body, headers)
        kept += answer.text.count('"kept"')
    return kept


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

"""What an interaction with the chart costs over HTTP, with everything around it that a practice has.

Each request passes the token, the policies, validation, the index and a durable entry in the ledger.
CPU is that of the server and of PostgreSQL together, per request, from /proc, with one connection; rates are
with 16, while the load itself takes its share of the same cores. Floor: the same server's /healthz.
Data: one practice, 100 invented patients, and Observations: 1,000, then 100,000 (`BENCH_SIZES=1000,1000000`
for others). A search is for one patient and one code, newest first, twenty to a page.
"""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from django.db import connections
from ground.processes import descendants, free_port

from bench.chart_data import CODES, Filled, fill, observation
from bench.chart_load import Cost, Making, measured, request
from bench.figures import Figure
from bench.ground import NAME, practice
from teleward.command import roles

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "1000,100000").split(",")]
MANY = 400  # requests with one connection; three times as many with sixteen
GOALS = {"read": "<=2.5", "search20": "<=4", "create": "<=4", "transaction10": "none"}
RATES = {"read": ">=1000", "create": ">=500"}


def measure() -> list[Figure]:
    figures: list[Figure] = []
    for size in SIZES:
        with practice() as folder:
            filled = fill(size)
            with _server(folder) as (port, pids):
                figures = _figures(size, filled, port, pids)
    return figures


def _figures(size: int, filled: Filled, port: int, pids: Callable[[], set[int]]) -> list[Figure]:
    floor = measured(port, pids, lambda _n: request("GET", "/healthz", ""), many=MANY, connections=1)
    figures = []
    for name, make in _makers(filled).items():
        measured(port, pids, make, many=100, connections=4)  # everything prepared
        many = MANY // 4 if name == "transaction10" else MANY
        alone = measured(port, pids, make, many=many, connections=1)
        together = measured(port, pids, make, many=many * 3, connections=16)
        print(_told(size, name, alone, together), flush=True)
        figures += [
            Figure(name=f"{name}-cpu-ms", value=alone.cpu, unit="ms", floor=floor.cpu, goal=GOALS[name]),
            Figure(name=f"{name}-rate", value=together.rate, unit="1/s", goal=RATES.get(name, "none")),
        ]
    return figures


def _told(size: int, name: str, alone: Cost, together: Cost) -> str:
    return (
        f"{size} Observations: {name} {alone.cpu:.2f} ms of CPU alone, {together.cpu:.2f} ms at 16,"
        f" {together.rate:.0f} per second at 16"
    )


def _makers(filled: Filled) -> dict[str, Making]:
    token, patients, kept = filled.token, filled.patients, filled.observations
    bodies = [msgspec.json.encode(observation(each, number)) for number, each in enumerate(patients)]

    def search(number: int) -> bytes:
        patient, code = patients[number % len(patients)], CODES[number % len(CODES)]
        asked = f"patient=Patient/{patient}&code=http://loinc.org|{code}&_sort=-date&_count=20"
        return request("GET", f"/fhir/Observation?{asked}", token)

    def create(number: int) -> bytes:
        return request("POST", "/fhir/Observation", token, bodies[number % len(bodies)])

    def transaction(number: int) -> bytes:
        patient = patients[number % len(patients)]
        entries = [
            {"resource": observation(patient, n), "request": {"method": "POST", "url": "Observation"}}
            for n in range(10)
        ]
        body = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
        return request("POST", "/fhir/", token, msgspec.json.encode(body))

    return {
        "read": lambda number: request("GET", f"/fhir/Observation/{kept[number * 7919 % len(kept)]}", token),
        "search20": search,
        "create": create,
        "transaction10": transaction,
    }


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, Callable[[], set[int]]]]:
    """The server in a process of its own; gives its port, and the processes that count."""
    place = Path(connections["default"].settings_dict["HOST"])
    urls = {
        "TELEWARD_DATABASE_URL": roles.url(place, roles.APP, NAME),
        "TELEWARD_OWNER_DATABASE_URL": roles.url(place, roles.OWNER, NAME),
    }
    postmaster = int(next(folder.rglob("postmaster.pid")).read_text().split()[0])
    port = free_port()
    command = [sys.executable, "-m", "bench.chart_server", str(port)]
    server = subprocess.Popen(command, env=os.environ | urls)  # noqa: S603 - our own
    try:
        _await(port)
        yield port, lambda: {server.pid, postmaster, *descendants(server.pid), *descendants(postmaster)}
    finally:
        server.terminate()
        server.wait(30)


def _await(port: int) -> None:
    while True:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        with socket.socket() as pause:
            pause.settimeout(0.1)
            pause.connect_ex(("127.0.0.1", 9))

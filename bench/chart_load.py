"""Requests over plain sockets, as cheaply as they can be sent, and the CPU of processes meanwhile."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Making = Callable[[int], bytes]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Milliseconds of CPU per request, and requests per second."""

    cpu: float
    rate: float


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """One request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
    sent = f"Content-Type: application/fhir+json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{head}{sent}\r\n".encode() + body


def measured(port: int, pids: Callable[[], set[int]], make: Making, *, many: int, connections: int) -> Cost:
    """So many requests over so many connections: the CPU of these processes, and the rate."""
    before, begun = cpu_of(pids()), time.perf_counter()
    asyncio.run(_load(port, make, many, connections))
    took = time.perf_counter() - begun
    return Cost(cpu=(cpu_of(pids()) - before) / many * 1000, rate=many / took)


def cpu_of(pids: set[int]) -> float:
    """Seconds of CPU these processes have used, with those of theirs that have ended."""
    return sum(map(_cpu, pids)) / os.sysconf("SC_CLK_TCK")


def _cpu(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(fields[place]) for place in (11, 12, 13, 14))


async def _load(port: int, make: Making, many: int, connections: int) -> None:
    numbers = iter(range(many))
    await asyncio.gather(*(_one(port, make, numbers) for _ in range(connections)))


async def _one(port: int, make: Making, numbers: Iterator[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:  # one iterator that all share
        writer.write(make(number))
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith((b"HTTP/1.1 20",)):
            raise AssertionError(head.decode())
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()

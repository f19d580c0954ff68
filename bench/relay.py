"""Signalling messages decoded, checked, passed on and queued for their reader, per second of one core.

Without sockets and database: what the hub itself costs. Floor: the same frames through a bare asyncio queue.
Data: 50 rooms of four, 40,000 bodies of about 1 kB, every sender to every other one in turn.
"""

import asyncio
import json
import time
from datetime import UTC, datetime
from itertools import cycle, permutations
from typing import Any
from uuid import UUID

import bench.ground  # noqa: F401 - sets Django up
from bench.figures import Figure
from teleward.consult.cards import SeatCard
from teleward.consult.live.messages import decode
from teleward.consult.live.outbox import InProcess, Outbox
from teleward.consult.live.room import Room
from teleward.kernel.ids import new_id

ROOMS = 50
MESSAGES = 40_000
PEERS = [letter * 32 for letter in "abcd"]
BODY = {"kind": "offer", "sdp": "x" * 1000}


def measure() -> list[Figure]:
    ours, bare = asyncio.run(_through_rooms()), asyncio.run(_through_a_queue())
    print(f"hub {ours:.0f}/s, bare queue {bare:.0f}/s")
    return [Figure(name="deliveries-per-second", value=ours, unit="1/s", floor=bare, goal=">=20000")]


async def _through_rooms() -> float:
    transport = InProcess()
    rooms = [_room(transport) for _ in range(ROOMS)]
    readers = [asyncio.create_task(_read(outbox)) for outbox in transport._outboxes.values()]  # noqa: SLF001 - a bench
    pairs = cycle(permutations(PEERS, 2))
    frames = [
        (pair[0], _frame(pair[1], number)) for number, pair in zip(range(MESSAGES), pairs, strict=False)
    ]
    began = time.process_time()
    for number, (sender, frame) in enumerate(frames):
        message: Any = decode(frame)
        rooms[number % ROOMS].relay(sender=sender, message=message)
        if number % 100 == 0:
            await asyncio.sleep(0)
    taken = time.process_time() - began
    for reader in readers:
        reader.cancel()
    return MESSAGES / taken


async def _through_a_queue() -> float:
    queue: asyncio.Queue[str] = asyncio.Queue()
    frame = _frame(PEERS[0], 1)
    began = time.process_time()
    for _ in range(MESSAGES):
        queue.put_nowait(frame)
        await queue.get()
    return MESSAGES / (time.process_time() - began)


def _room(transport: InProcess) -> Room:
    room = Room(visit=new_id(), transport=transport)
    for number, peer in enumerate(PEERS, 1):
        transport.attach(visit=room.visit, peer=peer, outbox=Outbox())
        room.come(card=_card(peer, number), is_host=number == 1, grant=None)  # type: ignore[arg-type]  # nothing is asked of the grant here
    return room


def _card(peer: str, number: int) -> SeatCard:
    return SeatCard(
        peer=peer, number=number, role="patient", name="-", state="admitted", person=None, pass_id=UUID(peer),
        arrived_at=datetime(2026, 11, 22, tzinfo=UTC), mode="video", check=None, company=(),
    )  # fmt: skip


def _frame(to: str, number: int) -> str:
    return json.dumps({"type": "relay", "to": to, "id": number, "body": BODY})


async def _read(outbox: Outbox) -> None:
    async for _frame_or_goodbye in outbox.frames():
        pass

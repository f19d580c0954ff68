"""One device while it is connected: who made it, what it measures, what it has stored."""

import asyncio
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from teleward.command.gateway.radio import Found, Link, Radio, Unreachable
from teleward.command.gateway.spool import Device
from teleward.command.gateway.taking import Source, Taker
from teleward.devices.kinds import Kind
from teleward.devices.readings import DeviceFacts

FACTS = {"maker": "2A29", "model": "2A24", "serial": "2A25", "firmware": "2A26"}
GLUCOSE, SYSTEM_ID, BATTERY, CONTROL = "1808", "2A23", "2A19", "2A52"
REPORT, ANSWER = 0x01, 0x06  # record access control point, Bluetooth GLS 1.0 3.4
ALL, AT_LEAST, BY_SEQUENCE = 0x01, 0x03, 0x01
DONE = 0x01
STORED = 60.0  # seconds in which a meter tells what it has stored
LONGEST = 120  # characters of what a device says of itself


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Whose device is visited, for what; `connected` is set once it is."""

    device: Device
    kinds: Mapping[str, Kind]
    connected: asyncio.Event


async def visit(radio: Radio, found: Found, what: Visit, taker: Taker) -> None:
    """Until the device goes away. Raises Unreachable where it cannot be spoken to."""
    async with radio.connect(found) as link:
        what.connected.set()
        facts = await facts_of(link)
        await _battery(link, what.device, taker)
        try:
            for kind in filter(None, map(what.kinds.get, what.device.kinds)):
                stores = CONTROL in link.characteristics and kind.service == GLUCOSE
                decode = kind.decoder()
                source = Source(device=what.device, kind=kind, facts=facts, stores=stores, decode=decode)
                await _before(link, source, taker)
                await _listen(link, source, taker)
            await link.ended()
        finally:
            taker.complete(what.device.address)


async def facts_of(link: Link) -> DeviceFacts:
    """Service 180A, as far as the device has it."""
    said = {name: _text(await _read(link, number)) for name, number in FACTS.items()}
    system = (await _read(link, SYSTEM_ID))[::-1]  # sent with the last byte first
    return DeviceFacts(**said, system_id=system.hex("-").upper())


async def _battery(link: Link, device: Device, taker: Taker) -> None:
    if level := await _read(link, BATTERY):
        with suppress(Exception):  # what is only shown never stands in the way of a reading
            taker.spool.charged(device.address, level[0])


async def _before(link: Link, source: Source, taker: Taker) -> None:
    """What a sensor's frames rest on, such as when its session began."""
    for characteristic in source.kind.before:
        if frame := await _read(link, characteristic):
            taker.take(source, characteristic, frame)


async def _listen(link: Link, source: Source, taker: Taker) -> None:
    for characteristic in _present(source.kind, link):
        await link.listen(characteristic, partial(taker.take, source, characteristic))
    if source.stores:
        await _stored(link, source.device, taker)
        taker.complete(source.device.address)


async def _stored(link: Link, device: Device, taker: Taker) -> None:
    """Ask a meter for its records from the newest one we have on; where even that one is gone, for all.

    A meter that was reset counts from the beginning: then it does not find ours. Records that we have
    already are told from new ones by their content.
    """
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    await link.listen(CONTROL, answers.put_nowait)
    newest = taker.spool.devices()[device.address].newest_record
    everything = struct.pack("<BB", REPORT, ALL)
    if (
        newest is None
        or await _asked(link, struct.pack("<BBBH", REPORT, AT_LEAST, BY_SEQUENCE, newest), answers) != DONE
    ):
        await _asked(link, everything, answers)


async def _asked(link: Link, question: bytes, answers: "asyncio.Queue[bytes]") -> int:
    await link.write(CONTROL, question)
    heard, away = asyncio.create_task(answers.get()), asyncio.create_task(link.ended())
    try:
        await asyncio.wait({heard, away}, timeout=STORED, return_when=asyncio.FIRST_COMPLETED)
    finally:
        away.cancel()
        is_silent = heard.cancel()
    if is_silent:
        raise Unreachable
    answer = heard.result()
    return answer[3] if len(answer) >= 4 and answer[0] == ANSWER else 0


async def _read(link: Link, characteristic: str) -> bytes:
    if characteristic not in link.characteristics:
        return b""
    with suppress(Unreachable):
        return await link.read(characteristic)
    return b""


def _text(said: bytes) -> str:
    text = said.decode("utf-8", "replace").rstrip("\0 ")
    return "".join(each for each in text if each.isprintable())[:LONGEST]


def _present(kind: Kind, link: Link) -> list[str]:
    """What carries its readings; of two that say the same, the newer one."""
    there = link.characteristics
    return [each for each in kind.characteristics if each in there and kind.newer.get(each) not in there]

"""What the gateway reads of a device before it listens, and to what it listens; the device is played."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ground.loops import run_apart

from teleward.command.gateway.radio import Found, Unreachable
from teleward.command.gateway.spool import Device, Spool, make_spool, open_spool
from teleward.command.gateway.taking import Taker
from teleward.command.gateway.visit import Visit, visit
from teleward.devices.kinds import KINDS
from teleward.devices.readings import Reading

ADDRESS = "00:00:5E:00:53:40"
STARTED = bytes.fromhex("E20704180D08180804E0C2")  # of Nordic's tests: 24 April 2018, 10:08:24 UTC
SPOILED = STARTED[:-1] + b"\xc3"
AT_MINUTE_6 = bytes.fromhex("06000C100600")


@dataclass
class Played:
    """A device that tells these frames as soon as it is listened to, then goes."""

    readable: dict[str, bytes]
    telling: dict[str, tuple[bytes, ...]]
    done: list[str] = field(default_factory=list)

    @property
    def characteristics(self) -> frozenset[str]:
        return frozenset({*self.readable, *self.telling})

    async def read(self, characteristic: str) -> bytes:
        self.done.append(f"read {characteristic}")
        return self.readable[characteristic]

    async def write(self, characteristic: str, frame: bytes) -> None:
        raise Unreachable(characteristic, frame)

    async def listen(self, characteristic: str, heard: Callable[[bytes], None]) -> None:
        self.done.append(f"listen {characteristic}")
        for frame in self.telling[characteristic]:
            heard(frame)

    async def ended(self) -> None:
        return

    @asynccontextmanager
    async def connect(self, _found: Found, *, bond: bool = False) -> AsyncIterator["Played"]:
        self.done.append("bonded" if bond else "connected")
        yield self

    def seen(self, _services: object) -> object:
        raise NotImplementedError


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    make_spool(tmp_path / "spool")
    opened = open_spool(tmp_path / "spool")
    yield opened
    opened.close()


def visited(spool: Spool, kind: str, *devices: Played) -> list[Reading]:
    """What waits after it was connected so often."""
    device = Device(address=ADDRESS, kinds=(kind,))
    spool.add(device)
    taker = Taker(spool=spool, say=lambda _sentence: None)
    found = Found(address=ADDRESS, name="", services=frozenset(), handle=None)

    async def all_of_them() -> None:
        for each in devices:
            what = Visit(
                device=device,
                kinds={KINDS[kind].service: KINDS[kind], kind: KINDS[kind]},
                connected=asyncio.Event(),
            )
            await visit(each, found, what, taker)

    run_apart(all_of_them())
    return spool.batch(most=100, ahead=timedelta())


def sensor(*frames: bytes, start: bytes = STARTED) -> Played:
    return Played({"2AA8": b"", "2AAA": start}, {"2AA7": frames})


def test_a_glucose_sensor_is_asked_for_its_session_before_it_is_listened_to(spool: Spool) -> None:
    device = sensor(AT_MINUTE_6)
    [reading] = visited(spool, "continuous-glucose", device)
    assert device.done == ["connected", "read 2AA8", "read 2AAA", "listen 2AA7"]
    assert reading.measured_at == datetime(2018, 4, 24, 10, 14, 24, tzinfo=UTC)
    assert reading.flags == []


def test_a_start_that_cannot_be_read_is_counted_and_the_records_say_so(spool: Spool) -> None:
    [reading] = visited(spool, "continuous-glucose", sensor(AT_MINUTE_6, start=SPOILED))
    assert (reading.measured_at, reading.flags) == (None, ["start-unknown"])
    assert spool.counts() == {"unreadable: wrong-checksum": 1}


def test_a_record_told_again_is_the_same_one_but_in_another_session_it_is_not(spool: Spool) -> None:
    next_day = bytes.fromhex("E20704190D08180804")
    sensors = [sensor(AT_MINUTE_6), sensor(AT_MINUTE_6), sensor(AT_MINUTE_6, start=next_day)]
    found = visited(spool, "continuous-glucose", *sensors)
    assert [reading.measured_at and reading.measured_at.day for reading in found] == [24, 25]


def test_of_a_cuff_that_tells_utc_each_measurement_is_taken_once_and_by_it(spool: Spool) -> None:
    minute_later = bytes.fromhex("427800500064003C000000")
    device = Played({}, {"2A35": (bytes.fromhex("00780050006400"),), "2B34": (minute_later,)})
    [reading] = visited(spool, "blood-pressure", device)
    assert device.done == ["connected", "listen 2B34"]
    assert reading.measured_at == datetime(2000, 1, 1, 0, 1, tzinfo=UTC)

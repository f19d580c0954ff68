"""Bluetooth through `bleak`: BlueZ on Linux, and what macOS brings."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakBluetoothNotAvailableError, BleakError

from teleward.command.gateway.radio import Found, Heard, Link, NoRadio, Unreachable, number, uuid

PATIENCE = 20.0  # seconds for a connection


class Bluetooth:
    """The radio of this computer."""

    def seen(self, services: Iterable[str]) -> AbstractAsyncContextManager[AsyncIterator[Found]]:
        """Devices that are connected already, then others as they advertise."""
        return _seen([uuid(each) for each in services])

    def connect(self, found: Found, *, bond: bool = False) -> AbstractAsyncContextManager[Link]:
        """A connection; with `bond` the two exchange keys, which most cuffs ask for once."""
        return _connected(found, bond=bond)


class Connection:
    """A connected device."""

    def __init__(self, client: BleakClient, away: asyncio.Event) -> None:
        self._client, self._away = client, away

    @property
    def characteristics(self) -> frozenset[str]:
        return frozenset(number(each.uuid) for each in self._client.services.characteristics.values())

    async def read(self, characteristic: str) -> bytes:
        """Its value now."""
        with _told():
            return bytes(await self._client.read_gatt_char(uuid(characteristic)))

    async def write(self, characteristic: str, frame: bytes) -> None:
        """With the device's answer."""
        with _told():
            await self._client.write_gatt_char(uuid(characteristic), frame, response=True)

    async def listen(self, characteristic: str, heard: Heard) -> None:
        """Notifications and indications alike."""
        with _told():
            await self._client.start_notify(uuid(characteristic), lambda _from, frame: heard(bytes(frame)))

    async def ended(self) -> None:
        """Returns when the device is away."""
        await self._away.wait()


@asynccontextmanager
async def _seen(services: list[str]) -> AsyncIterator[AsyncIterator[Found]]:
    with _told(NoRadio):
        held = await _held(services)
        found: asyncio.Queue[Found] = asyncio.Queue()
        scanner = BleakScanner(lambda device, said: found.put_nowait(_found(device, said.service_uuids)))
        await scanner.start()
    try:
        yield _each(held, found)
    finally:
        with _told(NoRadio):
            await scanner.stop()


async def _held(services: list[str]) -> list[BLEDevice]:
    """What BlueZ kept connected for a gateway that was killed: such a device does not advertise."""
    try:
        return await (await BleakAdapter.get()).get_connected_devices(services)
    except NotImplementedError:
        return []


async def _each(held: list[BLEDevice], found: "asyncio.Queue[Found]") -> AsyncIterator[Found]:
    for device in held:
        yield _found(device, ())
    while True:
        yield await found.get()


def _found(device: BLEDevice, services: Iterable[str]) -> Found:
    return Found(
        address=device.address,
        name=device.name or "",
        services=frozenset(map(number, services)),
        handle=device,
    )


@asynccontextmanager
async def _connected(found: Found, *, bond: bool) -> AsyncIterator[Link]:
    away = asyncio.Event()
    if not isinstance(found.handle, BLEDevice):
        raise Unreachable
    client = BleakClient(found.handle, lambda _client: away.set(), timeout=PATIENCE, pair=bond)
    with _told():
        await client.connect()
    try:
        yield Connection(client, away)
    finally:
        with _told():
            await client.disconnect()


@contextmanager
def _told(otherwise: type[Exception] = Unreachable) -> Iterator[None]:
    """What can go wrong with a radio, in our two words."""
    try:
        yield
    except BleakBluetoothNotAvailableError as failure:
        raise NoRadio from failure
    except (BleakError, TimeoutError, OSError, EOFError) as failure:
        raise otherwise from failure

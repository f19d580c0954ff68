"""Scan, connect what belongs to the patient, listen, and begin again."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from teleward.command.gateway.radio import Found, NoRadio, Radio, Unreachable
from teleward.command.gateway.taking import Taker
from teleward.command.gateway.visit import Visit, visit
from teleward.devices.kinds import Kind

PAUSE = 5.0  # seconds before a device that failed, or a radio, is tried again
LONGEST_PAUSE = 60.0


@dataclass
class Collector:
    """Looks for the patient's devices; each that is connected has a task of its own."""

    radio: Radio
    taker: Taker
    kinds: Mapping[str, Kind]
    pause: float = PAUSE
    busy: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def run(self) -> None:
        """Until it is cancelled; what nobody foresaw ends it."""
        pause = self.pause
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    await self._next(group)
                    pause = self.pause
                except NoRadio:
                    self.taker.say("Bluetooth is off, missing or not allowed for this account.")
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)

    async def _next(self, group: asyncio.TaskGroup) -> None:
        if self._wanted():
            await self._begin(await self._found(), group)
        elif self.busy:
            await asyncio.wait(self.busy.values(), return_when=asyncio.FIRST_COMPLETED)
        else:
            self.taker.say("No device is the patient's yet: teleward gateway add")
            await asyncio.sleep(self.pause)

    def _wanted(self) -> set[str]:
        return set(self.taker.spool.devices()) - set(self.busy)

    async def _found(self) -> Found:
        services = [kind.service for kind in self.kinds.values()]
        async with self.radio.seen(services) as devices:
            async for found in devices:
                if found.address in self._wanted():
                    return found
        raise NoRadio

    async def _begin(self, found: Found, group: asyncio.TaskGroup) -> None:
        """Wait until it is connected, or will not be: many radios cannot connect while they scan."""
        connected = asyncio.Event()
        task = group.create_task(self._visit(found, connected))
        self.busy[found.address] = task
        task.add_done_callback(lambda _task: connected.set())
        await connected.wait()

    async def _visit(self, found: Found, connected: asyncio.Event) -> None:
        device = self.taker.spool.devices()[found.address]
        try:
            await visit(
                self.radio, found, Visit(device=device, kinds=self.kinds, connected=connected), self.taker
            )
        except (Unreachable, NoRadio):
            connected.set()
            await asyncio.sleep(self.pause)
        finally:
            del self.busy[found.address]

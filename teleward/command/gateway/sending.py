"""From the disk to the server: what it confirmed is deleted here, and nothing else is."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from teleward.command.gateway.credentials import Credentials
from teleward.command.gateway.folder import Folder, write
from teleward.command.gateway.server import Answer, Silent
from teleward.command.gateway.spool import NoRoom, Spool
from teleward.command.gateway.taking import Taker
from teleward.devices.readings import Reading, encode
from teleward.kernel.clock import now

MOST = 500  # readings of a batch; a server takes 1,000, and 1 MB
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds between tries
LONGEST_ORDER = 3600.0  # that a server may tell us to wait
GATHER = 2.0  # seconds in which readings come together
FINE, TOO_MUCH, NO_GZIP = 200, 413, 415
UNREADABLE = frozenset({400, 413, 422})
DONE = frozenset({"kept", "already"})
SENTENCES: dict[type[Exception], str] = {Silent: "The server cannot be reached.", NoRoom: "The disk is full."}


@dataclass
class Pauses:
    """Longer from try to try, never quite as long as another gateway's."""

    next: float = FIRST_PAUSE

    def more(self, ordered: float = 0.0) -> float:
        """Seconds to wait after one more failure."""
        pause, self.next = self.next, min(self.next * 2, LONGEST_PAUSE)
        return max(pause * random.uniform(0.75, 1.25), ordered)  # noqa: S311 - spreads gateways, guards nothing

    def over(self) -> None:
        """It worked."""
        self.next = FIRST_PAUSE


@dataclass
class Sender:
    """Sends batches, oldest first, one at a time."""

    folder: Folder
    taker: Taker
    credentials: Credentials
    gather: float = GATHER
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    pauses: Pauses = field(default_factory=Pauses)
    most: int = MOST
    knows_time: bool = False

    @property
    def spool(self) -> Spool:
        return self.taker.spool

    async def run(self) -> None:
        """Until it is cancelled. Raises Ended."""
        while True:
            await self.step()

    async def step(self) -> None:
        """One batch, or one pause."""
        self.taker.again()
        if self.spool.is_empty():
            await self._something()
            return
        try:
            pause = await self._once()
        except (Silent, NoRoom) as trouble:
            self._trouble(trouble)
            pause = self.pauses.more()
        await asyncio.sleep(pause)

    async def _something(self) -> None:
        """Wait for a reading, and for those that come with it; look after the key meanwhile."""
        self.wake.clear()
        if not self.taker.held:
            await self.wake.wait()
        await asyncio.sleep(self.gather)

    async def _once(self) -> float:
        if not self.knows_time:
            await asyncio.to_thread(self.credentials.server.look)
            self.knows_time = True
        await asyncio.to_thread(self.credentials.renew)
        batch = self.spool.batch(most=self.most, ahead=self.credentials.server.ahead)
        body = {"readings": [msgspec.Raw(encode(reading)) for reading in batch]}
        answer = await asyncio.to_thread(self.credentials.ask, "/devices/readings", body)
        return self._answered(answer, batch)

    def _answered(self, answer: Answer, batch: list[Reading]) -> float:
        if answer.status == FINE:
            return self._taken(answer.says().get("answers"), batch)
        if answer.status == NO_GZIP and self.credentials.server.packs:
            self.credentials.server.packs = False
            return 0.0
        if answer.status in UNREADABLE:
            return self._smaller(answer, batch)
        self._trouble(f"The server answered {answer.status}.")
        return self.pauses.more(_ordered(answer))

    def _taken(self, answers: object, batch: list[Reading]) -> float:
        """What the server says of each reading. Of what it says nothing we know nothing: it is sent again."""
        by_number = {reading.sequence: reading for reading in batch}
        done = [number for number, said in _said(answers) if self._is_done(by_number.get(number), said)]
        self.spool.drop(done)
        if not done:
            return self.pauses.more()
        self.pauses.over()
        self.most = min(self.most * 2, MOST)
        self.spool.note("sent")
        self.taker.say(f"Readings sent: {len(done)}.")
        return 0.0

    def _is_done(self, reading: Reading | None, said: Mapping[str, Any]) -> bool:
        if reading is None or said.get("id") != str(reading.id):
            return False
        if said.get("status") == "refused":
            self._put_aside(reading, said)
            return True
        return said.get("status") in DONE

    def _smaller(self, answer: Answer, batch: list[Reading]) -> float:
        """The server could not read the batch: find the one reading it is about."""
        if len(batch) > 1:
            self.most = len(batch) // 2
            return 0.0
        self._put_aside(batch[0], answer.says() or {"code": str(answer.status)})
        self.spool.drop([batch[0].sequence])
        return 0.0

    def _put_aside(self, reading: Reading, said: Mapping[str, Any]) -> None:
        """A file that a person can read, on disk before the reading leaves the spool."""
        self.folder.refused.mkdir(mode=0o700, exist_ok=True)
        why = {"code": said.get("code", ""), "message": said.get("message", "")}
        content = msgspec.json.format(msgspec.json.encode(why | {"reading": reading}), indent=2)
        try:
            write(self.folder.refused / f"{reading.received_at:%Y-%m-%d}-{reading.sequence}.json", content)
        except OSError as failure:
            raise NoRoom from failure
        self.taker.say(f"The server refused a reading. Why, stands in {self.folder.refused}.")

    def _trouble(self, what: Exception | str) -> None:
        said = what if isinstance(what, str) else SENTENCES[type(what)]
        self.taker.say(said)
        try:
            self.spool.note("trouble", said)
        except NoRoom:
            return


def _said(answers: object) -> list[tuple[int, Mapping[str, Any]]]:
    """The answers that name a reading."""
    each = answers if isinstance(answers, list) else []
    return [
        (one["sequence"], one)
        for one in each
        if isinstance(one, dict) and isinstance(one.get("sequence"), int)
    ]


def _ordered(answer: Answer) -> float:
    """Retry-After: seconds, or a day and an hour."""
    said = answer.headers.get("retry-after", "")
    try:
        seconds = float(said) if said.isdecimal() else _until(said)
    except (ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_ORDER)


def _until(said: str) -> float:
    return (parsedate_to_datetime(said).astimezone(UTC) - now()).total_seconds()

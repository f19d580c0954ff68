"""All sockets and rooms of this process, and what happens to them when the facts behind them change."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Final, Protocol
from uuid import UUID

from teleward.access.grants import ActorKind
from teleward.consult.operations import live_records, live_room
from teleward.consult.queries.standing import consent_is_withdrawn, visits_over
from teleward.kernel.errors import Problem

from .answers import Ended, Notice, encode
from .desk import Desk
from .limits import SOCKETS, SOCKETS_PER_HOLDER, SOCKETS_PER_VISIT, Clock, Knocks
from .outbox import Close, InProcess, Outbox, Transport
from .room import Place, Room
from .visitor import Visitor

RECHECK_SECONDS: Final = 4
GRACE_SECONDS: Final = 3
_log = logging.getLogger(__name__)


class Socket(Protocol):
    """What the hub knows of an open socket."""

    visitor: Visitor
    outbox: Outbox

    @property
    def peer(self) -> str:
        """The peer id it said hello with, or nothing."""


class Hub:
    """Keeps the rooms, counts the sockets, closes those that may no longer be open."""

    def __init__(self, *, transport: Transport | None = None, clock: Clock = monotonic) -> None:
        self.transport = transport or InProcess()
        self.desk = Desk()
        self.watch = Desk(workers=1)  # its questions do not wait behind anybody's messages
        self.knocks = Knocks(2, 30, clock)
        self.knocks_of_address = Knocks(10, 150, clock)
        self.sockets: set[Socket] = set()
        self._idle = asyncio.Event()
        self._clock = clock
        self._rooms: dict[UUID, Room] = {}

    def room(self, visit: UUID) -> Room:
        """The room of this visit, made when nobody was in it."""
        if visit not in self._rooms:
            self._rooms[visit] = Room(visit=visit, transport=self.transport, clock=self._clock)
        return self._rooms[visit]

    @contextlib.contextmanager
    def holding(self, socket: Socket) -> Iterator[None]:
        """Counts a socket for as long as it is open."""
        self.sockets.add(socket)
        self._idle.clear()
        try:
            yield
        finally:
            self.sockets.discard(socket)
            if not self.sockets:
                self._idle.set()

    def has_place_for(self, visitor: Visitor) -> bool:
        """Whether one more socket of this holder, on this visit, is within bounds."""
        same_visit = [socket for socket in self.sockets if socket.visitor.visit == visitor.visit]
        same_holder = [socket for socket in same_visit if socket.visitor.actor.id == visitor.actor.id]
        return (
            len(self.sockets) < SOCKETS
            and len(same_visit) < SOCKETS_PER_VISIT
            and len(same_holder) < SOCKETS_PER_HOLDER
        )

    async def notice(self, topic: str, ids: dict[str, UUID]) -> None:
        """What another transaction said happened (`kernel.notices`)."""
        if topic in {"visit-ended", "visit-cancelled"}:
            self.end(ids.get("visit"))
        elif topic == "visit-changed":
            await self._visit_changed(ids.get("visit"))
        elif topic in _CLOSED_BY:
            code, concerns = _CLOSED_BY[topic]
            self.expel([one for one in self.sockets if concerns(one.visitor, ids)], code)
        elif topic == "pass-moved":
            await self._recheck([one for one in self.sockets if _is_pass(one.visitor, ids)], Close.ELSEWHERE)

    def end(self, visit: UUID | None) -> None:
        """The visit is over: everybody is told and their sockets close."""
        concerned = [socket for socket in self.sockets if socket.visitor.visit == visit]
        for socket in concerned:
            socket.outbox.put(encode(Ended()))
        self._close(concerned, Close.OVER)
        if visit is not None:
            self._rooms.pop(visit, None)

    async def recheck(self) -> None:
        """Ask again for every socket whether its holder may still be here and the visit still goes on."""
        await self._recheck(list(self.sockets), Close.REFUSED)
        visits = {socket.visitor.visit for socket in self.sockets}
        for visit in await self.watch(visits_over, visits=frozenset(visits)) if visits else ():
            self.end(visit)

    async def keep(self) -> None:
        """Sweeps and re-checks for as long as the server runs."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            try:
                await self.sweep()
                await self.recheck()
            except Exception as error:  # noqa: BLE001 - nothing may end the watch; fail closed instead
                _log.error(
                    "The sockets could not be checked again (%s); all are closed.", type(error).__name__
                )
                self._close(self.sockets, Close.RESTART)

    async def sweep(self) -> None:
        """Give up the places of those who are long gone, drop empty rooms, prove that the others last."""
        present: list[tuple[UUID, str]] = []
        for visit, room in list(self._rooms.items()):
            for place in room.sweep():
                await self._give_up(visit, place)
            present += [(visit, peer) for peer in room.present()]
            if room.is_empty and not room.lock.locked():
                self._rooms.pop(visit, None)
        if present:
            await self.watch(live_records.still_here, peers=present)

    async def close(self) -> None:
        """Tell every socket to come back in a moment: the server restarts, the media go on."""
        self._close(self.sockets, Close.RESTART)
        if self.sockets:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), GRACE_SECONDS)
        await self.desk.close()
        await self.watch.close()

    async def _give_up(self, visit: UUID, place: Place) -> None:
        """Who waits no longer is taken out of the lobby for good; a seat that was given stays given."""
        if place.grant is not None and not place.is_admitted:
            with contextlib.suppress(Problem):  # it left by another way meanwhile
                await self.watch(
                    live_room.leave, grant=place.grant, visit=visit, peer=place.card.peer, why="lost"
                )

    async def _visit_changed(self, visit: UUID | None) -> None:
        concerned = [socket for socket in self.sockets if socket.visitor.visit == visit]
        withdrawn = (
            bool(concerned) and visit is not None and await self.watch(consent_is_withdrawn, visit=visit)
        )
        for socket in concerned:
            socket.outbox.put(encode(Notice(kind="withdrawn" if withdrawn else "changed")))

    async def _recheck(self, sockets: list[Socket], code: Close) -> None:
        for socket in sockets:
            actor = await self.watch(socket.visitor.still)
            if actor.kind is ActorKind.NOBODY:
                self.expel([socket], code)

    def expel(self, sockets: Iterable[Socket], code: Close) -> None:
        """These may not be here any longer: the others hear at once that they left."""
        for socket in list(sockets):
            visit = socket.visitor.visit
            if visit in self._rooms:
                self._rooms[visit].forget(socket.peer, why=_WHY.get(code, "removed"))
            socket.outbox.close(code)

    def drop(self, *, visit: UUID, peer: str, code: Close) -> None:
        """The place of a peer goes to somebody else, or to nobody."""
        self.expel([one for one in self.sockets if one.visitor.visit == visit and one.peer == peer], code)
        self.room(visit).forget(peer, why=_WHY.get(code, "removed"))

    def _close(self, sockets: Iterable[Socket], code: Close) -> None:
        for socket in list(sockets):
            socket.outbox.close(code)


Concerns = Callable[[Visitor, dict[str, UUID]], bool]


def _is_pass(visitor: Visitor, ids: dict[str, UUID]) -> bool:
    return visitor.actor.kind is ActorKind.GUEST and visitor.actor.id == ids.get("pass")


def _is_session(visitor: Visitor, ids: dict[str, UUID]) -> bool:
    return visitor.actor.session is not None and visitor.actor.session == ids.get("session")


def _is_person(visitor: Visitor, ids: dict[str, UUID]) -> bool:
    return visitor.actor.kind is ActorKind.STAFF and visitor.actor.id == ids.get("person")


_WHY: Final = {Close.ELSEWHERE: "replaced"}
_CLOSED_BY: Final[dict[str, tuple[Close, Concerns]]] = {
    "session-ended": (Close.NOT_SIGNED_IN, _is_session),
    "person-deactivated": (Close.REFUSED, _is_person),
    "pass-revoked": (Close.REFUSED, _is_pass),
}

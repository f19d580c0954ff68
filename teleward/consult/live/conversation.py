"""What each message of teleward-live/1 does. One at a time per socket, in the order they came."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from teleward.access.grants import Action
from teleward.access.operations.sessions import touch
from teleward.consult import cards
from teleward.consult.operations import live_records, live_room
from teleward.consult.queries.seats import seats
from teleward.kernel.clock import now

from . import answers as a
from . import messages as m
from .hub import Hub
from .ice import ice_servers
from .limits import LIMITS, Bucket
from .outbox import Close, Outbox
from .problems import NoSuchPeer, OutOfOrder
from .room import Room
from .visitor import Visitor, ask_again

WAITS_AS: Final = {"low-video": "video", "one-way": "video", "photo-audio": "audio"}


@dataclass(eq=False)
class Conversation:
    """One socket's part in its visit. `peer` is empty until hello."""

    hub: Hub
    visitor: Visitor
    visit: UUID
    outbox: Outbox
    peer: str = ""
    signs_of_life: Bucket = field(default_factory=lambda: Bucket(rate=1 / 60, burst=1))

    @property
    def room(self) -> Room:
        """The room of this visit."""
        return self.hub.room(self.visit)

    @property
    def is_in_a_call(self) -> bool:
        """Whether it is admitted and somebody else is there: nobody is locked out in the middle of that."""
        present = self.room.present()
        return self.peer in present and len(present) > 1

    async def take(self, message: m.AnySent) -> None:
        """Do what the message asks. Raises Problem."""
        if bool(self.peer) == isinstance(message, m.Hello):
            raise OutOfOrder
        if self.peer and not self.room.knows(self.peer) and not isinstance(message, m.Ping | m.Leave):
            raise OutOfOrder
        await _HANDLERS[type(message)](self, message)

    def part(self) -> None:
        """The socket is gone. The seat is held, unless another socket has taken it already."""
        if self.peer and self.hub.transport.detach(visit=self.visit, peer=self.peer, outbox=self.outbox):
            self.room.away(self.peer, unsent=self.outbox.unsent())

    def tell(self, message: a.Told) -> None:
        """One message to this socket."""
        self.outbox.put(a.encode(message))

    async def door(self, work: Callable[..., Any], **arguments: object) -> Any:  # noqa: ANN401 - each door has its own answer
        """A door of the consultation, under this socket's grant unless another is given, in a thread."""
        return await self.hub.desk(work, **{"grant": self.visitor.grant, "visit": self.visit, **arguments})


async def _hello(here: Conversation, message: m.Hello) -> None:
    room = here.room
    async with room.lock:
        if not room.is_filled:
            room.fill(await here.hub.desk(seats, grant=here.visitor.grant, visit=here.visit))
        card = await here.door(live_room.take_seat, peer=message.peer)
        if here.outbox.goodbye:
            return
        here.peer = message.peer
        earlier = here.hub.transport.attach(visit=here.visit, peer=here.peer, outbox=here.outbox)
        if earlier is not None:
            earlier.close(Close.ELSEWHERE)
        room.come(card=card, is_host=here.visitor.is_host, grant=here.visitor.grant)
        await _replace_rivals(here, card)
        _greet(here, card)


def _greet(here: Conversation, card: cards.SeatCard) -> None:
    here.tell(here.room.welcome(peer=here.peer, ice=ice_servers(at=now()), limits=LIMITS))
    if card.state == "turned-away":
        here.room.turned_away(card)
        here.outbox.close(Close.REFUSED)
    else:
        here.room.greet(here.peer)


async def _replace_rivals(here: Conversation, card: cards.SeatCard) -> None:
    """The newest tab of a person is the one that counts."""
    for peer in here.room.rivals(card):
        here.hub.drop(visit=here.visit, peer=peer, code=Close.ELSEWHERE)
        await here.door(live_room.leave, peer=peer, why="replaced")


async def _ping(here: Conversation, message: m.Ping) -> None:
    here.tell(a.Pong(n=message.n))
    session = here.visitor.actor.session
    if session and here.is_in_a_call and here.signs_of_life.take():
        await here.hub.desk(touch, session=session)


async def _arrive(here: Conversation, message: m.Arrive) -> None:
    arrival = cards.Arrival(
        mode=WAITS_AS.get(message.mode, message.mode), check=_card(message.check), company=message.company
    )
    async with here.room.lock:
        here.room.arrived(await here.door(live_room.arrive, peer=here.peer, arrival=arrival))


def _card(check: m.Check | None) -> cards.CheckCard | None:
    if check is None:
        return None
    return cards.CheckCard(
        path=check.path, camera=check.camera, microphone=check.microphone, speaker=check.speaker
    )


async def _admit(here: Conversation, message: m.Admit) -> None:
    grant = await here.hub.desk(ask_again, visitor=here.visitor, action=Action.VISIT_ADMIT)
    async with here.room.lock:
        if not here.room.knows(message.peer):
            raise NoSuchPeer
        here.room.admitted(await _let_in(here, grant, message.peer))


async def _let_in(here: Conversation, grant: object, peer: str) -> cards.SeatCard:
    """A full room first gives up the seats of those who have long gone."""
    try:
        card: cards.SeatCard = await here.door(live_room.admit, grant=grant, peer=peer)
    except live_room.RoomFull:
        present = here.room.seated_peers()
        for seat in await here.hub.desk(seats, grant=here.visitor.grant, visit=here.visit):
            if seat.state == "admitted" and seat.peer not in present:
                await here.door(live_room.leave, peer=seat.peer, why="lost")
        card = await here.door(live_room.admit, grant=grant, peer=peer)
    return card


async def _turn_away(here: Conversation, message: m.TurnAway) -> None:
    grant = await here.hub.desk(ask_again, visitor=here.visitor, action=Action.VISIT_ADMIT)
    async with here.room.lock:
        if not here.room.knows(message.peer) or message.peer == here.peer:
            raise NoSuchPeer
        card = await here.door(live_room.turn_away, grant=grant, peer=message.peer)
        here.room.turned_away(card)
        here.hub.drop(visit=here.visit, peer=message.peer, code=Close.REFUSED)


async def _relay(here: Conversation, message: m.Relay) -> None:
    here.room.relay(sender=here.peer, message=message)


async def _ice(here: Conversation, message: m.Ice) -> None:  # noqa: ARG001 - every handler has the same two arguments
    here.tell(ice_servers(at=now()))


async def _media(here: Conversation, message: m.Media) -> None:
    state = a.State(
        mode=message.mode, microphone=message.microphone, camera=message.camera, screen=message.screen
    )
    if here.room.media(sender=here.peer, state=state):
        await here.door(live_records.record_media, peer=here.peer, mode=message.mode)


async def _path(here: Conversation, message: m.MeasuredPath) -> None:
    here.room.seat(here.peer)
    await here.door(live_records.record_path, peer=here.peer, other=message.peer, path=message.path)


async def _words(here: Conversation, message: m.Words) -> None:
    here.room.seat(here.peer)
    words = cards.Words(
        other=message.peer,
        run=message.run,
        outcome=message.outcome,
        form=message.form,
        evidence=message.evidence,
    )
    await here.door(live_records.record_words, peer=here.peer, words=words)


async def _leave(here: Conversation, message: m.Leave) -> None:  # noqa: ARG001 - every handler has the same two arguments
    async with here.room.lock:
        await here.door(live_room.leave, peer=here.peer)
        here.room.forget(here.peer, why="left")
        here.outbox.close(Close.DONE)


_HANDLERS: Final[dict[type[m.Sent], Callable[[Conversation, Any], Awaitable[None]]]] = {
    m.Hello: _hello,
    m.Ping: _ping,
    m.Arrive: _arrive,
    m.Admit: _admit,
    m.TurnAway: _turn_away,
    m.Relay: _relay,
    m.Ice: _ice,
    m.Media: _media,
    m.MeasuredPath: _path,
    m.Words: _words,
    m.Leave: _leave,
}

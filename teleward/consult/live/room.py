"""One visit's room in memory: who is where, who may hear what, and what waits for a peer who is away.

Nothing here is kept beyond the process; the seats are rows (`operations.live_room`), and a room is
filled from them again after a restart.
"""

from asyncio import Lock
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from msgspec import UNSET

from teleward.access.grants import Grant
from teleward.consult.cards import SeatCard

from . import answers as a
from . import messages as m
from .limits import HOLD_SECONDS, QUEUED_MESSAGES, Clock
from .outbox import Kept, Transport
from .problems import Gone, NoSuchPeer, NotAdmitted, Replayed


@dataclass
class Place:
    """One peer: what the rows say, and what only the process knows."""

    card: SeatCard
    is_host: bool = False
    grant: Grant | None = None  # of the last socket; None when only the row is known
    away_since: float | None = None  # None while the socket is open
    media: a.State | None = None
    passed: dict[str, int] = field(default_factory=dict)  # highest relay id per addressee, of this socket
    held: deque[str] = field(default_factory=deque)

    @property
    def is_admitted(self) -> bool:
        """Whether it has a seat in the room."""
        return self.card.state == "admitted"

    @property
    def waits(self) -> bool:
        """Whether the host sees it in the lobby now."""
        return self.card.state == "waiting" and self.away_since is None

    def seated(self) -> a.Seated:
        """What the others in the room may know."""
        return a.Seated(
            peer=self.card.peer,
            seat=self.card.number or 0,
            role=self.card.role,
            name=self.card.name,
            present=self.away_since is None,
            media=self.media,
        )

    def waiting(self) -> a.Waiting:
        """What the host may know."""
        return a.Waiting(
            peer=self.card.peer,
            role=self.card.role,
            name=self.card.name,
            since=self.card.arrived_at.isoformat(),
            mode=self.card.mode,
            company=self.card.company,
            check=self.card.check,
        )


def _is_rival(one: SeatCard, other: SeatCard) -> bool:
    same_holder = (one.person, one.pass_id) == (other.person, other.pass_id)
    return same_holder or (one.number is not None and one.number == other.number)


class Room:
    """The peers of one visit. Every method is immediate; hold `lock` to wait for rows between two of them."""

    def __init__(self, *, visit: UUID, transport: Transport, clock: Clock = monotonic) -> None:
        self.visit = visit
        self.lock = Lock()
        self.is_filled = False
        self._transport = transport
        self._clock = clock
        self._places: dict[str, Place] = {}

    def fill(self, cards: Iterable[SeatCard]) -> None:
        """Take over who had a place before this process knew the room; they count as away from now on."""
        for card in cards:
            if card.state in {"admitted", "waiting"}:
                self._places[card.peer] = Place(card=card, away_since=self._clock())
        self.is_filled = True

    def come(self, *, card: SeatCard, is_host: bool, grant: Grant) -> None:
        """A socket said hello for this peer; its ids count from the beginning again."""
        place = self._places.setdefault(card.peer, Place(card=card))
        place.card, place.is_host, place.grant, place.away_since = card, is_host, grant, None
        place.passed.clear()

    def greet(self, peer: str) -> None:
        """After the welcome: what waited for the peer, and word of it to the others."""
        place = self._places[peer]
        held, place.held = place.held, deque()
        for frame in held:
            self._transport.send(visit=self.visit, peer=peer, frame=Kept(frame))
        if place.is_admitted:
            self._announce(place)
        elif place.waits:
            self.tell(peer, a.Waits(since=place.card.arrived_at.isoformat()))
            self._show_lobby()

    def welcome(self, *, peer: str, ice: a.IceServers, limits: a.Limits) -> a.Welcome:
        """The first message to a peer. Who is not admitted learns of nobody."""
        place = self._places[peer]
        others = self._seated_for(peer) if place.is_admitted else ()
        return a.Welcome(
            peer=peer,
            seat=place.card.number if place.is_admitted else None,
            role=place.card.role,
            admitted=place.is_admitted,
            leader=place.is_admitted and all((place.card.number or 0) < other.seat for other in others),
            visit=str(self.visit),
            host=place.is_host,
            peers=others,
            ice=ice,
            limits=limits,
            waiting=self._lobby() if place.is_host else UNSET,
        )

    def arrived(self, card: SeatCard) -> None:
        """A guest is ready."""
        self._places[card.peer].card = card
        self.greet(card.peer)

    def admitted(self, card: SeatCard) -> None:
        """The host let a guest in."""
        place = self._places[card.peer]
        was_in, place.card = place.is_admitted, card
        if was_in:
            return
        self.tell(card.peer, a.Admitted(seat=card.number or 0, peers=self._seated_for(card.peer)))
        self._announce(place)
        self._show_lobby()

    def turned_away(self, card: SeatCard) -> None:
        """The host did not let a guest in, or asked it to go."""
        self.tell(card.peer, a.TurnedAway())
        self.forget(card.peer, why="removed")

    def relay(self, *, sender: str, message: m.Relay) -> None:
        """Pass a body on, or hold it for who is away. Raises NotAdmitted, NoSuchPeer, Replayed, Gone."""
        place = self.seat(sender)
        if message.id <= place.passed.get(message.to, -1):
            raise Replayed
        other = self._places.get(message.to)
        if other is None or not other.is_admitted or other is place:
            raise NoSuchPeer
        place.passed[message.to] = message.id
        frame = a.encode(a.Relayed(sender=sender, id=message.id, body=message.body))
        if not self._transport.send(visit=self.visit, peer=message.to, frame=Kept(frame)):
            self._hold(other, frame)

    def media(self, *, sender: str, state: a.State) -> bool:
        """Tell the others what the sender shows; whether the mode is another one now. Raises NotAdmitted."""
        place = self.seat(sender)
        changed = place.media is None or place.media.mode != state.mode
        place.media = state
        shown = a.Shown(
            sender=sender,
            mode=state.mode,
            microphone=state.microphone,
            camera=state.camera,
            screen=state.screen,
        )
        for other in self._others_in(sender):
            self.tell(other.card.peer, shown)
        return changed

    def seat(self, peer: str) -> Place:
        """The admitted place of this peer. Raises NotAdmitted."""
        place = self._places.get(peer)
        if place is None or not place.is_admitted:
            raise NotAdmitted
        return place

    def knows(self, peer: str) -> bool:
        """Whether the peer is in the room or the lobby."""
        return peer in self._places

    def away(self, peer: str, *, unsent: Iterable[str] = ()) -> None:
        """The socket of the peer is gone; the seat is held, and with it what no longer reached the socket."""
        if place := self._places.get(peer):
            place.away_since = self._clock()
            place.held.extend(unsent)
            self._show_lobby()

    def forget(self, peer: str, *, why: str) -> None:
        """The peer is no longer here (`answers.Left` says why)."""
        place = self._places.pop(peer, None)
        if place and place.is_admitted:
            for other in self._others_in(peer):
                self.tell(other.card.peer, a.Left(peer=peer, why=why))
        self._show_lobby()

    def sweep(self) -> list[Place]:
        """Forget those who have been away for longer than a seat is held, and hand them out."""
        limit = self._clock() - HOLD_SECONDS
        gone = [
            one for one in self._places.values() if one.away_since is not None and one.away_since <= limit
        ]
        for place in gone:
            self.forget(place.card.peer, why="lost")
        return gone

    def seated_peers(self) -> set[str]:
        """Admitted peers, with those whose seat is being held."""
        return {p for p, place in self._places.items() if place.is_admitted}

    def present(self) -> list[str]:
        """Admitted peers whose socket is open."""
        return [p for p, place in self._places.items() if place.is_admitted and place.away_since is None]

    def rivals(self, card: SeatCard) -> list[str]:
        """Other peers of the same holder, or on the same seat: the newest tab is the one that counts."""
        return [p for p, place in self._places.items() if p != card.peer and _is_rival(place.card, card)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing here would be missed."""
        return not self._places

    def tell(self, peer: str, message: a.Told) -> None:
        """One message to one peer."""
        self._transport.send(visit=self.visit, peer=peer, frame=a.encode(message))

    def _hold(self, place: Place, frame: str) -> None:
        away = place.away_since
        if away is None or self._clock() - away > HOLD_SECONDS or len(place.held) >= QUEUED_MESSAGES:
            raise Gone
        place.held.append(frame)

    def _announce(self, place: Place) -> None:
        joined = a.Joined(
            peer=place.card.peer, seat=place.card.number or 0, role=place.card.role, name=place.card.name
        )
        for other in self._others_in(place.card.peer):
            self.tell(other.card.peer, joined)

    def _others_in(self, peer: str) -> Iterator[Place]:
        return (place for p, place in list(self._places.items()) if p != peer and place.is_admitted)

    def _seated_for(self, peer: str) -> tuple[a.Seated, ...]:
        return tuple(sorted((p.seated() for p in self._others_in(peer)), key=lambda seated: seated.seat))

    def _lobby(self) -> tuple[a.Waiting, ...]:
        return tuple(place.waiting() for place in self._places.values() if place.waits)

    def _show_lobby(self) -> None:
        lobby = a.Lobby(waiting=self._lobby())
        for place in self._places.values():
            if place.is_host and place.is_admitted:
                self.tell(place.card.peer, lobby)

"""The messages of teleward-live/1 that the server sends."""

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from teleward.consult.cards import CheckCard


class Told(Struct, tag_field="type", frozen=True):
    """What the server sends."""


class Server(Struct, frozen=True):
    """One RTCIceServer."""

    urls: tuple[str, ...]
    username: str | UnsetType = UNSET
    credential: str | UnsetType = UNSET


class IceServers(Told, tag="ice", frozen=True):
    servers: tuple[Server, ...]
    ttl: int


class State(Struct, frozen=True):
    """What a peer last said about its media."""

    mode: str
    microphone: bool
    camera: bool
    screen: bool


class Seated(Struct, frozen=True):
    """Somebody who has a seat; `present` is false while their socket is away."""

    peer: str
    seat: int
    role: str
    name: str
    present: bool
    media: State | None = None


class Waiting(Struct, frozen=True):
    """Somebody in the lobby; for the host's eyes."""

    peer: str
    role: str
    name: str
    since: str
    mode: str
    company: tuple[str, ...]
    check: CheckCard | None


class Limits(Struct, frozen=True):
    """What the server allows: bytes, messages and bytes per second, seconds."""

    frame: int
    body: int
    rate: int
    burst: int
    bytes: int
    silence: int
    hold: int
    queue: int


class Welcome(Told, tag="welcome", frozen=True):
    peer: str
    seat: int | None
    role: str
    admitted: bool
    leader: bool
    visit: str
    host: bool
    peers: tuple[Seated, ...]
    ice: IceServers
    limits: Limits
    waiting: tuple[Waiting, ...] | UnsetType = UNSET


class Waits(Told, tag="waiting", frozen=True):
    since: str


class Admitted(Told, tag="admitted", frozen=True):
    seat: int
    peers: tuple[Seated, ...]


class TurnedAway(Told, tag="turned-away", frozen=True):
    pass


class Joined(Told, tag="joined", frozen=True):
    peer: str
    seat: int
    role: str
    name: str


class Left(Told, tag="left", frozen=True):
    """`why`: left (said so), lost (away for too long; its media may still flow), removed, replaced."""

    peer: str
    why: str


class Lobby(Told, tag="lobby", frozen=True):
    waiting: tuple[Waiting, ...]


class Relayed(Told, tag="relay", frozen=True):
    sender: str = field(name="from")
    id: int
    body: msgspec.Raw


class Shown(Told, tag="media", frozen=True):
    sender: str = field(name="from")
    mode: str
    microphone: bool
    camera: bool
    screen: bool


class Pong(Told, tag="pong", frozen=True):
    n: int


class Notice(Told, tag="notice", frozen=True):
    kind: str


class Ended(Told, tag="ended", frozen=True):
    pass


class Error(Told, tag="error", frozen=True):
    code: str
    message: str
    fatal: bool


_encoder = msgspec.json.Encoder()


def encode(message: Told) -> str:
    """The text frame of a server message."""
    return _encoder.encode(message).decode()

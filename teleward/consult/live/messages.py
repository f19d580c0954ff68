"""What a client sends in teleward-live/1: shape, limits, and the gate each message passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from teleward.access.grants import Action
from teleward.consult.cards import MOST_RUNS

from .problems import Malformed, TooLarge, UnknownType

FRAME_BYTES: Final = 32 * 1024
BODY_BYTES: Final = 16 * 1024

Peer = Annotated[str, Meta(pattern="^[0-9a-f]{32}\\Z")]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Mode = Literal["video", "low-video", "one-way", "photo-audio", "audio", "phone", "text"]
Path = Literal["direct", "relayed"]
Company = Annotated[str, Meta(min_length=1, max_length=80)]


class Sent(Struct, tag_field="type", frozen=True, forbid_unknown_fields=True):
    """What a client sends."""


class Check(Struct, frozen=True, forbid_unknown_fields=True):
    """How the equipment check ended."""

    path: Literal["direct", "relayed", "none"]
    camera: bool
    microphone: bool
    speaker: bool


class Hello(Sent, tag="hello", frozen=True):
    version: Literal[1]
    peer: Peer


class Ping(Sent, tag="ping", frozen=True):
    n: Count


class Arrive(Sent, tag="arrive", frozen=True):
    mode: Mode
    company: Annotated[tuple[Company, ...], Meta(max_length=6)] = ()
    check: Check | None = None


class Admit(Sent, tag="admit", frozen=True):
    peer: Peer


class TurnAway(Sent, tag="turn-away", frozen=True):
    peer: Peer


class Relay(Sent, tag="relay", frozen=True):
    to: Peer
    id: Count
    body: msgspec.Raw


class Ice(Sent, tag="ice", frozen=True):
    pass


class Media(Sent, tag="media", frozen=True):
    mode: Mode
    microphone: bool
    camera: bool
    screen: bool


class MeasuredPath(Sent, tag="path", frozen=True):
    peer: Peer
    path: Path


class Words(Sent, tag="words", frozen=True):
    peer: Peer
    run: Annotated[int, Meta(ge=1, le=MOST_RUNS)]
    outcome: Literal["same", "different"]
    form: Literal["words", "digits", "emoji", "known-device"]
    evidence: Annotated[str, Meta(pattern="^[0-9a-f]{64}\\Z")]


class Leave(Sent, tag="leave", frozen=True):
    pass


AnySent = Hello | Ping | Arrive | Admit | TurnAway | Relay | Ice | Media | MeasuredPath | Words | Leave


@dataclass(frozen=True, kw_only=True)
class Gate:
    """How a message type passes the law: by the socket's own grant, by a decision of its own, or openly."""

    covered_by: tuple[Action, ...] = ()
    asks: Action | None = None
    open_because: str = ""


_SEATED: Final = Gate(covered_by=(Action.VISIT_HOST, Action.VISIT_JOIN))

MESSAGES: Final[Mapping[type[Sent], Gate]] = {
    Hello: _SEATED,
    Ping: Gate(open_because="a number comes back to the one who sent it; nothing else is read"),
    Arrive: Gate(covered_by=(Action.VISIT_JOIN,)),
    Admit: Gate(asks=Action.VISIT_ADMIT),
    TurnAway: Gate(asks=Action.VISIT_ADMIT),
    Relay: _SEATED,
    Ice: _SEATED,
    Media: _SEATED,
    MeasuredPath: _SEATED,
    Words: _SEATED,
    Leave: _SEATED,
}


class _Kind(Struct, frozen=True):
    type: str


class _Body(Struct, frozen=True):
    kind: Literal["offer", "answer", "candidate", "need-restart", "bye"]


_TYPES: Final = frozenset(str(kind.__struct_config__.tag) for kind in MESSAGES)
_kind = msgspec.json.Decoder(_Kind)
_sent = msgspec.json.Decoder(AnySent)
_body = msgspec.json.Decoder(_Body)


def decode(frame: str | bytes) -> AnySent:
    """One client message out of one text frame; raises TooLarge, Malformed or UnknownType."""
    raw = frame.encode(errors="surrogatepass") if isinstance(frame, str) else frame
    if len(raw) > FRAME_BYTES:
        raise TooLarge
    try:
        if _kind.decode(raw).type not in _TYPES:
            raise UnknownType
        message: AnySent = _sent.decode(raw)
        if isinstance(message, Relay):
            _check_body(message.body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Malformed from error
    return message


def _check_body(body: msgspec.Raw) -> None:
    raw = bytes(body)
    if len(raw) > BODY_BYTES:
        raise TooLarge
    _body.decode(raw)


def tag(message: type[Struct]) -> str:
    """The `type` a message class has on the wire."""
    return str(message.__struct_config__.tag)


def schema() -> tuple[dict[str, Any], ...]:
    """The JSON Schemas of what a client may send."""
    return tuple(msgspec.json.schema(kind) for kind in MESSAGES)

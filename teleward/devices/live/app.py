"""Pairing, a new key, readings: three addresses, each a POST."""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Annotated, Any
from uuid import UUID

import msgspec
from starlette.types import Receive, Scope, Send

from teleward.access.grants import Action, Weighed, authorise, weigh
from teleward.access.queries.tokens import WRONG_PER_MINUTE, Rates
from teleward.devices.arriving import BodyUnreadable, batch_of, unpacked
from teleward.devices.kinds import KINDS
from teleward.devices.operations.intake import Answer, take_readings
from teleward.devices.operations.pairing import Claim, CodeUnknown, KeyUnusable, claim, rotate_key
from teleward.devices.operations.words import count_once
from teleward.devices.queries.credentials import CredentialInvalid, Proven, proven
from teleward.devices.signing import WordInvalid, unread
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem

from .desk import Desk
from .messages import Failed, Request, TooOften, answer, refuse, request_of
from .pacing import Paced

PER_MINUTE = 240  # of one gateway
CODES_PER_MINUTE = 30  # wrong ones, of one network
Said = Mapping[str, Any]
Shown = Annotated[str, msgspec.Meta(max_length=80)]
_log = logging.getLogger(__name__)


class ToPair(msgspec.Struct, forbid_unknown_fields=True):
    """What a gateway sends to be paired."""

    code: Annotated[str, msgspec.Meta(max_length=40)]
    public_key: dict[str, Any]
    name: Shown = ""
    software: Shown = ""


class ToRotate(msgspec.Struct, forbid_unknown_fields=True):
    """The next key."""

    public_key: dict[str, Any]


class Devices:
    """Everything that runs for gateways."""

    def __init__(self) -> None:
        self._desk: Desk | None = None
        self._rates = Rates()
        self._words, self._codes = (
            Paced(per_minute=WRONG_PER_MINUTE),
            Paced(per_minute=CODES_PER_MINUTE),
        )
        self._answers: dict[str, Callable[[Request, Desk], Awaitable[Said]]] = {
            "/devices/pair": self._pair,
            "/devices/key": self._rotate,
            "/devices/readings": self._take,
        }

    @property
    def paths(self) -> tuple[str, ...]:
        """What is answered here, and not by a page."""
        return tuple(self._answers)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the server runs: a few threads."""
        self._desk = Desk()
        try:
            yield
        finally:
            await self._desk.close()
            self._desk = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Whatever goes wrong is said by code, in a sentence, and in no more than that."""
        language = "en"
        try:
            request = await request_of(scope, receive)
            language = request.language
            said = await self._answered(request)
        except Problem as problem:
            await refuse(send, problem, language=language)
        except Exception as error:  # noqa: BLE001 - the server's trouble is told as such, and logged without content
            _log_without_content(error)
            await refuse(send, Failed(), language=language)
        else:
            await answer(send, said, language=language)

    async def _answered(self, request: Request) -> Said:
        if self._desk is None:
            raise Failed
        return await self._answers[request.path](request, self._desk)

    async def _pair(self, request: Request, desk: Desk) -> Said:
        """Open: whoever holds the code is nobody yet."""
        self._codes.must_not_wait(request.client)
        asked = _asked(request, ToPair)
        said = Claim(code=asked.code, public_key=asked.public_key, name=asked.name, software=asked.software)
        try:
            pairing = await desk(claim, said=said, circumstances=request.circumstances)
        except (CodeUnknown, KeyUnusable):
            self._codes.refused(request.client)
            raise
        return {"pairing": pairing, "kinds": list(KINDS)}

    async def _rotate(self, request: Request, desk: Desk) -> Said:
        who = await self._who(request, desk)
        asked = _asked(request, ToRotate)
        await desk(_rotated, who=who, request=request, given=asked.public_key)
        return {}

    async def _take(self, request: Request, desk: Desk) -> Said:
        who = await self._who(request, desk)
        weighed = await _weighed(who, request)
        answers = await desk(_taken, request=request, weighed=weighed, who=who)
        return {"answers": answers}

    async def _who(self, request: Request, desk: Desk) -> Proven:
        """Who signed the word. Where too much was refused, nothing is looked up for whom nobody knows."""
        claimed = _claimed(request)
        self._words.must_not_wait(request.client, claimed)
        try:
            who = await desk(proven, token=request.token)
        except CredentialInvalid:
            self._words.refused(request.client, claimed)
            raise
        self._words.proved(request.client, claimed)
        self._pace(f"gateway {who.actor.id}", PER_MINUTE)
        return who

    def _pace(self, name: str, per_minute: int) -> None:
        wait = self._rates.wait(name, per_minute=per_minute, at=now())
        if wait:
            raise TooOften(max(1, round(wait.total_seconds())))


def _claimed(request: Request) -> UUID | None:
    """Whose the word says it is, before anything of it is believed."""
    try:
        return unread(request.token).pairing
    except (CredentialInvalid, WordInvalid):
        return None


def _taken(*, request: Request, weighed: Weighed, who: Proven) -> tuple[Answer, ...]:
    """In a thread: a megabyte is unpacked."""
    batch = batch_of(unpacked(request.body, request.encoding))
    return take_readings(weighed=weighed, proven=who, batch=batch, body=request.body)


def _rotated(*, who: Proven, request: Request, given: object) -> None:
    count_once(proven=who)
    grant = authorise(
        actor=who.actor,
        action=Action.READING_WRITE,
        subject=who.subject,
        circumstances=request.circumstances,
    )
    rotate_key(grant=grant, signed_by=who.thumbprint, given=given)


async def _weighed(who: Proven, request: Request) -> Weighed:
    (weighed,) = await weigh(
        ask=_nothing,
        actor=who.actor,
        action=Action.READING_WRITE,
        subjects=[who.subject],
        circumstances=request.circumstances,
    )
    return weighed


async def _nothing(_statement: str, _values: Sequence[object]) -> list[tuple[Any, ...]]:
    """Of a gateway no standings are looked up: the pairing says all there is."""
    return []


def _asked(request: Request, shape: type[Any]) -> Any:  # noqa: ANN401 - of that shape
    try:
        return msgspec.json.decode(unpacked(request.body, request.encoding), type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as unreadable:
        raise BodyUnreadable from unreadable


def _log_without_content(error: Exception) -> None:
    """Where it happened; the words of an error may hold somebody's."""
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    _log.error("A gateway's request failed: %s at %s", type(error).__name__, " > ".join(places[-6:]))

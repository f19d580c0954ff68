"""Bulk export (Bulk Data Access): begun, looked after, fetched as NDJSON, given up.

Nothing is laid down anywhere in clear: a file is written while it is fetched, some hundred resources at a
time, and each piece leaves only after its entries stand in the ledger.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Weighed
from teleward.access.queries.tokens import TooFast, narrowing
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.records.fhir.search import PARAMETERS
from teleward.records.store import exports
from teleward.records.store.ranges import UNDATED, NoRange, date_range
from teleward.records.store.stamping import instant

from .exchange import Exchange
from .judging import Judge
from .messages import Answer, root
from .problems import ExportUnknown, SearchNotUnderstood
from .reading import id_of
from .rows import row_of

PIECE = 200
AGAIN = timedelta(seconds=1)  # after which it is asked anew whether the program may go on
NDJSON = {"application/fhir+ndjson", "application/ndjson", "ndjson", ""}
TAKEN = frozenset({"_type", "_since", "_outputFormat"})
FIRST = UUID(int=0)
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, kw_only=True)
class Begun:
    """An export that goes on."""

    id: UUID
    kinds: list[str]
    since: datetime
    until: datetime


async def begin(x: Exchange) -> Answer:
    """GET of /$export: accepted, with the address that says how far it is."""
    if "respond-async" not in x.request.headers.get("prefer", ""):
        raise SearchNotUnderstood("An export is asked for with Prefer: respond-async.")
    kinds = _kinds(x)
    weighed = await _allowed(x, kinds[0] if kinds else "*")
    begun = Begun(id=new_id(), kinds=kinds, since=_since(x), until=now())
    await x.tell([weighed.entry(outcome="done", detail={"begun": str(begun.id), "types": begun.kinds})])
    values = [begun.id, x.practice, x.actor.id, begun.kinds, begun.since, begun.until]
    await x.session.ask(exports.BEGIN, values, practice=x.practice)
    place = f"{root()}/$export/{begun.id}"
    return Answer(status=202, headers={"Content-Location": place})


async def look(x: Exchange, text: str) -> Answer:
    """GET of an export: 202 while it counts, one type more each time; then the list of its files."""
    begun = await _begun(x, text)
    rows = await x.session.ask(exports.COUNTED, [begun.id], practice=x.practice)
    counted: dict[str, int] = dict(rows)
    waiting = [kind for kind in begun.kinds if kind not in counted]
    if waiting:
        await _count(x, begun, waiting[0])
        progress = f"{len(counted) + 1} of {len(begun.kinds)} types counted"
        return Answer(status=202, headers={"X-Progress": progress, "Retry-After": "0"})
    files = [_file(begun, kind, number) for kind, number in sorted(counted.items()) if number]
    manifest = {
        "transactionTime": instant(begun.until),
        "request": f"{root()}/$export",
        "requiresAccessToken": True,
        "output": files,
        "error": [],
    }
    return Answer(body=_encode(manifest), headers={"Content-Type": "application/json"})


async def fetch(x: Exchange, text: str, kind: str) -> Answer:
    """GET of one file: a line for each resource that the gate lets go."""
    begun = await _begun(x, text)
    if kind not in begun.kinds:
        raise ExportUnknown
    weighed = await _allowed(x, kind)
    stream = _lines(x, begun, kind, weighed)
    return Answer(stream=stream, headers={"Content-Type": "application/fhir+ndjson"})


async def give_up(x: Exchange, text: str) -> Answer:
    """DELETE of an export: it is over."""
    begun = await _begun(x, text)
    await x.session.ask(exports.GIVE_UP, [begun.id, x.actor.id, now()], practice=x.practice)
    return Answer(status=202)


async def _lines(x: Exchange, begun: Begun, kind: str, weighed: Weighed) -> AsyncIterator[bytes]:
    """Piece by piece, each over a session of its own: a slow reader holds none while it reads.

    What ends a program ends what it reads: the answer breaks off, so that nobody takes it for whole.
    """
    judge, after, looked = Judge(x, weighed), FIRST, now()
    while True:
        async with x.sessions() as session:
            own = replace(x, session=session)
            if now() - looked >= AGAIN:
                own, looked = await _still(own), now()
                judge = Judge(own, await _allowed(own, kind))
            found = await _piece(own, begun, kind, after)
            piece = await _opened(own, judge, found)
        if piece:
            yield piece
        if len(found) < PIECE:
            return
        after = found[-1].id


async def _still(x: Exchange) -> Exchange:
    """The same with who asks as they are now. Raises TokenInvalid."""
    try:
        return replace(x, actor=await x.asker(x.session))
    except TooFast:  # it asks often elsewhere, and is still who it is
        return x


async def _opened(x: Exchange, judge: Judge, found: list[Any]) -> bytes:
    judge.now_over(x)
    rows = await judge.allowed(found)
    told: dict[str, str | int | list[str]] = {"exported": len(rows)}
    versions = await x.reveal(judge.entries(told, rows), [row.newest for row in rows])
    return b"".join(version.body + b"\n" for version in versions)


async def _piece(x: Exchange, begun: Begun, kind: str, after: UUID) -> list[Any]:
    values = [x.practice, kind, begun.since, begun.until, after, PIECE]
    found = await x.session.ask(exports.PIECE, values, practice=x.practice, anew=True)
    return [row_of(row) for row in found]


async def _count(x: Exchange, begun: Begun, kind: str) -> None:
    values = [x.practice, kind, begun.since, begun.until]
    ((number,),) = await x.session.ask(exports.HOW_MANY, values, practice=x.practice, anew=True)
    await x.session.ask(exports.COUNT, [begun.id, kind, number, now()], practice=x.practice)


async def _allowed(x: Exchange, kind: str) -> Weighed:
    return await x.must_allow(x.directory(kind, "r"), Action.PRACTICE_EXPORT)


async def _begun(x: Exchange, text: str) -> Begun:
    """The export of this program. Raises ExportUnknown."""
    export = id_of(text)
    rows = await x.session.ask(exports.FIND, [export, x.actor.id], practice=x.practice)
    kinds, since, until, given_up = rows[0] if rows else ([], UNDATED, UNDATED, None)
    weighed = await _allowed(x, (kinds or _reached(x, PARAMETERS.keys()) or ["*"])[0])
    await x.tell([weighed.entry(detail={"export": str(export)})])
    if not rows or given_up is not None:
        raise ExportUnknown
    return Begun(id=export, kinds=kinds, since=since, until=until)


def _kinds(x: Exchange) -> list[str]:
    """The types asked for, of those that the program's scopes reach whole."""
    unknown = {name for name, _value in x.request.query} - TAKEN
    if unknown or x.request.one("_outputFormat") not in NDJSON:
        raise SearchNotUnderstood("An export takes _type, _since and _outputFormat of ndjson.")
    asked = frozenset(x.request.one("_type").split(",")) - {""}
    return _reached(x, asked & PARAMETERS.keys() if asked else PARAMETERS.keys() - {"AuditEvent"})


def _reached(x: Exchange, kinds: Iterable[str]) -> list[str]:
    """Those of the types that the program's scopes reach without narrowing them."""
    return [
        kind
        for kind in sorted(kinds)
        if () in (narrowing(actor=x.actor, kind=kind, letter="r") or ((None,),))
    ]


def _since(x: Exchange) -> datetime:
    text = x.request.one("_since")
    try:
        return date_range(text).low if text else UNDATED
    except NoRange as unknown:
        raise SearchNotUnderstood("_since is an instant.") from unknown


def _file(begun: Begun, kind: str, number: int) -> dict[str, Any]:
    return {"type": kind, "url": f"{root()}/$export/{begun.id}/{kind}", "count": number}

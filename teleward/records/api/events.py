"""AuditEvent: the ledger of one patient, to be read and never written."""

from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Weighed
from teleward.records.queries.accesses import audit_page

from .bundles import search_bundle
from .cursors import Cursor, opened, sealed
from .exchange import Exchange
from .messages import Answer, Pairs, root
from .problems import SearchNotUnderstood, Unknown
from .reading import id_of

KIND = "AuditEvent"
CODES = frozenset({"action", "outcome", "type", "subtype", "date", "_id"})
USUAL, MOST = 20, 200
_encode = msgspec.json.Encoder().encode


async def search(x: Exchange) -> Answer:
    """The entries of the patient that is named, newest first."""
    token = x.request.one("_cursor")
    after = opened(token, actor=x.actor.id, kind=KIND) if token else None
    query = after.query if after else x.request.query
    weighed = await _allowed(x, _patient(query), "s")
    most = _count(query)
    found = await _page(x, weighed, _wanted(query), after.after if after else None, most + 1)
    links = [("self", f"{root()}/{KIND}")]
    if len(found) > most:
        last = UUID(found[most - 1]["id"])
        cursor = Cursor(actor=str(x.actor.id), kind=KIND, query=query, sorted_by="", after=last)
        links.append(("next", f"{root()}/{KIND}?_cursor={sealed(cursor)}"))
    entries = [_entry(event) for event in found[:most]]
    total = len(entries) if len(links) == 1 and after is None else None
    return Answer(body=search_bundle(entries, total=total, links=links))


async def read(x: Exchange, text: str) -> Answer:
    """One entry, of the patient that is named beside it: an entry belongs to a patient's chain."""
    event = id_of(text)
    weighed = await _allowed(x, _patient(x.request.query), "r")
    found = await _page(x, weighed, {"_id": (str(event),)}, None, 1)
    if not found:
        raise Unknown
    return Answer(body=_encode(found[0]))


async def _allowed(x: Exchange, patient: UUID, letter: str) -> Weighed:
    subject = x.of_patient(KIND, letter, patient, await x.practice_of(patient))
    return await x.must_allow(subject, Action.LEDGER_READ)


async def _page(
    x: Exchange, weighed: Weighed, wanted: dict[str, tuple[str, ...]], after: UUID | None, most: int
) -> list[dict[str, Any]]:
    entry = weighed.entry()
    await x.tell([entry])
    asked = {"grant": weighed.grant(entry=entry.id), "origin": root(), "wanted": wanted, "after": after}
    found: list[dict[str, Any]] = await x.in_thread(audit_page, most=most, **asked)
    return found


def _patient(query: Pairs) -> UUID:
    for name, value in query:
        if name in {"patient", "patient:Patient", "entity"}:
            return id_of(value.removeprefix("Patient/"))
    raise SearchNotUnderstood("Say whose ledger: patient=Patient/{id}.")


def _wanted(query: Pairs) -> dict[str, tuple[str, ...]]:
    """The codes asked for, without their systems. Raises SearchNotUnderstood."""
    wanted = {}
    for name, value in query:
        if name in CODES:
            wanted[name] = tuple(each.rpartition("|")[2].removeprefix("eq") for each in value.split(","))
        elif name not in {"patient", "patient:Patient", "entity", "_count", "_cursor", "_format", "_sort"}:
            raise SearchNotUnderstood(f"{KIND} is not found by a parameter {name[:64]!r} here.")
    return wanted


def _count(query: Pairs) -> int:
    text = dict(query).get("_count", str(USUAL))
    if not text.isdecimal() or len(text) > 6:
        raise SearchNotUnderstood("_count is a number.")
    return min(max(int(text), 1), MOST)


def _entry(event: dict[str, Any]) -> dict[str, Any]:
    return {"fullUrl": f"{root()}/{KIND}/{event['id']}", "resource": event, "search": {"mode": "match"}}

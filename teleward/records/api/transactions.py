"""Batch: each entry by itself. Transaction: all or nothing, in one statement."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import msgspec
from django.utils import translation

from teleward.access.queries.tokens import charge
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id
from teleward.records.store.modifiers import NotSearchable
from teleward.records.store.revealing import Version
from teleward.records.store.stamping import instant

from .bundles import response_bundle
from .conditions import only_match
from .exchange import Exchange
from .messages import JSON, Answer, Request, pairs_of, root
from .outcomes import language_of, outcome_of
from .problems import FhirProblem, NotOffered, SearchNotUnderstood, TooCostly, Unreadable
from .reading import place_of
from .writing import Change, creation, keep, removal, resource_of, standing, update

MOST = 500
ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "GET": 3, "HEAD": 3}  # R4, http.html#trules
URN = re.compile(r"urn:uuid:[0-9a-fA-F-]{36}")
TEXTS = {200: "OK", 201: "Created", 204: "No Content"}
_encode = msgspec.json.Encoder().encode
Answering = Callable[[Exchange], Any]
Parts = dict[str, msgspec.Raw]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of the bundle that came in."""

    place: int
    method: str
    url: str
    full_url: str
    body: bytes
    headers: dict[str, str]

    @property
    def path(self) -> tuple[str, ...]:
        """The address below the root."""
        below = self.url.removeprefix(root()).partition("?")[0]
        return tuple(unquote(part) for part in below.split("/") if part)

    def request(self, around: Request) -> Request:
        """As if it had come alone."""
        kept = {
            name: around.headers[name]
            for name in ("x-request-id", "accept-language")
            if name in around.headers
        }
        return Request(
            method=self.method,
            path=self.path,
            query=pairs_of(self.url.partition("?")[2]),
            headers={**kept, **self.headers, "content-type": JSON},
            body=self.body,
            client=around.client,
        )


class EntryFailed(FhirProblem):
    """One entry of a transaction could not be carried out, so nothing was."""

    code = "records:entry-failed"

    def __init__(self, entry: Entry, problem: Problem) -> None:
        super().__init__(getattr(problem, "said", ""), where=f"Bundle.entry[{entry.place}]")
        self.status, self.message = problem.status, problem.message  # type: ignore[misc]  # of this one
        self.code, self.issues = problem.code, getattr(problem, "issues", ())  # type: ignore[misc]  # likewise


def system_interaction(answer: Answering) -> Answering:
    """The handler of a bundle; `answer` carries out one entry of a batch."""

    async def bundled(x: Exchange) -> Answer:
        bundle, entries = _opened(x.request.body)
        if len(entries) > MOST:
            raise TooCostly(f"A bundle has at most {MOST} entries.")
        charge(actor=x.actor, requests=len(entries) - 1)
        if bundle.type == "batch":
            done = [await _alone(x, entry, answer) for entry in entries]
            return Answer(body=response_bundle("batch-response", done))
        if bundle.type == "transaction":
            return Answer(body=response_bundle("transaction-response", await _together(x, entries, answer)))
        raise Unreadable("A bundle that is sent here is a batch or a transaction.", where="Bundle.type")

    return bundled


def _opened(body: bytes) -> tuple[Any, list[Entry]]:
    """The bundle and its entries, whose resources are looked at later. Raises BodyInvalid or Unreadable."""
    try:
        parts = msgspec.json.decode(body, type=Parts)
        entries = msgspec.json.decode(parts.get("entry", b"[]"), type=list[Parts])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return resource_of("Bundle", body), []
    bare = [{name: part for name, part in each.items() if name != "resource"} for each in entries]
    shell = {**parts, "entry": msgspec.Raw(_encode(bare))} if bare else parts
    bundle = resource_of("Bundle", _encode(shell))
    return bundle, [_entry(place, each) for place, each in enumerate(entries)]


def _entry(place: int, parts: Parts) -> Entry:
    if "request" not in parts:
        raise Unreadable("Each entry says what is to be done.", where=f"Bundle.entry[{place}].request")
    asked = msgspec.json.decode(parts["request"])
    names = {"ifMatch": "if-match", "ifNoneExist": "if-none-exist", "ifNoneMatch": "if-none-match"}
    return Entry(
        place=place,
        method=asked.get("method", ""),
        url=asked.get("url", ""),
        full_url=msgspec.json.decode(parts["fullUrl"]) if "fullUrl" in parts else "",
        body=bytes(parts.get("resource", b"")),
        headers={header: asked[name] for name, header in names.items() if name in asked},
    )


async def _alone(x: Exchange, entry: Entry, answer: Answering) -> dict[str, Any]:
    """What comes of one entry of a batch, also where it is a refusal; bundles in it would know no end."""
    if not entry.path:
        return _refusal(x, NotOffered("A bundle holds no other bundle."))
    try:
        return _response(await answer(x.again(entry.request(x.request))))
    except NotSearchable as unclear:
        return _refusal(x, SearchNotUnderstood(str(unclear)))
    except Problem as problem:
        return _refusal(x, problem)


async def _together(x: Exchange, entries: Sequence[Entry], answer: Answering) -> list[dict[str, Any]]:
    _must_be_distinct(entries)
    writes = sorted((e for e in entries if ORDER.get(e.method, 3) < 3), key=lambda e: ORDER[e.method])
    new_ids = {entry.place: new_id() for entry in writes if entry.method == "POST"}
    existing = {e.place: await _existing(x, e) for e in writes if e.method == "POST"}
    places = _places(writes, new_ids, existing)
    changes: dict[int, Change] = {}
    for entry in writes:
        if existing.get(entry.place) is None:
            changes[entry.place] = await _change(x, entry, places, new_ids.get(entry.place))
    kept = await keep(x, list(changes.values())) if changes else []
    done = {
        place: _kept(change, version) for (place, change), version in zip(changes.items(), kept, strict=True)
    }
    for entry in entries:
        if entry.place not in done:
            done[entry.place] = await _read(x, entry, existing, answer)
    return [done[entry.place] for entry in entries]


async def _existing(x: Exchange, entry: Entry) -> UUID | None:
    condition = entry.headers.get("if-none-exist", "")
    return await only_match(x, entry.path[0], condition) if condition and entry.path else None


async def _read(
    x: Exchange, entry: Entry, existing: dict[int, UUID | None], answer: Answering
) -> dict[str, Any]:
    found = existing.get(entry.place)
    if found is not None:
        entry = replace(entry, method="GET", url=f"{entry.path[0]}/{found}")
    if entry.method not in ORDER:
        raise EntryFailed(entry, NotOffered(f"There is no method {entry.method[:16]!r} here."))
    try:
        return _response(await answer(x.again(entry.request(x.request))))
    except Problem as problem:
        raise EntryFailed(entry, problem) from problem


async def _change(x: Exchange, entry: Entry, places: dict[str, str], logical_id: UUID | None) -> Change:
    alone = x.again(entry.request(x.request))
    body = _pointed(entry.body, places)
    try:
        kind, *rest = entry.path or ("",)
        if entry.method == "POST" and not rest:
            return await creation(alone, kind, resource_of(kind, body), logical_id)
        if len(rest) != 1:
            raise NotOffered("A transaction creates, updates, removes or reads by id.")
        letter = "d" if entry.method == "DELETE" else "u"
        target, stands = await standing(alone, kind, rest[0], letter)
        if entry.method == "DELETE":
            return await removal(alone, kind, stands, target)
        return await update(alone, kind, resource_of(kind, body), stands, target)
    except Problem as problem:
        raise EntryFailed(entry, problem) from problem


def _places(
    writes: Sequence[Entry], new_ids: dict[int, UUID], existing: dict[int, UUID | None]
) -> dict[str, str]:
    """What each `urn:uuid:` of the bundle is called from now on."""
    return {
        entry.full_url.lower(): f"{entry.path[0]}/{existing.get(entry.place) or new_ids[entry.place]}"
        for entry in writes
        if entry.place in new_ids and entry.full_url.startswith("urn:uuid:") and entry.path
    }


def _pointed(body: bytes, places: dict[str, str]) -> bytes:
    """The body with every `urn:uuid:` of the bundle made a reference. What is none stays as it is."""
    text = body.decode(errors="surrogateescape")  # what is no text is refused where it is read
    return URN.sub(lambda found: places.get(found[0].lower(), found[0]), text).encode(
        errors="surrogateescape"
    )


def _must_be_distinct(entries: Sequence[Entry]) -> None:
    targets = [(e.method in {"PUT", "DELETE"}, e.path) for e in entries if e.method in {"PUT", "DELETE"}]
    if len(set(targets)) != len(targets):
        raise Unreadable("A transaction changes each resource once.", where="Bundle.entry")


def _kept(change: Change, version: Version) -> dict[str, Any]:
    status = {"c": 201, "u": 200, "d": 204}[change.letter]
    said = {
        "status": f"{status} {TEXTS[status]}",
        "etag": f'W/"{version.version}"',
        "lastModified": instant(version.last_updated),
        **({"location": place_of(version)} if change.letter != "d" else {}),
    }
    if not version.body:
        return {"response": said}
    full = f"{root()}/{version.type}/{version.id}"
    return {"fullUrl": full, "resource": msgspec.Raw(version.body), "response": said}


def _response(answer: Answer) -> dict[str, Any]:
    said: dict[str, Any] = {"status": f"{answer.status} {TEXTS.get(answer.status, '')}".strip()}
    for header, name in (("ETag", "etag"), ("Location", "location")):
        if header in answer.headers:
            said[name] = answer.headers[header]
    resource = {"resource": msgspec.Raw(answer.body)} if answer.body else {}
    return {**resource, "response": said}


def _refusal(x: Exchange, problem: Problem) -> dict[str, Any]:
    with translation.override(language_of(x.request)):
        outcome = msgspec.Raw(_encode(outcome_of(problem)))
    return {"response": {"status": str(problem.status), "outcome": outcome}}

"""All of one patient at once, and whether a resource would be taken."""

from typing import Any

import msgspec
from django.utils import translation

from teleward.records.fhir.findings import Issue
from teleward.records.fhir.profiles.checking import check, check_claims
from teleward.records.fhir.profiles.known import PROFILES
from teleward.records.fhir.reading import Invalid, read
from teleward.records.store.searching import Where

from .bundles import entry_of_search, search_bundle
from .cursors import Cursor, opened, sealed
from .exchange import Exchange
from .judging import Judge
from .messages import Answer, root
from .outcomes import all_well, language_of, outcome_of
from .plans import MOST
from .problems import BodyInvalid, SearchNotUnderstood
from .projecting import projected
from .reading import id_of
from .rows import COLUMNS, row_of

_encode = msgspec.json.Encoder().encode
NAMED = "Patient.$everything"
USUAL = 100
TAKEN = frozenset({"_count", "_since", "_type", "_cursor", "_format", "_pretty", "start", "end"})


async def everything(x: Exchange, text: str) -> Answer:
    """GET of /Patient/{id}/$everything: in pages, newest first."""
    patient = id_of(text)
    await projected(x, "Patient", patient, await x.stands("Patient", patient))
    subject = x.of_patient("Patient", "r", patient, await x.practice_of(patient))
    base = await x.must_allow(subject)
    token = x.request.one("_cursor")
    after = opened(token, actor=x.actor.id, kind=NAMED) if token else None
    asked = x.again(x.asking(after.query)) if after else x
    where, count = _where(asked, patient), _count(asked)
    last = f" AND c.logical_id < {where.put(after.after)}::uuid" if after else ""
    statement = (
        f"SELECT {COLUMNS}, '' FROM records_found c WHERE {where.text}{last}"  # noqa: S608 - values are bound
        f" ORDER BY c.logical_id DESC LIMIT {count + 1}"
    )
    found = [row_of(row) for row in await x.session.ask(statement, where.values, practice=x.practice)]
    judge = Judge(x, base)
    rows = await judge.allowed(found[:count])
    told: dict[str, Any] = {"searched": "everything", "found": len(rows)}
    versions = await x.reveal(judge.entries(told, rows), [row.newest for row in rows])
    here = f"{root()}/Patient/{patient}/$everything"
    links = [("self", here)]
    if len(found) > count:
        cursor = Cursor(
            actor=str(x.actor.id),
            kind=NAMED,
            query=asked.request.query,
            sorted_by="",
            after=found[count - 1].id,
        )
        links.append(("next", f"{here}?_cursor={sealed(cursor)}"))
    entries = [entry_of_search(version) for version in versions]
    is_all = len(links) == 1 and after is None
    return Answer(body=search_bundle(entries, total=len(entries) if is_all else None, links=links))


def _where(x: Exchange, patient: Any) -> Where:  # noqa: ANN401 - a UUID
    """What of this patient was asked for, of the types the program may see. Raises SearchNotUnderstood."""
    unknown = {name for name, _value in x.request.query} - TAKEN
    if unknown:
        raise SearchNotUnderstood(f"$everything has no parameter {min(unknown)[:64]!r}.")
    where = Where(x.digests)
    where.add(f"c.organisation = {where.put(x.practice)}::uuid")
    where.of_patients([patient])
    wanted = frozenset(x.request.one("_type").split(",")) - {""}
    where.of_kinds(x.actor, wanted)
    for name, param, prefix in (("_since", "_lastUpdated", "ge"), ("start", "", "ge"), ("end", "", "le")):
        value = x.request.one(name)
        if value and param:
            where.param("Patient", param, "", prefix + value)
        elif value:
            where.about(name, prefix + value)
    return where


def _count(x: Exchange) -> int:
    text = x.request.one("_count")
    if not text:
        return USUAL
    if not text.isdecimal() or not 0 < int(text[:6]) <= 10**6:
        raise SearchNotUnderstood("_count is a number.")
    return min(int(text[:6]), MOST)


async def validate(x: Exchange, kind: str) -> Answer:
    """POST of /{type}/$validate: what would be said of a resource. Nothing is kept."""
    weighed = await x.must_allow(x.directory(kind, "r"))
    await x.tell([weighed.entry(detail={"validated": kind})])
    issues = _issues(kind, x.request.body, x.request.one("profile"))
    with translation.override(language_of(x.request)):
        said = outcome_of(BodyInvalid(issues)) if issues else all_well("Nothing is wrong with it.")
    return Answer(body=_encode(said))


def _issues(kind: str, body: bytes, profile: str) -> tuple[Issue, ...]:
    body, profile = _unwrapped(body, profile)
    try:
        resource = read(kind, body)
    except Invalid as invalid:
        return invalid.issues
    if profile and profile not in PROFILES:
        return (Issue("not-supported", kind, "This profile is not known here."),)
    return check(resource, profile) if profile else check_claims(resource)


def _unwrapped(body: bytes, profile: str) -> tuple[bytes, str]:
    """The resource inside of Parameters, where it came in some."""
    try:
        parts = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
        if parts.get("resourceType") != b'"Parameters"':
            return body, profile
        given = msgspec.json.decode(parts.get("parameter", b"[]"), type=list[dict[str, msgspec.Raw]])
        named = {msgspec.json.decode(each["name"]): each for each in given if "name" in each}
        uri = named.get("profile", {}).get("valueUri", b'""')
        return bytes(named.get("resource", {}).get("resource", b"null")), str(
            msgspec.json.decode(uri)
        ) or profile
    except (msgspec.MsgspecError, RecursionError, TypeError, UnicodeDecodeError):
        return body, profile

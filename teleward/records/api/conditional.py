"""Where a condition stands in place of an id, and where only a part changes: JSON Patch."""

from dataclasses import replace
from uuid import UUID

from teleward.access.grants import Detail
from teleward.records.fhir.patch import PatchFails, patched

from . import writing
from .conditions import only_match
from .exchange import Exchange
from .messages import Answer
from .problems import BodyNotSpoken, ChangedMeanwhile, Removed, SearchNotUnderstood, Unknown, Unreadable
from .reading import answer_with

PATCHES = {"application/json-patch+json", "application/json"}
TRIES = 3


async def create(x: Exchange, kind: str) -> Answer:
    """POST: of something new, unless something already fits `If-None-Exist`."""
    condition = x.request.headers.get("if-none-exist", "")
    if not condition:
        return await writing.create(x, kind)
    async with x.session.locked(x.digests.of("condition", kind, condition), practice=x.practice):
        found = await only_match(x, kind, condition)
        return await writing.create(x, kind) if found is None else await _as_it_is(x, kind, found)


async def update_where(x: Exchange, kind: str) -> Answer:
    """PUT of a type with a condition: what fits is changed; where nothing does, it is created."""
    condition = _condition(x)
    async with x.session.locked(x.digests.of("condition", kind, condition), practice=x.practice):
        found = await only_match(x, kind, condition)
        if found is None:
            return await writing.create(x, kind)
        return await writing.replace_with(x, kind, str(found))


async def remove_where(x: Exchange, kind: str) -> Answer:
    """DELETE of a type with a condition: the one that fits."""
    found = await only_match(x, kind, _condition(x))
    if found is None:
        raise Unknown
    return await writing.remove(x, kind, str(found))


async def patch_where(x: Exchange, kind: str) -> Answer:
    """PATCH of a type with a condition: the one that fits."""
    found = await only_match(x, kind, _condition(x))
    if found is None:
        raise Unknown
    return await patch(x, kind, str(found))


async def patch(x: Exchange, kind: str, text: str) -> Answer:
    """PATCH with JSON Patch (RFC 6902). What comes of it is checked like any other resource."""
    if x.request.headers.get("content-type", "").partition(";")[0].strip() not in PATCHES:
        raise BodyNotSpoken
    for attempt in range(TRIES):
        try:
            return await _patched(x, kind, text)
        except ChangedMeanwhile:
            if "if-match" in x.request.headers or attempt == TRIES - 1:
                raise
    raise ChangedMeanwhile


async def _patched(x: Exchange, kind: str, text: str) -> Answer:
    logical_id, stands = await writing.standing(x, kind, text)
    weighed = await x.must_allow(x.subject(kind, "u", stands))
    await x.must_allow(x.subject(kind, "r", stands))  # a patch looks at what stands, and gives it back
    if stands.removed_at is not None:
        await x.tell([weighed.entry()])
        raise Removed
    detail: Detail = {"resource": f"{kind}/{logical_id}", "version": stands.version}
    (before,) = await x.reveal([weighed.entry(detail=detail)], [stands.newest])
    try:
        body = patched(before.body, x.request.body)
    except PatchFails as fails:
        raise Unreadable(str(fails)) from fails
    resource = writing.resource_of(kind, body)
    if resource.id != str(logical_id):
        raise Unreadable("The id of a resource does not change.", where=f"{kind}.id")
    change = await writing.update(x, kind, resource, stands, logical_id)
    (version,) = await writing.keep(x, [change])
    return writing.preferred(x, version, status=200)


async def _as_it_is(x: Exchange, kind: str, found: UUID) -> Answer:
    """What fitted already: it is read, by a decision of its own, where it may be."""
    stands = await x.stands(kind, found)
    weighed = await x.must_allow(x.subject(kind, "r", stands))
    if stands is None:
        raise Unknown
    detail: Detail = {"resource": f"{kind}/{found}", "version": stands.version}
    (version,) = await x.reveal([weighed.entry(detail=detail)], [stands.newest])
    answer = answer_with(version, location=True)
    return replace(answer, body=b"") if x.request.preference("return") == "minimal" else answer


def _condition(x: Exchange) -> str:
    if not x.request.query:
        raise SearchNotUnderstood("A condition names at least one parameter.")
    return x.request.raw_query

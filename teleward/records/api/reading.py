"""Reading one resource: its newest version, an older one, its history."""

from uuid import UUID

from teleward.access.grants import Detail
from teleward.access.queries.tokens import narrowing
from teleward.records.fhir.reading import read as read_json
from teleward.records.fhir.search import values
from teleward.records.store.finding import found_by
from teleward.records.store.revealing import Version
from teleward.records.store.searching import Where, fits, matches
from teleward.records.store.stamping import instant

from .bundles import entry_of_history, history_bundle
from .exchange import Exchange, Stands
from .messages import Answer, root
from .noting import must_be_readable
from .problems import Removed, Unknown
from .projecting import projected

MOST_VERSIONS = 200


def id_of(text: str) -> UUID:
    """A logical id. All of ours are UUIDs; anything else is the id of nothing. Raises Unknown."""
    try:
        found = UUID(text)
    except ValueError:
        raise Unknown from None
    if str(found) != text.lower():
        raise Unknown
    return found


async def read(x: Exchange, kind: str, text: str) -> Answer:
    """The newest version."""
    logical_id = id_of(text)
    stands = await projected(x, kind, logical_id, await x.stands(kind, logical_id))
    weighed = await x.must_allow(x.subject(kind, "r", stands))
    if stands is None:
        raise Unknown  # a grant for nothing is never given; this says so to the type checker
    entry = weighed.entry(detail={"resource": f"{kind}/{logical_id}", "version": stands.version})
    await _must_be_in_scope(x, kind, logical_id, stands)
    if stands.removed_at is not None:
        await x.tell([entry])
        raise Removed
    if _has_it(x, stands):
        await x.tell([entry])
        return Answer(status=304, headers=_said_of(stands))
    (version,) = await x.reveal([entry], [stands.newest])
    return answer_with(version)


async def vread(x: Exchange, kind: str, text: str, number: str) -> Answer:
    """One version, whatever came after it."""
    logical_id = id_of(text)
    versions = await x.versions(kind, logical_id)
    chosen = next((each for each in versions if str(each[1].version) == number), None)
    owner = chosen[1] if chosen else None
    weighed = await x.must_allow(x.subject(kind, "r", owner))
    if chosen is None:
        raise Unknown
    detail: Detail = {"resource": f"{kind}/{logical_id}", "version": chosen[1].version}
    await _must_be_in_scope(x, kind, logical_id, chosen[1])
    (version,) = await x.reveal([weighed.entry(detail=detail)], [chosen[0]])
    if not _reaches(x, version):
        raise Unknown
    if not version.body:
        raise Removed
    return answer_with(version)


async def history(x: Exchange, kind: str, text: str) -> Answer:
    """Every version, newest first."""
    logical_id = id_of(text)
    versions = (await x.versions(kind, logical_id))[:MOST_VERSIONS]
    weighed = await x.must_allow(x.subject(kind, "r", versions[0][1] if versions else None))
    if not versions:
        raise Unknown
    await _must_be_in_scope(x, kind, logical_id, versions[0][1])
    detail: Detail = {"resource": f"{kind}/{logical_id}", "versions": len(versions)}
    found = await x.reveal([weighed.entry(detail=detail)], [row for row, _stands in versions])
    return Answer(body=history_bundle([entry_of_history(each) for each in found if _reaches(x, each)]))


def answer_with(version: Version, *, status: int = 200, location: bool = False) -> Answer:
    """A version with what is said of it in headers."""
    headers = {
        "ETag": f'W/"{version.version}"',
        "Last-Modified": http_date(version),
        **({"Location": place_of(version)} if location else {}),
    }
    return Answer(status=status, body=version.body, headers=headers)


def place_of(version: Version) -> str:
    """The address of a version."""
    return f"{root()}/{version.type}/{version.id}/_history/{version.version}"


def http_date(version: Version) -> str:
    """When it was written, as HTTP says it."""
    return version.last_updated.strftime("%a, %d %b %Y %H:%M:%S GMT")


def _said_of(stands: Stands) -> dict[str, str]:
    return {"ETag": f'W/"{stands.version}"', "X-Last-Updated": instant(stands.last_updated)}


def _has_it(x: Exchange, stands: Stands) -> bool:
    known = x.request.headers.get("if-none-match", "")
    return f'"{stands.version}"' in known


async def in_scope(x: Exchange, kind: str, logical_id: UUID, stands: Stands, letter: str) -> bool:
    """Whether what narrows the scopes lets it through as it stands; what they do not name is the gate's."""
    where = Where(x.digests)
    if narrowing(actor=x.actor, kind=kind, letter=letter) is None or not where.narrow(x.actor, kind, letter):
        return True
    return stands.removed_at is None and await matches(x.session, where, kind, logical_id, x.practice)


async def _must_be_in_scope(x: Exchange, kind: str, logical_id: UUID, stands: Stands) -> None:
    """Whether what narrows the scopes lets it through, and a note is for them. Raises Unknown."""
    await must_be_readable(x, kind, logical_id, stands)
    if not await in_scope(x, kind, logical_id, stands, "r"):
        raise Unknown


def _reaches(x: Exchange, version: Version) -> bool:
    """Whether it was within what narrows the scopes when it was written; that it was removed may be told."""
    if not version.body or not Where(x.digests).narrow(x.actor, version.type, "r"):
        return True
    found = found_by(version.type, values(read_json(version.type, version.body)), x.digests)
    return fits(x.digests, x.actor, version.type, "r", found, version.patient)

"""Creating, changing and removing a resource: one version more, never one changed."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from psycopg.errors import UniqueViolation

from teleward.access.grants import Detail, Weighed, Written
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id
from teleward.records.fhir.profiles.checking import check_claims
from teleward.records.fhir.reading import Invalid, read
from teleward.records.fhir.reading import write as written_out
from teleward.records.fhir.search import values
from teleward.records.operations.versions import MADE
from teleward.records.store.finding import found_by
from teleward.records.store.keeping import NewVersion
from teleward.records.store.revealing import Version
from teleward.records.store.searching import fits
from teleward.records.store.stamping import kept_time, stamped

from .disowning import taken_back, takes_back
from .exchange import Exchange, Stands
from .messages import JSON, Answer
from .noting import hidden
from .outcomes import all_well
from .owners import owner_of
from .problems import (
    BodyInvalid,
    BodyNotSpoken,
    ChangedMeanwhile,
    FhirProblem,
    KeptElsewhere,
    MethodNotOffered,
    NotOffered,
    OwnerMissing,
    Removed,
    Unknown,
    Unreadable,
)
from .reading import answer_with, id_of, in_scope
from .registering import register
from .supplied import action_of, must_keep_contract

BODIES = {"application/fhir+json", "application/json", "text/json"}
READ_ONLY = frozenset({"AuditEvent", "Consent"})  # follow from what people do in Teleward
MADE_HERE = frozenset(
    {
        "Appointment",
        "Binary",
        "Communication",
        "DocumentReference",
        "Encounter",
        "Organization",
        "Patient",
        "Practitioner",
    }
)  # what Teleward makes of these itself no program changes
DID = {"c": "added", "u": "changed", "d": "removed"}
TRIES = 3
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, kw_only=True)
class Change:
    """One version that may be kept: allowed, and not yet written."""

    new: NewVersion
    weighed: Weighed
    letter: str

    @property
    def entry(self) -> Written:
        """What the ledger keeps of it."""
        detail: Detail = {
            DID[self.letter]: f"{self.new.kind}/{self.new.logical_id}",
            "version": self.new.version,
        }
        return self.weighed.entry(outcome="done", detail=detail)

    def version(self, at: Any) -> Version:  # noqa: ANN401 - a datetime
        """The version as it will be read."""
        new = self.new
        return Version(
            type=new.kind,
            id=new.logical_id,
            version=new.version,
            patient=new.patient,
            deed=new.deed,
            last_updated=at,
            body=new.body,
        )


def body_of(x: Exchange, kind: str) -> Any:  # noqa: ANN401 - any struct
    """The resource in the body. Raises BodyNotSpoken, Unreadable or BodyInvalid."""
    _must_be_open(kind)
    if x.request.headers.get("content-type", JSON).partition(";")[0].strip().lower() not in BODIES:
        raise BodyNotSpoken
    return resource_of(kind, x.request.body)


def resource_of(kind: str, body: bytes) -> Any:  # noqa: ANN401 - any struct
    """The resource that these bytes are, true to the profiles it claims. Raises Unreadable or BodyInvalid."""
    try:
        resource = read(kind, body)
    except Invalid as invalid:
        if any(issue.severity == "fatal" for issue in invalid.issues):
            raise Unreadable(invalid.issues[0].diagnostics) from invalid
        raise BodyInvalid(invalid.issues) from invalid
    broken = [issue for issue in check_claims(resource) if issue.severity == "error"]
    if broken:
        raise BodyInvalid(broken)
    return resource


async def creation(x: Exchange, kind: str, resource: Any, logical_id: UUID | None = None) -> Change:  # noqa: ANN401 - any struct
    """The first version of something new. A no is written down and raised."""
    _must_be_open(kind)
    if kind == "Patient":
        raise NotOffered("A Patient is created by a request of its own.")
    patient = await owner_of(x, kind, resource, "c")
    weighed = await x.must_allow(await _about(x, kind, "c", patient), action_of(x, kind, resource))
    await _must_keep_contract(x, kind, resource, weighed)
    bare = _bare(x, kind, logical_id or new_id(), 0, patient)
    return await _change(x, "c", weighed, resource, bare)


async def update(x: Exchange, kind: str, resource: Any, stands: Stands, logical_id: UUID) -> Change:  # noqa: ANN401 - any struct
    """The next version of something. It stays whose it was. A no is written down and raised."""
    weighed = await x.must_allow(x.subject(kind, "u", stands))
    if stands.patient != await owner_of(x, kind, resource, "u"):
        raise OwnerMissing(f"{kind} cannot pass to somebody else.")
    return await _change(
        x, "u", weighed, resource, _bare(x, kind, logical_id, stands.version, stands.patient)
    )


async def removal(x: Exchange, kind: str, stands: Stands, logical_id: UUID) -> Change:
    """A version that says it was removed. A no is written down and raised."""
    weighed = await x.must_allow(x.subject(kind, "d", stands))
    new = _bare(x, kind, logical_id, stands.version, stands.patient)
    return Change(new=replace(new, deed="DELETE"), weighed=weighed, letter="d")


async def standing(x: Exchange, kind: str, text: str, letter: str = "u") -> tuple[UUID, Stands]:
    """What is to be changed. Raises what the gate says; after its yes KeptElsewhere or ChangedMeanwhile.

    What is hidden from who asks is answered like what is not there.
    """
    _must_be_open(kind)
    logical_id = id_of(text)
    stands = await x.stands(kind, logical_id)
    is_there = stands is not None and stands.practice == x.practice
    if stands is None or not is_there or not await in_scope(x, kind, logical_id, stands, letter):
        await x.must_allow(x.subject(kind, letter, None))
        raise Unknown
    if await hidden(x, kind, logical_id, stands):
        (weighed,) = await x.weigh([x.subject(kind, letter, stands)])
        await x.tell([weighed.entry()])
        raise await x.nothing(kind, letter)
    against = await _against(x, kind, logical_id, stands)
    if against is not None:
        weighed = await x.must_allow(x.subject(kind, letter, stands))
        await x.tell([weighed.entry()])
        raise against
    return logical_id, stands


async def _against(x: Exchange, kind: str, logical_id: UUID, stands: Stands) -> FhirProblem | None:
    """Why it is not changed, for who may know that it is there."""
    if kind in MADE_HERE and MADE in await x.deeds(kind, logical_id):
        return KeptElsewhere()
    expected = x.request.headers.get("if-match", "")
    fits_it = expected in {"", "*", str(stands.version)} or f'"{stands.version}"' in expected
    return None if fits_it else ChangedMeanwhile()


async def keep(x: Exchange, changes: list[Change]) -> list[Version]:
    """Keeps all of these or none. Raises ChangedMeanwhile."""
    at = kept_time(now())
    ready = [replace(each, new=_stamped(each.new, at)) for each in changes]
    try:
        await x.keep([each.entry for each in ready], [each.new for each in ready], at)
    except UniqueViolation as quicker:
        raise ChangedMeanwhile from quicker
    return [each.version(at) for each in ready]


async def create(x: Exchange, kind: str) -> Answer:
    """POST of a new resource."""
    resource = body_of(x, kind)
    if kind == "Patient":
        return await register(x, resource)
    (version,) = await keep(x, [await creation(x, kind, resource)])
    return preferred(x, version, status=201)


async def replace_with(x: Exchange, kind: str, text: str) -> Answer:
    """PUT of a next version."""
    resource = body_of(x, kind)
    if resource.id is not None and resource.id != text:
        raise Unreadable("The id of the resource is not that of the address.", where=f"{kind}.id")
    if takes_back(x, kind, resource):
        return await taken_back(x, text)
    return await _replaced(x, kind, text, resource)


async def _replaced(x: Exchange, kind: str, text: str, resource: Any) -> Answer:  # noqa: ANN401 - any struct
    for attempt in range(TRIES):
        logical_id, stands = await standing(x, kind, text)
        try:
            (version,) = await keep(x, [await update(x, kind, resource, stands, logical_id)])
        except ChangedMeanwhile:
            if "if-match" in x.request.headers or attempt == TRIES - 1:
                raise
        else:
            return preferred(x, version, status=200)
    raise ChangedMeanwhile


async def remove(x: Exchange, kind: str, text: str) -> Answer:
    """DELETE: what was removed already stays removed."""
    logical_id, stands = await standing(x, kind, text, "d")
    change = await removal(x, kind, stands, logical_id)
    if stands.removed_at is None:
        (version,) = await keep(x, [change])
        return Answer(status=204, headers={"ETag": f'W/"{version.version}"'})
    await x.tell([change.weighed.entry()])
    return Answer(status=204, headers={"ETag": f'W/"{stands.version}"'})


def preferred(x: Exchange, version: Version, *, status: int) -> Answer:
    """The answer with as much in it as `Prefer: return` says."""
    answer = answer_with(version, status=status, location=True)
    wanted = x.request.preference("return")
    if wanted == "minimal":
        return replace(answer, body=b"")
    if wanted == "OperationOutcome":
        return replace(answer, body=_encode(all_well("Kept.")))
    return answer


async def _change(x: Exchange, letter: str, weighed: Weighed, resource: Any, bare: NewVersion) -> Change:  # noqa: ANN401 - any struct
    """The version with its body and what it is found by, if the program's scopes reach that far."""
    found = found_by(bare.kind, values(resource), x.digests)
    if not fits(x.digests, x.actor, bare.kind, letter, found, bare.patient):
        refused = replace(weighed, decision=replace(weighed.decision, allowed=False))
        await x.tell([refused.entry()])
        raise refused.refusal()
    new = replace(bare, body=written_out(resource), found=found)
    return Change(new=new, weighed=weighed, letter=letter)


def _bare(x: Exchange, kind: str, logical_id: UUID, before: int, patient: UUID | None) -> NewVersion:
    """The version after `before`, with nothing in it yet."""
    return NewVersion(
        kind=kind,
        logical_id=logical_id,
        version=before + 1,
        patient=patient,
        practice=x.practice,
        body=b"",
        deed="PUT" if before else "POST",
    )


async def _must_keep_contract(x: Exchange, kind: str, resource: Any, weighed: Weighed) -> None:  # noqa: ANN401 - any struct
    """What is not kept was asked for: that stands in the ledger."""
    try:
        must_keep_contract(x, kind, resource)
    except FhirProblem:
        await x.tell([weighed.entry()])
        raise


async def _about(x: Exchange, kind: str, letter: str, patient: UUID | None) -> Any:  # noqa: ANN401 - a Subject
    if patient is None:
        return x.directory(kind, letter)
    return x.of_patient(kind, letter, patient, await x.practice_of(patient))


def _must_be_open(kind: str) -> None:
    if kind in READ_ONLY:
        raise KeptElsewhere if kind != "AuditEvent" else MethodNotOffered


def _stamped(new: NewVersion, at: Any) -> NewVersion:  # noqa: ANN401 - a datetime
    if not new.body:
        return new
    body = stamped(new.body, logical_id=new.logical_id, version=new.version, at=at)
    return replace(new, body=body)


def gone(stands: Stands) -> None:
    """Raises Removed where it is."""
    if stands.removed_at is not None:
        raise Removed

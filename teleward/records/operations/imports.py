"""Bringing the records of another system: read strictly, kept with their patient, told line by line."""

import contextlib
import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from procrastinate.contrib.django import app

from teleward.access.grants import SYSTEM, Action, Circumstances, Grant, Subject, authorise, record
from teleward.access.queries.patients import patient_subject
from teleward.kernel.clock import now
from teleward.kernel.envelope import KeyDestroyed, seal, unseal
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant
from teleward.records.fhir.profiles.checking import check_claims
from teleward.records.fhir.reading import Invalid, read
from teleward.records.imports.limits import KEPT, PIECE
from teleward.records.imports.outcomes import Outcome, Reason
from teleward.records.imports.pointing import logical_id, owners_named, pointed, pointers
from teleward.records.imports.problems import SourceMissing
from teleward.records.imports.reading import Item, Json, items_of
from teleward.records.models import Current, Import, ImportKey, ImportLine
from teleward.records.operations.recognising import recognised
from teleward.records.operations.versions import OfAnotherPatient, keep
from teleward.records.queries.imports import context_of
from teleward.records.store.finding import holder_of

IMPORTING = "records.import"
LONGEST_SOURCE = 100
MADE_HERE = frozenset(
    {"Appointment", "AuditEvent", "Communication", "Consent", "Encounter", "Organization", "Practitioner"}
)
_log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Stays(Exception):
    """A resource that is not kept, and why."""

    def __init__(self, outcome: Outcome, reason: Reason, issues: list[tuple[str, str]] | None = None) -> None:
        super().__init__(reason)
        self.outcome, self.reason, self.issues = outcome, reason, issues or []


@dataclass(kw_only=True)
class Work:
    """One import while it is carried out."""

    row: Import
    items: list[Item]
    places: dict[str, str] = field(default_factory=dict)  # what is called so there: what it is called here
    patients: dict[str, UUID | Reason] = field(default_factory=dict)  # the same, of patients
    owners: dict[str, str] = field(default_factory=dict)  # what a document points to: the document's patient
    grants: dict[UUID, Grant] = field(default_factory=dict)


def bring_import(*, grant: Grant, content: bytes, source: str) -> UUID:
    """Takes the file in, sealed, and has the server carry it out. `source` names the other system.

    Raises ImportRefused, whose kinds say what to do.
    """
    grant.must_cover(Action.APP_CHANGE)
    source = " ".join(source.split())
    if not 0 < len(source) <= LONGEST_SOURCE:
        raise SourceMissing
    total, brought, practice = len(items_of(content)), new_id(), grant.organisation
    sealed = seal(patient=practice, plaintext=content, context=context_of(brought, 0))
    with transaction.atomic():
        Import.objects.create(
            id=brought, organisation=practice, by=grant.actor.id, source=source, file=sealed, total=total
        )
        record(grant=grant, detail={"import": str(brought), "resources": total})
        app.configure_task(IMPORTING, allow_unknown=True).defer(brought=str(brought))
    return brought


@without_grant("Asks the gate itself, as the server: for the practice, and for each patient it writes about.")
def carry_out(*, brought: UUID) -> None:
    """Keeps what can be kept. Broken off, it goes on where it was; done, it does nothing."""
    key = ImportKey.objects.filter(id=brought, done_at=None).first()
    if key is None:
        return
    grant = _asked(Action.DIRECTORY_WRITE, _practice(key.organisation), brought=str(brought))
    grant.must_cover(Action.DIRECTORY_WRITE)
    row = Import.objects.get(id=brought)
    content = unseal(patient=row.organisation, sealed=bytes(row.file), context=context_of(brought, 0))
    work = Work(row=row, items=items_of(content))
    _name(work, _asked(Action.PATIENT_LIST, _practice(row.organisation), brought=str(brought)))
    done = set(row.lines.values_list("number", flat=True))
    left = [item for item in work.items if item.number not in done]
    for start in range(0, len(left), PIECE):
        lines = [_line(work, item) for item in left[start : start + PIECE]]
        grant.must_cover(Action.DIRECTORY_WRITE)
        ImportLine.objects.bulk_create(lines, ignore_conflicts=True)
    _finish(row, grant)


@without_grant("Asks the gate itself, as the server, for each practice that has something old.")
def forget_imports() -> None:
    """Reports older than thirty days are gone, and files with them."""
    before = now() - KEPT
    old = ImportKey.objects.filter(at__lt=before)
    for practice in list(old.values_list("organisation", flat=True).distinct()):
        grant = _asked(Action.DIRECTORY_WRITE, _practice(practice))
        grant.must_cover(Action.DIRECTORY_WRITE)
        Import.objects.filter(organisation=practice, at__lt=before).delete()


def _practice(practice: UUID) -> Subject:
    return Subject(kind="Organisation", id=practice, organisation=practice)


def _finish(row: Import, grant: Grant) -> None:
    with transaction.atomic():
        row.file, row.done_at = b"", now()
        row.save(update_fields=["file", "done_at"])
        record(grant=grant, detail={"import": str(row.id), "done": row.total})


def _asked(action: Action, about: Subject, **told: str) -> Grant:
    here = Circumstances(request_id=str(new_id()), client_address="", via="job")
    more = {"import": told.pop("brought", "old"), **told}
    return authorise(actor=SYSTEM, action=action, subject=about, circumstances=here, detail=more)


def _name(work: Work, grant: Grant) -> None:
    """What everything in the file is called here; and of whom each patient in it is one."""
    for item in work.items:
        with contextlib.suppress(Exception):  # its own line will tell
            _place(work, item)
    patients = [item for item in work.items if item.kind == "Patient"]
    found = recognised(grant=grant, row=work.row, patients=[item.said or {} for item in patients])
    for item, who in zip(patients, found, strict=True):
        work.patients.update(dict.fromkeys(item.names, who))
        if isinstance(who, UUID):
            work.places.update(dict.fromkeys(item.names, f"Patient/{who}"))


def _place(work: Work, item: Item) -> None:
    if item.said is None or item.kind in {*MADE_HERE, "Patient"}:
        return
    here = logical_id(practice=work.row.organisation, source=work.row.source, item=item)
    work.places.update(dict.fromkeys(item.names, f"{item.kind}/{here}"))
    if item.kind == "DocumentReference":
        named = next((str(each.get("reference")) for each in owners_named(item.said)), "")
        work.owners.update(dict.fromkeys(pointers(item.said), named))


def _line(work: Work, item: Item) -> ImportLine:
    """Keeps one resource, or says why not."""
    outcome, reason, issues = Outcome.KEPT, Reason.NONE, list[tuple[str, str]]()
    try:
        outcome = _kept(work, item)
    except Stays as stays:
        outcome, reason, issues = stays.outcome, stays.reason, stays.issues
    except OfAnotherPatient:
        outcome, reason = Outcome.LEFT, Reason.ANOTHERS
    except Problem:  # of this one resource; the others go on
        outcome, reason = Outcome.REFUSED, Reason.INVALID
    except Exception as fault:  # noqa: BLE001 - whatever it is, one resource must not hold up an import for good
        _log.error("A resource of import %s failed: %s.", work.row.id, type(fault).__name__)
        outcome, reason = Outcome.REFUSED, Reason.FAULT
    plain = _encode({"names": item.names[-1:], "issues": issues})
    context = context_of(work.row.id, item.number)
    return ImportLine(
        brought=work.row,
        number=item.number,
        kind=item.kind,
        outcome=outcome.value,
        reason=reason.value,
        said=seal(patient=work.row.organisation, plaintext=plain, context=context),
    )


def _kept(work: Work, item: Item) -> Outcome:
    _must_be_for_the_chart(work, item)
    patient = _owner(work, item)
    practice, source = work.row.organisation, work.row.source
    here = logical_id(practice=practice, source=source, item=item)
    said = {**pointed(item.said, work.places, source), "id": str(here), "meta": _profiles(item.said or {})}
    said = {name: each for name, each in said.items() if each is not None}
    try:
        resource = read(item.kind, _encode(said))
    except Invalid as invalid:
        raise _invalid(invalid.issues) from invalid
    broken = [issue for issue in check_claims(resource) if issue.severity == "error"]
    if broken:
        raise _invalid(broken)
    return _stored(work, patient, resource, item.kind, here)


def _stored(work: Work, patient: UUID, resource: Any, kind: str, here: UUID) -> Outcome:  # noqa: ANN401 - any struct
    if patient not in work.grants:
        about = patient_subject(patient=patient)
        told = {"brought": str(work.row.id), "brought_by": str(work.row.by)}
        work.grants[patient] = _asked(Action.RECORD_WRITE, about, **told)
    grant = work.grants[patient]
    grant.must_cover(Action.RECORD_WRITE, patient=patient)
    before = Current.objects.filter(id=holder_of(kind, here)).values_list("version", flat=True).first()
    try:
        version = keep(grant=grant, resource=resource)
    except KeyDestroyed as erased:
        raise Stays(Outcome.LEFT, Reason.ERASED) from erased
    return Outcome.SAME if version == before else Outcome.KEPT


def _must_be_for_the_chart(work: Work, item: Item) -> None:
    if item.said is None:
        raise Stays(Outcome.REFUSED, Reason.UNREADABLE)
    if item.method in {"DELETE", "GET", "HEAD", "PATCH"}:
        raise Stays(Outcome.LEFT, Reason.REMOVAL)
    if item.kind in MADE_HERE:
        raise Stays(Outcome.LEFT, Reason.OURS)
    if item.kind == "Patient":
        who = work.patients.get(item.names[0], Reason.NO_PATIENT) if item.names else Reason.NO_PATIENT
        raise Stays(Outcome.LEFT, Reason.MATCHED) if isinstance(who, UUID) else Stays(Outcome.WAITS, who)


def _owner(work: Work, item: Item) -> UUID:
    """The one patient a resource belongs to."""
    named = {str(each.get("reference", "")) for each in owners_named(item.said or {})}
    of_patients = {
        name for name in named if name in work.patients or name.rpartition("/")[0].endswith("Patient")
    }
    of_document = {work.owners[name] for name in item.names if work.owners.get(name)}
    found = {work.patients.get(name, Reason.NO_PATIENT) for name in of_patients or of_document}
    if not found:
        raise Stays(Outcome.LEFT, Reason.NOBODYS)
    if len(found) > 1:
        raise Stays(Outcome.LEFT, Reason.SEVERAL)
    who = found.pop()
    if isinstance(who, UUID):
        return who
    raise Stays(Outcome.WAITS, who)


def _profiles(said: Json) -> Json | None:
    """Of what stands about a resource, the profiles it claims; versions and times are ours."""
    meta = said.get("meta")
    return {"profile": meta["profile"]} if isinstance(meta, dict) and meta.get("profile") else None


def _invalid(issues: Any) -> Stays:  # noqa: ANN401 - a sequence of Issue
    """The places and codes of what is wrong, and no word of what stood there."""
    told = [(issue.expression, issue.code) for issue in issues]
    known = not any(issue.code == "not-supported" and "." not in issue.expression for issue in issues)
    return Stays(Outcome.REFUSED, Reason.INVALID if known else Reason.UNKNOWN_TYPE, told[:20])

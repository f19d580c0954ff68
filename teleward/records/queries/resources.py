"""Reading the chart."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.records.models import Resource
from teleward.records.sealing import context_of


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of one resource; `body` is FHIR JSON."""

    type: str
    id: UUID
    version: int
    last_updated: datetime
    body: bytes


def history(*, grant: Grant, kind: str, logical_id: UUID) -> tuple[Version, ...]:
    """Every version of one resource of the patient the grant is about, newest first."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE)
    rows = Resource.objects.filter(patient=_patient(grant), type=kind, logical_id=logical_id)
    return tuple(_version(row) for row in rows.order_by("-version"))


def newest(*, grant: Grant, kind: str) -> tuple[Version, ...]:
    """The newest version of every resource of one type of the patient the grant is about."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE)
    rows = Resource.objects.filter(patient=_patient(grant), type=kind)
    return tuple(_version(row) for row in rows.order_by("logical_id", "-version").distinct("logical_id"))


def whole(*, grant: Grant) -> tuple[Version, ...]:
    """The newest version of every resource of the patient the grant is about, by type."""
    grant.must_cover(Action.RECORD_EXPORT, Action.WINDOW_EXPORT)
    rows = Resource.objects.filter(patient=_patient(grant))
    found = rows.order_by("type", "logical_id", "-version").distinct("type", "logical_id")
    return tuple(_version(row) for row in found)


def _patient(grant: Grant) -> UUID:
    if grant.subject.patient is None:
        raise NotFound
    return grant.subject.patient


def _version(row: Resource) -> Version:
    context = context_of(row.type, row.logical_id, row.version)
    return Version(
        type=row.type,
        id=row.logical_id,
        version=row.version,
        last_updated=row.last_updated,
        body=unseal(patient=row.patient, sealed=bytes(row.body), context=context),
    )

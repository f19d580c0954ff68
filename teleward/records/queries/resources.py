"""Reading the chart."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.records.models import Current, Resource
from teleward.records.queries.closer import without_closer
from teleward.records.sealing import context_of
from teleward.records.store.revealing import Version

OPENED_BY = (
    Action.RECORD_READ,
    Action.RECORD_WRITE,
    Action.RECORD_SEND,
    Action.ELSEWHERE_READ,
    Action.DIRECTORY_READ,
    Action.DIRECTORY_WRITE,
    Action.FORM_CHANGE,
    Action.DOCUMENT_BRING,
    Action.READING_WRITE,
)


def history(*, grant: Grant, kind: str, logical_id: UUID) -> tuple[Version, ...]:
    """Every version of one resource of the patient the grant is about, newest first."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE)
    rows = Resource.objects.filter(patient=_patient(grant), type=kind, logical_id=logical_id)
    return tuple(_version(row) for row in rows.order_by("-version"))


def newest(*, grant: Grant, kind: str) -> tuple[Version, ...]:
    """The newest version of every resource of one type of the patient the grant is about."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE)
    rows = Resource.objects.filter(patient=_patient(grant), type=kind)
    found = rows.order_by("logical_id", "-version").distinct("logical_id")
    return tuple(_version(row) for row in found if row.body)


def whole(*, grant: Grant) -> tuple[Version, ...]:
    """The newest version of every resource of the patient the grant is about, by type.

    What is of visits that are kept closer is among it for who may read that.
    """
    grant.must_cover(Action.RECORD_EXPORT, Action.WINDOW_EXPORT)
    standing = Current.objects.filter(patient=_patient(grant), removed_at=None)
    shown = without_closer(grant=grant, rows=standing).values("newest")
    rows = Resource.objects.filter(patient=_patient(grant), id__in=shown)
    return tuple(_version(row) for row in rows.order_by("type", "logical_id") if row.body)


def body_of(*, grant: Grant, kind: str, logical_id: UUID) -> Version | None:
    """The newest version of one resource of the patient or practice the grant is about, if there is one."""
    grant.must_cover(*OPENED_BY)
    rows = Resource.objects.filter(patient=grant.subject.patient, type=kind, logical_id=logical_id)
    row = rows.order_by("-version").first()
    return _version(row) if row else None


def _patient(grant: Grant) -> UUID:
    if grant.subject.patient is None:
        raise NotFound
    return grant.subject.patient


def _version(row: Resource) -> Version:
    context, sealed = context_of(row.type, row.logical_id, row.version), bytes(row.body)
    owner = row.patient or row.organisation
    return Version(
        type=row.type,
        id=row.logical_id,
        version=row.version,
        patient=row.patient,
        deed=row.deed,
        last_updated=row.last_updated,
        body=unseal(patient=owner, sealed=sealed, context=context) if sealed else b"",
    )

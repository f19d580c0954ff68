"""Who works here and who is invited, for those who look after it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject
from teleward.access.models import Person, StaffInvitation
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """A member of staff with the state of their access."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    joined_at: datetime
    deactivated_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OpenInvitation:
    """Somebody invited who has not come yet."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    expires_at: datetime
    is_over: bool


@without_grant("Ids only: the gate is asked about this person next.")
def person_subject(*, person: UUID) -> Subject:
    """The subject the gate asks about. Raises NotFound."""
    organisation = Person.objects.filter(id=person).values_list("organisation_id", flat=True).first()
    if organisation is None:
        raise NotFound
    return Subject(kind="Person", id=person, organisation=organisation)


@without_grant("Ids only: the job asks the gate next.")
def organisation_of_invitation(*, invitation: UUID) -> UUID | None:
    """The practice of an invitation that is still open."""
    rows = StaffInvitation.objects.filter(id=invitation, accepted_at=None, withdrawn_at=None)
    return rows.values_list("organisation", flat=True).first()


def colleagues(*, grant: Grant) -> list[Colleague]:
    """All staff of the practice, the active ones first, by name."""
    grant.must_cover(Action.STAFF_LIST)
    rows = Person.objects.filter(organisation=grant.organisation, patient_key=None)
    rows = rows.select_related("deactivation").prefetch_related("roles").order_by("name")
    return sorted(map(_colleague, rows), key=lambda colleague: colleague.deactivated_at is not None)


def colleague(*, grant: Grant) -> Colleague:
    """The person the grant is about. Raises NotFound."""
    grant.must_cover(Action.STAFF_DEACTIVATE, Action.STAFF_READMIT, Action.STAFF_LIST)
    rows = Person.objects.filter(id=grant.about, organisation=grant.organisation)
    row = rows.select_related("deactivation").prefetch_related("roles").first()
    if row is None:
        raise NotFound
    return _colleague(row)


def open_invitations(*, grant: Grant) -> list[OpenInvitation]:
    """Colleagues who are invited and have not come yet, the newest first."""
    grant.must_cover(Action.STAFF_LIST)
    rows = StaffInvitation.objects.filter(
        organisation=grant.organisation, patient=None, accepted_at=None, withdrawn_at=None
    )
    return [
        OpenInvitation(
            id=row.id,
            name=row.name,
            email=row.email,
            roles=tuple(row.roles),
            expires_at=row.expires_at,
            is_over=row.expires_at <= now(),
        )
        for row in rows.order_by("-invited_at")
    ]


def _colleague(row: Person) -> Colleague:
    at = now()
    roles = tuple(sorted(r.name for r in row.roles.all() if r.holds(at)))
    ended = row.deactivation.at if hasattr(row, "deactivation") else None
    return Colleague(
        id=row.id, name=row.name, email=row.email, roles=roles, joined_at=row.joined_at, deactivated_at=ended
    )

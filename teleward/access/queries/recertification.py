"""Who still needs which role: what is to be looked at again, since when, and what is overdue."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import DateTimeField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import Confirmation, Person, Role, Session
from teleward.access.signin.limits import ACCOUNT, RECERTIFICATION
from teleward.kernel.clock import now


@dataclass(frozen=True, kw_only=True)
class RoleToConfirm:
    """One role of one person, and until when somebody should have looked at it again."""

    id: UUID
    name: str
    since: datetime
    confirmed_at: datetime | None
    due_at: datetime
    is_due: bool  # the quarter is over
    is_overdue: bool  # the grace after it too


@dataclass(frozen=True, kw_only=True)
class PersonToConfirm:
    """A member of staff with their roles and when they were last here."""

    id: UUID
    name: str
    roles: tuple[RoleToConfirm, ...]
    signed_in_at: datetime | None
    seen_at: datetime | None
    is_unused: bool  # for longer than the policy's limit
    leaves_at: datetime | None
    is_self: bool

    @property
    def is_overdue(self) -> bool:
        """Whether one of the roles is overdue."""
        return any(role.is_overdue for role in self.roles)


def people_to_confirm(*, grant: Grant) -> list[PersonToConfirm]:
    """Everybody with a role in the practice; the longest overdue first, then by name."""
    grant.must_cover(Action.STAFF_RECERTIFY)
    at = now()
    due = {row.id: due_at for row, due_at in due_roles(at=at, organisation=grant.organisation)}
    people = [_person(row, due, at, grant.actor.id) for row in with_last_use(_staff(grant.organisation))]
    with_roles = [person for person in people if person.roles]
    return sorted(with_roles, key=lambda p: (min(role.due_at for role in p.roles), p.name))


def due_roles(*, at: datetime, organisation: UUID | None = None) -> list[tuple[Role, datetime]]:
    """Each role that holds at this instant and when it is due, counted from its start or confirmation."""
    confirmed = Confirmation.objects.filter(person=OuterRef("person"), role=OuterRef("name"))
    newest = Subquery(
        confirmed.order_by("-confirmed_at").values("confirmed_at")[:1], output_field=DateTimeField()
    )
    holding = Q(ends_at=None) | Q(ends_at__gt=at)
    rows = Role.objects.filter(holding, starts_at__lte=at, person__deactivation=None)
    rows = rows.annotate(looked_at=Coalesce(newest, "starts_at")).select_related("person")
    if organisation is not None:
        rows = rows.filter(person__organisation=organisation)
    return [(row, max(row.looked_at, row.starts_at) + RECERTIFICATION.every) for row in rows]


def with_last_use(people: QuerySet[Person]) -> QuerySet[Person]:
    """The people with `signed_in_at` and `seen_at`: from living sessions, else from what was kept of them."""
    last = Session.objects.filter(person=OuterRef("id")).order_by().values("person")
    begun = Subquery(last.annotate(at=Max("begun_at")).values("at"))
    seen = Subquery(last.annotate(at=Max("seen_at")).values("at"))
    return people.annotate(
        signed_in_at=Greatest(begun, "last_use__signed_in_at"), seen_at=Greatest(seen, "last_use__seen_at")
    )


def is_unused(*, seen_at: datetime | None, joined_at: datetime, at: datetime) -> bool:
    """Whether an account was left alone for longer than the policy's limit."""
    return at - (seen_at or joined_at) > ACCOUNT.unused


def _staff(organisation: UUID) -> QuerySet[Person]:
    rows = Person.objects.filter(organisation=organisation, patient_key=None, deactivation=None)
    return rows.select_related("planned_leaving").prefetch_related("roles", "confirmations")


def _person(row: Person, due: dict[UUID, datetime], at: datetime, own: UUID | None) -> PersonToConfirm:
    seen_at = getattr(row, "seen_at", None)
    planned = getattr(row, "planned_leaving", None)
    return PersonToConfirm(
        id=row.id,
        name=row.name,
        roles=tuple(_role(role, row, due[role.id], at) for role in row.roles.all() if role.id in due),
        signed_in_at=getattr(row, "signed_in_at", None),
        seen_at=seen_at,
        is_unused=is_unused(seen_at=seen_at, joined_at=row.joined_at, at=at),
        leaves_at=planned.at if planned else None,
        is_self=row.id == own,
    )


def _role(role: Role, person: Person, due_at: datetime, at: datetime) -> RoleToConfirm:
    looked = [c.confirmed_at for c in person.confirmations.all() if c.role == role.name]
    return RoleToConfirm(
        id=role.id,
        name=role.name,
        since=role.starts_at,
        confirmed_at=max(looked, default=None),
        due_at=due_at,
        is_due=due_at <= at,
        is_overdue=due_at + RECERTIFICATION.grace < at,
    )

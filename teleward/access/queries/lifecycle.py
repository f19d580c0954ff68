"""One member of staff: roles with their dates, cover, leaving, family."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.actions import Action
from teleward.access.grants import Grant, record_appearances
from teleward.access.models import Cover, Kinship, Person, Role
from teleward.access.queries.people import StaffName, staff_names
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound

LOOKING = (Action.STAFF_LIST, Action.STAFF_CHANGE, Action.STAFF_RECERTIFY)


@dataclass(frozen=True, kw_only=True)
class RoleCard:
    """A role with its dates and who decided them; an empty name: the server's terminal."""

    id: UUID
    name: str
    given_by: str
    starts_at: datetime
    ends_at: datetime | None
    ended_by: str
    state: str  # now, later, over


@dataclass(frozen=True, kw_only=True)
class CoverCard:
    """Somebody stands in for this person."""

    id: UUID
    by: str
    starts_at: datetime
    ends_at: datetime
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class MemberCard:
    """A member of staff with everything that is planned for them."""

    id: UUID
    name: str
    email: str
    joined_at: datetime
    roles: tuple[RoleCard, ...]
    covers: tuple[CoverCard, ...]
    leaves_at: datetime | None
    leaving_reason: str
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class KinCard:
    """A member of staff and the patient whose record is closed to them."""

    id: UUID
    person: str
    patient: str
    relation: str
    told_at: datetime
    is_own: bool  # of whoever looks


def member(*, grant: Grant) -> MemberCard:
    """The person the grant is about. Raises NotFound."""
    grant.must_cover(*LOOKING, subject=grant.about)
    people = Person.objects.select_related("deactivation", "planned_leaving").filter(patient_key=None)
    row = people.filter(id=grant.about, organisation=grant.organisation).first()
    if row is None:
        raise NotFound
    planned, ended = getattr(row, "planned_leaving", None), getattr(row, "deactivation", None)
    names, at = staff_names(organisation_id=grant.organisation), now()
    covers = Cover.objects.filter(covers=row).order_by("-starts_at")
    return MemberCard(
        id=row.id,
        name=row.name,
        email=row.email,
        joined_at=row.joined_at,
        roles=tuple(_role(role, names, at) for role in row.roles.order_by("-starts_at", "name")),
        covers=tuple(_cover(each, names, at) for each in covers[:20]),
        leaves_at=planned.at if planned else None,
        leaving_reason=planned.reason if planned else "",
        ended_at=ended.at if ended else None,
    )


def covering_colleagues(*, grant: Grant) -> list[StaffName]:
    """Who could stand in for the person the grant is about, by name."""
    grant.must_cover(*LOOKING)
    everybody = staff_names(organisation_id=grant.organisation).values()
    ended = set(
        Person.objects.filter(organisation=grant.organisation)
        .exclude(deactivation=None)
        .values_list("id", flat=True)
    )
    treating = [one for one in everybody if {"physician", "nurse"} & set(one.roles)]
    return [one for one in treating if one.id not in ended | {grant.subject.id}]


def kinships(*, grant: Grant) -> list[KinCard]:
    """Who is kept out of whose record as family, for the privacy officer."""
    grant.must_cover(Action.KIN_CHANGE)
    rows = Kinship.objects.filter(person__organisation=grant.organisation)
    rows = rows.select_related("person", "patient").order_by("person__name", "patient__family_name")
    record_appearances(grant=grant, patients=[row.patient_id for row in rows])
    return [
        KinCard(
            id=row.id,
            person=row.person.name,
            patient=f"{row.patient.given_name} {row.patient.family_name}",
            relation=row.relation,
            told_at=row.told_at,
            is_own=row.person_id == grant.actor.id,
        )
        for row in rows
    ]


def _role(row: Role, names: dict[UUID, StaffName], at: datetime) -> RoleCard:
    over = row.ends_at is not None and row.ends_at <= at
    return RoleCard(
        id=row.id,
        name=row.name,
        given_by=_name(row.given_by_id, names),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_by=_name(row.ended_by_id, names),
        state="over" if over else "now" if row.starts_at <= at else "later",
    )


def _cover(row: Cover, names: dict[UUID, StaffName], at: datetime) -> CoverCard:
    return CoverCard(
        id=row.id,
        by=_name(row.person_id, names),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_over=row.ends_at <= at,
    )


def _name(person: UUID | None, names: dict[UUID, StaffName]) -> str:
    return names[person].name if person in names else ""

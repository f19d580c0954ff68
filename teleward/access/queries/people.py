"""Who works here."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from teleward.access.grants import Action, Grant
from teleward.access.models import Organisation, Person
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.kernel.prepared import rows

TIME_ZONE = b"SELECT time_zone FROM access_organisation WHERE id = $1::uuid"


@dataclass(frozen=True, kw_only=True)
class OrganisationCard:
    """A practice as everybody may know it."""

    id: UUID
    name: str
    short_name: str
    telephone: str
    time_zone: str
    language: str


@dataclass(frozen=True, kw_only=True)
class StaffName:
    """A member of staff: what stands on the door."""

    id: UUID
    name: str
    roles: tuple[str, ...]


@without_grant("Ids of practices, for what is done for each of them.")
def organisation_ids() -> list[UUID]:
    """Every practice of this installation."""
    return list(Organisation.objects.order_by("id").values_list("id", flat=True))


@without_grant("What stands on the practice's door.")
def organisation(*, organisation_id: UUID) -> OrganisationCard:
    """What stands on the practice's door: nothing personal. Raises NotFound."""
    found = Organisation.objects.filter(id=organisation_id).first()
    if found is None:
        raise NotFound
    return OrganisationCard(
        id=found.id,
        name=found.name,
        short_name=found.short_name,
        telephone=found.telephone,
        time_zone=found.time_zone,
        language=found.language,
    )


@without_grant("What the practice's clock shows.")
def time_zone(*, organisation_id: UUID) -> ZoneInfo:
    """Where the practice is, by its clock. Raises NotFound."""
    found = rows(TIME_ZONE, [organisation_id])
    if not found:
        raise NotFound
    return ZoneInfo(found[0][0])


@without_grant("What stands on the practice's door.")
def only_organisation() -> OrganisationCard | None:
    """The practice, where there is exactly one; None otherwise."""
    ids = list(Organisation.objects.values_list("id", flat=True)[:2])
    return organisation(organisation_id=ids[0]) if len(ids) == 1 else None


@without_grant("Names and roles as on the door plate, for lists that passed their own gate.")
def staff_names(*, organisation_id: UUID) -> dict[UUID, StaffName]:
    """All who work or worked in a practice, by id: names and roles, as on the door plate."""
    people = (
        Person.objects.filter(organisation_id=organisation_id, patient_key=None)
        .prefetch_related("roles")
        .order_by("name")
    )
    return {person.id: _name(person) for person in people}


def clinicians(*, grant: Grant) -> list[StaffName]:
    """Who can hold a consultation in the practice of the grant, by name."""
    grant.must_cover(Action.VISIT_BOOK, Action.VISIT_LIST)
    people = Person.objects.filter(
        organisation_id=grant.organisation, deactivation=None, roles__name__in=["physician", "nurse"]
    )
    names = [_name(person) for person in people.distinct().prefetch_related("roles").order_by("name")]
    return [name for name in names if {"physician", "nurse"} & set(name.roles)]


def _name(person: Person) -> StaffName:
    at = now()
    roles = [role.name for role in person.roles.all() if role.holds(at)]
    return StaffName(id=person.id, name=person.name, roles=tuple(sorted(roles)))

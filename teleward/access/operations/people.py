"""The practice itself and the first people in it, made from the server's own terminal."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import (
    SYSTEM,
    Action,
    Circumstances,
    Grant,
    NotCovered,
    Subject,
    authorise,
    record,
)
from teleward.access.models import Organisation, Patient, Person, Role
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id
from teleward.kernel.openings import without_grant

ADMINISTRATOR = "administrator"
ROLES = (
    "physician",
    "nurse",
    "reception",
    "billing",
    "pharmacist",
    "interpreter",
    ADMINISTRATOR,
    "privacy-officer",
    "researcher",
)


class AddressTaken(Problem):
    """Somebody with this e-mail address is here already."""

    code = "access:address-taken"
    status = 409
    message = _(
        "Somebody with this e-mail address is here already. Use another address, or find them in the list."
    )


class RoleUnknown(Problem):
    """There is no role of this name."""

    code = "access:role-unknown"
    message = _("There is no such role. Choose one from the list.")


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """A member of staff as others may see them."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    language: str


@without_grant("The way in: it asks the gate for what the server does by itself.")
def system_grant(
    *, action: Action, organisation: UUID | None, subject: Subject | None = None, via: str = "command"
) -> Grant:
    """A grant for work that the server does by itself, with its ledger entry like any other."""
    about = subject or Subject(kind="Organisation", id=organisation, organisation=organisation)
    here = Circumstances(request_id=str(new_id()), client_address="", via=via)
    return authorise(actor=SYSTEM, action=action, subject=about, circumstances=here)


def found_organisation(
    *, grant: Grant, name: str, short_name: str, telephone: str, time_zone: str, language: str
) -> UUID:
    """Founds a practice. `time_zone` is an IANA name, `language` en or de. Returns its id."""
    grant.must_cover(Action.STAFF_INVITE)
    organisation = Organisation.objects.create(
        name=name, short_name=short_name, telephone=telephone, time_zone=time_zone, language=language
    )
    return organisation.id


@transaction.atomic
def add_person(
    *, grant: Grant, organisation: UUID, name: str, email: str, roles: tuple[str, ...], language: str
) -> PersonCard:
    """Adds a member of staff who has no way to sign in yet. Raises AddressTaken or RoleUnknown."""
    grant.must_cover(Action.STAFF_INVITE)
    if not set(roles) <= set(ROLES):
        raise RoleUnknown
    if Person.objects.filter(email__iexact=email).exists():
        raise AddressTaken
    person = Person.objects.create(
        organisation_id=organisation, name=name, email=email.lower(), language=language
    )
    given_by = grant.actor.id if grant.actor.kind.value == "Staff" else None
    Role.objects.bulk_create([Role(person=person, name=role, given_by_id=given_by) for role in roles])
    record(grant=grant, detail={"person": str(person.id), "roles": list(roles)})
    return PersonCard(id=person.id, name=name, email=person.email, roles=roles, language=language)


@transaction.atomic
def add_account(*, grant: Grant, patient: UUID, email: str) -> UUID:
    """A patient's account, made now where there is none, without a way to sign in; returns its id.

    Only the server's own terminal may. Raises AddressTaken, NotCovered or NotFound.
    """
    grant.must_cover(Action.ACCOUNT_OPEN, patient=patient)
    if grant.actor != SYSTEM:
        raise NotCovered
    found = Patient.objects.select_for_update().filter(id=patient).first()
    if found is None:
        raise NotFound
    if found.person_id is not None:
        return found.person_id
    if Person.objects.filter(email__iexact=email).exists():
        raise AddressTaken
    name = f"{found.given_name} {found.family_name}"
    person = Person.objects.create(
        organisation_id=found.organisation_id, name=name, email=email.lower(), language=found.language
    )
    Patient.objects.filter(id=patient).update(person=person)
    publish(Event.ACCOUNT_OPENED, patient=patient)
    record(grant=grant, detail={"account": str(person.id)})
    return person.id

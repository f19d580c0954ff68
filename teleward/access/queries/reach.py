"""Where a letter reaches somebody, and in which language. Never why."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from teleward.access.grants import Action, Grant
from teleward.access.models import Patient, Person, Role
from teleward.access.queries.patients import contact
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Reach:
    """An e-mail address, empty where none is known, and the language of the person."""

    email: str
    language: str


def reach_of_patient(*, grant: Grant) -> Reach:
    """The address of the account of the patient of the grant, else the known one. Raises NotFound."""
    grant.must_cover(Action.CASE_READ)
    found = Patient.objects.select_related("person").filter(id=grant.subject.patient or grant.about).first()
    if found is None:
        raise NotFound
    known = found.person.email if found.person else contact(grant=grant, patient_id=found.id).email
    return Reach(email=known, language=found.language)


def reach_of_person(*, grant: Grant, person: UUID) -> Reach:
    """The address of a member of staff of the practice of the grant. Raises NotFound."""
    grant.must_cover(Action.CASE_READ, Action.CASE_LIST, Action.GLASS_SECOND, Action.ALERT_ACKNOWLEDGE)
    found = Person.objects.filter(id=person, organisation=grant.organisation).first()
    if found is None:
        raise NotFound
    return Reach(email=found.email, language=found.language)


def reach_of_roles(*, grant: Grant, roles: Collection[str], other_than: UUID) -> list[Reach]:
    """The addresses of everybody in one of the roles of the grant's practice now, but for one person."""
    grant.must_cover(Action.GLASS_SECOND)
    holding = Role.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now()), name__in=roles)
    rows = Person.objects.filter(
        organisation=grant.organisation, deactivation=None, id__in=holding.values("person")
    )
    return [Reach(email=row.email, language=row.language) for row in rows.exclude(id=other_than)]

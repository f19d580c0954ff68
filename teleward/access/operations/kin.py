"""Family: staff name relatives who may be patients here, and stay out of their records."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import Kinship, Patient, Person
from teleward.access.operations.proofs import by_staff
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem

RELATIONS = ("partner", "child", "parent", "sibling", "other")


class RelativeUnclear(Problem):
    """Without name, date of birth and relation nobody can be found."""

    code = "access:relative-unclear"
    message = _("Please fill in both names, the date of birth and how you are related.")


@dataclass(frozen=True, kw_only=True)
class Relative:
    """Somebody as their relative names them."""

    given_name: str
    family_name: str
    born_on: date
    relation: str


@transaction.atomic
def name_relative(*, grant: Grant, person: UUID, relative: Relative) -> None:
    """If this relative is a patient here, their record closes to the person. May raise RelativeUnclear.

    Nothing comes back, so that nobody learns by asking who is a patient.
    """
    grant.must_cover(Action.KIN_NAME, Action.KIN_CHANGE, subject=person)
    names = (relative.given_name.strip(), relative.family_name.strip())
    if not all(names) or relative.relation not in RELATIONS:
        raise RelativeUnclear
    staff = Person.objects.filter(id=person, organisation=grant.organisation, patient_key=None).first()
    if staff is None:
        raise NotFound
    same = Patient.objects.filter(
        organisation=grant.organisation,
        given_name__iexact=names[0],
        family_name__iexact=names[1],
        born_on=relative.born_on,
    )
    for patient in same:
        kept = {"relation": relative.relation, "told_at": now(), "told_by_id": by_staff(grant)}
        Kinship.objects.get_or_create(person=staff, patient=patient, defaults=kept)
    record(grant=grant, detail={"named": relative.relation, "found": same.count()})


@transaction.atomic
def forget_kinship(*, grant: Grant, kinship: UUID) -> None:
    """Takes a wrong entry back; only somebody else than the person can. Raises NotFound."""
    grant.must_cover(Action.KIN_CHANGE)
    rows = Kinship.objects.filter(id=kinship, person__organisation=grant.organisation)
    row = rows.exclude(person=grant.actor.id).first()
    if row is None:
        raise NotFound
    row.delete()
    record(grant=grant, detail={"no-longer-kin": str(row.person_id), "with": str(row.patient_id)})

"""Which patients a practice has, and who is elsewhere: by id alone."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.models import Organisation, Patient, Person


def patient_ids(*, grant: Grant) -> frozenset[UUID]:
    """The ids of every patient of the grant's practice: no name, no list appearance."""
    grant.must_cover(Action.LEDGER_EXPORT)
    return frozenset(
        Patient.objects.filter(organisation_id=grant.organisation).values_list("id", flat=True).iterator()
    )


def ids_elsewhere(*, grant: Grant) -> frozenset[UUID]:
    """The ids of other practices in this installation, of their people and patients; usually none."""
    grant.must_cover(Action.LEDGER_EXPORT)
    others = Organisation.objects.exclude(id=grant.organisation)
    people, patients = (kind.objects.exclude(organisation=grant.organisation) for kind in (Person, Patient))
    return frozenset(key for rows in (others, people, patients) for key in rows.values_list("id", flat=True))

"""Which patients a practice has, by id alone."""

from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.models import Patient


def patient_ids(*, grant: Grant) -> frozenset[UUID]:
    """The ids of every patient of the grant's practice: no name, no list appearance."""
    grant.must_cover(Action.LEDGER_EXPORT)
    return frozenset(
        Patient.objects.filter(organisation_id=grant.organisation).values_list("id", flat=True).iterator()
    )

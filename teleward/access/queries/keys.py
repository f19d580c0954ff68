"""Ids of patients, for what has to be known before the gate decides."""

from uuid import UUID

from teleward.access.models import PatientKey
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant


@without_grant("An id only: it is what the gate is asked about.")
def practice_of(*, patient: UUID) -> UUID:
    """The practice that keeps this patient's record. Raises NotFound."""
    found = PatientKey.objects.filter(id=patient).values_list("organisation_id", flat=True).first()
    if found is None:
        raise NotFound
    return found

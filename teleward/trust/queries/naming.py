"""Whose name a patient was told on request, although the practice shows roles."""

from uuid import UUID

from teleward.kernel.openings import without_grant
from teleward.trust.models import Objection


@without_grant("Ids of ledger entries, for a list that passed its own gate.")
def named_entries(*, patient: UUID) -> frozenset[UUID]:
    """Entries of this patient whose person the privacy officer named on request."""
    answered = Objection.objects.filter(patient=patient, wish="name", answer__finding="named")
    return frozenset(answered.values_list("entry", flat=True))

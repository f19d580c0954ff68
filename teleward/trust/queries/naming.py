"""What patients read of those who opened their data: names, or roles."""

from uuid import UUID

from teleward.kernel.openings import without_grant
from teleward.trust.models import NamingRule, Objection


@without_grant("A rule of the practice; it is nobody's data.")
def shows_names(*, organisation: UUID) -> bool:
    """Whether patients read names. True until the practice decides otherwise."""
    newest = NamingRule.objects.filter(organisation=organisation).order_by("-at").first()
    return newest is None or newest.shows == "names"


@without_grant("Ids of ledger entries, for a list that passed its own gate.")
def named_entries(*, patient: UUID) -> frozenset[UUID]:
    """Entries of this patient whose person the privacy officer named on request."""
    answered = Objection.objects.filter(patient=patient, wish="name", answer__finding="named")
    return frozenset(answered.values_list("entry", flat=True))

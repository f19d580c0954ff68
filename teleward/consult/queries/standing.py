"""What the live room asks again and again: whether visits still go on. Ids and yes or no, nobody's data."""

from collections.abc import Collection
from uuid import UUID

from teleward.consult.models import Consent, VisitKey
from teleward.consult.queries.subjects import open_practice_of
from teleward.consult.states import OPEN_STATES, VisitState
from teleward.kernel.openings import without_grant


@without_grant("It answers with ids of visits only, for sockets that passed the gate already.")
def visits_over(*, visits: Collection[UUID]) -> frozenset[UUID]:
    """Those of the visits that are ended, cancelled, missed or unknown."""
    still_open = VisitKey.objects.filter(id__in=visits, state__in=OPEN_STATES).values_list("id", flat=True)
    return frozenset(visits) - frozenset(still_open)


@without_grant("Yes or no, for whoever holds a link to this visit that no longer opens.")
def is_cancelled(*, visit: UUID) -> bool:
    """Whether the visit was called off."""
    return VisitKey.objects.filter(id=visit, state=VisitState.CANCELLED).exists()


@without_grant("Yes or no about a visit whose sockets passed the gate already.")
def consent_is_withdrawn(*, visit: UUID) -> bool:
    """Whether the patient's newest consent to this visit was taken back."""
    open_practice_of(visit=visit)
    newest = Consent.objects.select_related("withdrawal").filter(visit=visit).order_by("-at", "-id").first()
    return newest is not None and hasattr(newest, "withdrawal")

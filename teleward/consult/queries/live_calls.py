"""Whether somebody is in a call, before the gate decides: ids, states and times."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from teleward.consult.models import AsideKey, PeriodKey, VisitKey
from teleward.consult.states import VisitState
from teleward.kernel.clock import now
from teleward.kernel.openings import without_grant

LONGEST = timedelta(hours=12)  # a call that nobody ended asks no longer
PROOF = timedelta(minutes=2)  # without one the host is not in the room; it is renewed every few seconds


@dataclass(frozen=True, kw_only=True)
class LiveCall:
    """One that goes on."""

    visit: UUID
    patient: UUID


@without_grant("Ids only: it decides whether to ask before another chart is opened.")
def live_call_of(*, host: UUID) -> LiveCall | None:
    """The call this clinician is in now, by proof or by telephone and not ended, or None."""
    at = now()
    seated = PeriodKey.objects.filter(visit_id=OuterRef("id"), person=host)
    rows = VisitKey.objects.filter(host=host, state=VisitState.IN_CALL, starts_at__gt=at - LONGEST)
    rows = rows.filter(Exists(seated.filter(seen_at__gt=at - PROOF)) | ~Exists(seated))
    row = rows.order_by("-starts_at").values("id", "patient").first()
    return LiveCall(visit=row["id"], patient=row["patient"]) if row else None


@without_grant("Ids only: it decides whether to ask before another chart is opened.")
def must_ask(*, host: UUID, patient: UUID | None, visit: UUID | None) -> tuple[UUID, UUID] | None:
    """The visit that goes on and the other patient, where opening this needs a yes first; else None."""
    live = live_call_of(host=host)
    if live is None or visit == live.visit:
        return None
    other = patient or (_patient_of(visit) if visit else None)
    if other is None or other == live.patient:
        return None
    said = AsideKey.objects.filter(visit=live.visit, patient=other, by=host).exists()
    return None if said else (live.visit, other)


def _patient_of(visit: UUID) -> UUID | None:
    return VisitKey.objects.filter(id=visit).values_list("patient", flat=True).first()

"""What was planned and shown to the patient."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.consult.models import OrderShared
from teleward.kernel.envelope import unseal


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One order as the patient reads of it. `kind` is lab, imaging, referral or medicine."""

    order: UUID
    kind: str
    what: str
    dosage: str
    at: datetime


def planned(*, grant: Grant) -> tuple[Planned, ...]:
    """What the physician shared on the grant's visit and did not take back, in order."""
    grant.must_cover(Action.RECEIPT_READ, Action.RECORD_READ, Action.RECORD_WRITE)
    rows = OrderShared.objects.filter(visit=grant.about, end=None).select_related("visit").order_by("at")
    return tuple(_planned(row) for row in rows)


def _planned(row: OrderShared) -> Planned:
    words = unseal(patient=row.visit.patient, sealed=bytes(row.words), context=f"order-shared:{row.id}")
    said = msgspec.json.decode(words, type=dict[str, str])
    return Planned(order=row.order, at=row.at, kind=said["kind"], what=said["what"], dosage=said["dosage"])

"""Forgetting how devices were connected, ninety days after the visit.

KBV Anlage 31b asks for three months at most.
"""

from datetime import timedelta
from uuid import UUID

from teleward.consult.models import EquipmentCheck, PathMeasured, VisitKey
from teleward.kernel.clock import now
from teleward.kernel.fence import open_for
from teleward.kernel.openings import without_grant

KEPT = timedelta(days=90)


@without_grant("Reads nothing: deletes technical data that are too old.")
def forget_connection_data() -> int:
    """Deletes equipment checks and measured paths of visits long past; returns how many."""
    past = VisitKey.objects.filter(ends_at__lt=now() - KEPT)
    return sum(_forget(practice) for practice in past.values_list("organisation", flat=True).distinct())


def _forget(practice: UUID) -> int:
    open_for(practice=practice)
    before = now() - KEPT
    checks, _by_model = EquipmentCheck.objects.filter(seat__visit__ends_at__lt=before).delete()
    paths, _by_model = PathMeasured.objects.filter(seat__visit__ends_at__lt=before).delete()
    return checks + paths

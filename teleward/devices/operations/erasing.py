"""Taking away what was shown, once nothing has to be kept any more."""

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.devices.models import Kept, Sharing, SharingEnd
from teleward.devices.whose import whose


@transaction.atomic
def erase_readings(*, grant: Grant) -> None:
    """Nothing says any more which readings the grant's patient showed or kept."""
    grant.must_cover(Action.ERASURE_ANSWER)
    patient = whose(grant=grant)
    Kept.objects.filter(sharing__patient=patient).delete()
    SharingEnd.objects.filter(sharing__patient=patient).delete()
    Sharing.objects.filter(patient=patient).delete()
    record(grant=grant, detail={"erased": "readings"})

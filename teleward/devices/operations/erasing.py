"""Taking away what was shown, once nothing has to be kept any more."""

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.devices.models import (
    DayInShort,
    DirtyDay,
    Disowned,
    HomeReading,
    Kept,
    MinuteSpent,
    Pairing,
    Sharing,
    SharingEnd,
    Taken,
    Threshold,
)
from teleward.devices.whose import whose


@transaction.atomic
def erase_readings(*, grant: Grant) -> None:
    """Nothing says any more what the grant's patient showed, kept or sent; no device sends any more.

    Nor what anybody was told of: limits go, and with them their alerts, which nobody could open.
    """
    grant.must_cover(Action.ERASURE_ANSWER)
    patient = whose(grant)
    coming_in = Taken.objects.select_for_update(of=("self",)).filter(pairing__patient=patient)
    list(coming_in)  # waits for batches; those after it find no pairing
    Kept.objects.filter(sharing__patient=patient).delete()
    SharingEnd.objects.filter(sharing__patient=patient).delete()
    Sharing.objects.filter(patient=patient).delete()
    HomeReading.objects.filter(patient=patient).delete()
    for model in (DirtyDay, DayInShort, Disowned, MinuteSpent, Threshold):
        model.objects.filter(patient=patient).delete()
    Pairing.objects.filter(patient=patient).delete()
    record(grant=grant, detail={"erased": "readings"})

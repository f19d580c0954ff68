"""Taking the names out of what was recorded, once nothing has to be kept any more."""

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.consult.models import Guest, Seat
from teleward.consult.queries.subjects import certain

NOBODY = "-"


@transaction.atomic
def erase_people(*, grant: Grant) -> None:
    """Nobody who came to a visit of the grant's patient is named any more; sealed words go with the key."""
    grant.must_cover(Action.ERASURE_ANSWER)
    patient = certain(grant.subject.patient)
    Guest.objects.filter(visit__patient=patient).update(name=NOBODY)
    Seat.objects.filter(visit__patient=patient).update(name=NOBODY)
    record(grant=grant, detail={"erased": "names"})

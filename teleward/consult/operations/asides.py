"""Opening another patient's chart during a call: said on purpose, and kept."""

from uuid import UUID

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.consult.models import Aside


@transaction.atomic
def open_aside(*, grant: Grant, patient: UUID) -> None:
    """The host wants this other patient's chart while the call of the grant's visit goes on."""
    grant.must_cover(Action.VISIT_HOST)
    Aside.objects.create(visit_id=grant.about, patient=patient, by=grant.actor.id)
    record(grant=grant, detail={"aside": "another patient's chart"})

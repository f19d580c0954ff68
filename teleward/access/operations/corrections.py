"""Putting right who a patient is, as another system of the practice says it."""

from datetime import date
from uuid import UUID

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.access.models import Patient
from teleward.access.operations.patients import OLDEST, BirthDateImpossible, NameMissing
from teleward.access.queries.patients import NOBODY
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event, publish


@transaction.atomic
def correct_patient(
    *, grant: Grant, patient_id: UUID, given_name: str, family_name: str, born_on: date
) -> bool:
    """Name and date of birth as they are now; whether anything changed: of an erased entry, nothing does.

    Raises NameMissing, BirthDateImpossible or NotFound.
    """
    grant.must_cover(Action.PATIENT_CHANGE, patient=patient_id)
    row = Patient.objects.select_for_update().filter(id=patient_id).first()
    if row is None:
        raise NotFound
    if row.family_name == NOBODY:
        return False
    wanted = _checked(given_name, family_name, born_on)
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    if not changed:
        return False
    for name in changed:
        setattr(row, name, wanted[name])
    row.save(update_fields=changed)
    publish(Event.PATIENT_CHANGED, patient=patient_id)
    record(grant=grant, detail={"changed": changed})
    return True


def _checked(given_name: str, family_name: str, born_on: date) -> dict[str, str | date]:
    given, family = given_name.strip()[:120], family_name.strip()[:120]
    if not given or not family:
        raise NameMissing
    if not OLDEST <= born_on <= now().date():
        raise BirthDateImpossible
    return {"given_name": given, "family_name": family, "born_on": born_on}

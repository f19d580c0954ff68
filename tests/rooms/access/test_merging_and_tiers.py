"""Two files of one person that are kept unlike close."""

from datetime import date

import pytest
from stage.visits import HERE, Stage

from teleward.access.grants import SYSTEM, Action, authorise
from teleward.access.models import Restriction
from teleward.access.operations.merging import TiersDiffer, merge
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.merging import kept_file
from teleward.access.queries.patients import patient_subject


@pytest.mark.parametrize("is_kept_closer", [True, False], ids=["kept", "gone"])
def test_files_that_are_kept_unlike_close_are_not_put_together(stage: Stage, is_kept_closer: bool) -> None:
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=stage.practice.id)
    said = {"given_name": "Ayse", "family_name": "Demir-Kaya", "born_on": date(1979, 5, 3), "language": "de"}
    kept, gone = stage.patient.id, register_patient(grant=creating, **said).id  # type: ignore[arg-type]  # names and a day
    closer = {"tier": "restricted", "reason": "request", "set_by": stage.doctor}
    Restriction.objects.create(patient_id=kept if is_kept_closer else gone, **closer)
    subject = patient_subject(patient=kept)
    by_message = authorise(actor=SYSTEM, action=Action.PATIENT_MERGE, subject=subject, circumstances=HERE)
    with pytest.raises(TiersDiffer):
        merge(grant=by_message, kept=kept, gone=gone, why="message")
    Restriction.objects.create(patient_id=gone if is_kept_closer else kept, **closer)
    merge(grant=by_message, kept=kept, gone=gone, why="message")
    assert kept_file(patient=gone) == kept

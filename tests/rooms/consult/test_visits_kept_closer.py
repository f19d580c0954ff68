"""A visit about mental or sexual health or genetics is kept closer, when its clinician says so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Person, Standing
from teleward.audit.queries.chains import of_patient
from teleward.consult.models import Visit
from teleward.consult.operations.notes import save_note
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


def kept_closer(stage: Stage, signed_in: SignIn) -> str:
    """The address of a visit with a note that its host keeps closer."""
    visit = stage.visit_now()
    save_note(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text="Panikattacken", after=0)
    host = signed_in(stage.doctor)
    answer = host.post(
        f"/visits/{visit.id}/category/", {"category": "mental-health", "loaded_for": str(visit.patient)}
    )
    assert answer.status_code == 200
    return f"/visits/{visit.id}/"


def test_the_note_is_not_in_the_patients_list_but_leads_to_its_own_gate(
    stage: Stage, signed_in: SignIn
) -> None:
    address = kept_closer(stage, signed_in)
    host = signed_in(stage.doctor)
    listed = host.get(f"/patients/{stage.patient.id}/notes/").content.decode()
    assert "Panikattacken" not in listed
    assert f"{address}note/" in listed
    assert "Panikattacken" in host.get(f"{address}note/").content.decode()


def test_who_was_merely_asked_for_advice_does_not_open_it(stage: Stage, signed_in: SignIn) -> None:
    address = kept_closer(stage, signed_in)
    Standing.objects.create(
        kind="referral",
        source=new_id(),
        organisation=stage.practice,
        patient_id=stage.patient.id,
        staff=stage.second,
        starts_at=now(),
        ends_at=now() + timedelta(days=1),
    )
    second = signed_in(stage.second)
    answer = second.get(f"{address}note/")
    assert answer["X-Problem"] == "access:glass-needed"
    assert "Panikattacken" not in answer.content.decode()
    Visit.objects.update(category="")
    assert "Panikattacken" in second.get(f"{address}note/").content.decode()


def test_the_ledger_has_that_it_was_changed_and_never_to_what(stage: Stage, signed_in: SignIn) -> None:
    kept_closer(stage, signed_in)
    done = [e.facts for e in of_patient(patient=stage.patient.id) if e.facts["outcome"] == "done"]
    assert any(facts["detail"] == {"changed": ["category"]} for facts in done)


@pytest.mark.parametrize("category", ["gossip", "mental"])
def test_only_the_kinds_of_the_policies_can_be_chosen(stage: Stage, signed_in: SignIn, category: str) -> None:
    visit = stage.visit_now()
    signed_in(stage.doctor).post(
        f"/visits/{visit.id}/category/", {"category": category, "loaded_for": str(visit.patient)}
    )
    assert Visit.objects.get(id=visit.id).category == ""

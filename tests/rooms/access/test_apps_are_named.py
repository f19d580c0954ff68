"""What an app opened stands on the patient's page under its own name, with whose app it is and why."""

from collections.abc import Callable

from django.test import Client
from stage.programs import allows, connects, holds
from stage.visits import HERE, Stage

from teleward.access.grants import Action, Subject, authorise
from teleward.access.models import Client as Program
from teleward.access.models import Person
from teleward.access.queries.tokens import asker


def opens(stage: Stage, program: Program, by: Person | None) -> None:
    given = allows(program, by, patient_id=stage.patient.id) if by else None
    about = Subject(
        kind="Patient",
        id=stage.patient.id,
        organisation=stage.practice.id,
        patient=stage.patient.id,
        interaction="Observation.r",
    )
    actor = asker(token=holds(program, given))
    authorise(actor=actor, action=Action.RECORD_READ, subject=about, circumstances=HERE)


def test_an_app_and_whose_it_is(stage: Stage, own: Person, signed_in: Callable[[Person], Client]) -> None:
    stage.visit_now()
    opens(stage, connects(stage.practice), stage.doctor)
    opens(stage, connects(stage.practice, name="Tagebuch"), own)
    opens(stage, connects(stage.practice, name="Labor", kind="backend", scopes="system/*.rs"), None)
    page = signed_in(own).get("/window/accesses/").content.decode()
    assert "Puls, an app that " in page
    assert " (doctor) uses, opened your health record, because of your consultation with them on" in page
    assert "Tagebuch, an app of yours, opened your health record, because these are your own data." in page
    assert "Labor opened your health record, because the practice connected this program." in page

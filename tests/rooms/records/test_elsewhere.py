"""What another system holds about a patient: read as far as it can be, and nobody else's."""

from uuid import UUID

import pytest
from fakes.systems import System, outcome
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.kernel.outward import Answer, Question, Silent
from teleward.records.models import Elsewhere
from teleward.records.queries.elsewhere import HeldElsewhere, summary

pytestmark = pytest.mark.usefixtures("db")


CONDITION = {
    "resourceType": "Condition",
    "id": "1",
    "subject": {"reference": "Patient/17"},
    "code": {"text": "Meniskusriss"},
}


@pytest.fixture
def treated(stage: Stage, connection: UUID) -> UUID:
    """Who has a visit now may look; gives the connection."""
    stage.visit_now()
    return connection


def silent(_question: Question) -> Answer:
    raise Silent


def look(stage: Stage) -> HeldElsewhere:
    (held,) = summary(grant=stage.of_patient(Action.RECORD_READ), patient=stage.patient.id)
    return held


def problems(held: HeldElsewhere) -> list[str]:
    return [finding.text for finding in held.sections[0].findings]


def test_what_is_written_otherwise_is_read_as_far_as_it_can_be(
    stage: Stage, system: System, treated: UUID
) -> None:
    coded = {**CONDITION, "code": {"coding": [{"code": "S83.2"}]}, "unknown": 1, "recordedDate": "soon"}
    silent = {**CONDITION, "code": {"coding": "S83.2"}}
    system.findings["Condition"] = [CONDITION, coded, silent]
    held = look(stage)
    assert (problems(held), held.odd, held.left_out) == (["Meniskusriss", "S83.2"], 1, 1)


def test_what_is_not_clearly_about_this_patient_is_not_shown(
    stage: Stage, system: System, treated: UUID
) -> None:
    """A server that passes over the search parameter gives everybody's."""
    subjects = [{"reference": "Patient/18"}, {"display": "Ayşe"}, None, "Patient/17"]
    system.findings["Condition"] = [{**CONDITION, "subject": subject} for subject in subjects]
    held = look(stage)
    assert (problems(held), held.left_out) == ([], len(subjects))


def test_a_part_that_is_closed_to_us_does_not_close_the_others(
    stage: Stage, system: System, treated: UUID
) -> None:
    system.findings["Condition"] = [CONDITION]
    system.trouble = lambda question: outcome(403) if "AllergyIntolerance" in question.address else None
    held = look(stage)
    assert problems(held) == ["Meniskusriss"]
    assert [section.name for section in held.sections if section.is_closed] == ["allergies"]


def test_a_look_within_a_minute_asks_nobody_again(stage: Stage, system: System, treated: UUID) -> None:
    look(stage)
    asked = len(system.asked)
    assert (look(stage).is_live, len(system.asked)) == (True, asked)
    assert Elsewhere.objects.count() == 1


def test_a_system_that_never_answered_says_so_and_shows_nothing(
    stage: Stage, system: System, treated: UUID
) -> None:
    system.trouble = silent
    held = look(stage)
    assert (held.asked_at, held.sections, "does not answer" in held.problem) == (None, (), True)

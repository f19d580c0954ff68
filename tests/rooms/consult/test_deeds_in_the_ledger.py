"""What somebody does to a visit stands in its patient's chain: who did it, which deed, and no more words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from stage.play import Play
from stage.visits import HERE, Stage, tomorrow

from teleward.access.grants import Action, authorise
from teleward.audit.queries import of_patient
from teleward.consult.agreement import VERSION
from teleward.consult.models import Cancellation
from teleward.consult.operations.choices import agree, withdraw
from teleward.consult.operations.endings import begin_by_phone, end, mark_missed
from teleward.consult.operations.guests import add_guest, remove_guest
from teleward.consult.operations.identity import identify
from teleward.consult.operations.notes import save_note
from teleward.consult.operations.rescheduling import reschedule
from teleward.consult.operations.visits import cancel
from teleward.consult.queries.subjects import visit_subject

Told = list[tuple[str, str, dict[str, object]]]


def done(stage: Stage) -> Told:
    """Every deed in the chain, oldest first: by whom, which action, what is said of it."""
    names = {str(stage.doctor.id): "host", str(stage.desk.id): "desk"}
    told = [entry.facts for entry in of_patient(patient=stage.patient.id)]
    return [
        (names.get(str(facts["actor_id"]), facts["actor_kind"]), facts["action"], facts["detail"])
        for facts in reversed(told)
        if facts["outcome"] == "done"
    ]


@pytest.fixture
def since(stage: Stage) -> Callable[[], Told]:
    """What was done since this was asked last."""
    seen = 0

    def ask() -> Told:
        nonlocal seen
        all_of_it = done(stage)
        new, seen = all_of_it[seen:], len(all_of_it)
        return new

    ask()
    return ask


def test_an_appointment_is_booked_moved_and_called_off(stage: Stage, since: Callable[[], Told]) -> None:
    visit = stage.visit()
    assert since() == [("desk", "consult:visit:book", {"visit": str(visit.id)})]
    later = tomorrow(15)
    moving = stage.grant(Action.VISIT_INVITE, visit)
    reschedule(grant=moving, visit=visit.id, starts_at=later, ends_at=later + timedelta(minutes=20))
    assert since() == [("host", "consult:visit:invite", {"moved": later.isoformat()})]
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit, by=stage.desk), visit=visit.id, reason="her knee")
    assert since() == [("desk", "consult:visit:cancel", {"reason": "other"})]
    assert Cancellation.objects.get().reason == "other"


def test_a_visit_is_held_and_ended(stage: Stage, since: Callable[[], Told]) -> None:
    visit = stage.visit_now()
    since()
    begin_by_phone(grant=stage.grant(Action.VISIT_HOST, visit), visit=visit.id)
    identify(grant=stage.grant(Action.VISIT_IDENTIFY, visit), visit=visit.id, how="id-card")
    save_note(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text="Meniskus", after=0)
    ending = stage.grant(Action.VISIT_END, visit)
    end(grant=ending, visit=visit.id, disposition="completed", follow_up_offered=False)
    assert since() == [
        ("host", "consult:visit:host", {"began": "phone"}),
        ("host", "consult:visit:identify", {"identity": "id-card"}),
        ("host", "consult:note:write", {"version": 1}),
        ("host", "consult:visit:end", {"ended": "completed"}),
    ]


def test_that_nobody_came_is_told(stage: Stage, since: Callable[[], Told]) -> None:
    visit = stage.visit_now()
    since()
    mark_missed(grant=stage.grant(Action.VISIT_END, visit), visit=visit.id)
    assert since() == [("host", "consult:visit:end", {"ended": "missed"})]


def test_a_third_person_is_asked_in_and_sent_away_without_their_name(
    stage: Stage, since: Callable[[], Told]
) -> None:
    visit = stage.visit()
    since()
    asking = stage.grant(Action.VISIT_INVITE, visit)
    guest = add_guest(grant=asking, visit=visit.id, role="relative", name="Deniz Demir", language="de")
    remove_guest(grant=asking, visit=visit.id, guest=guest)
    assert since() == [
        ("host", "consult:visit:invite", {"asked": "relative"}),
        ("host", "consult:visit:invite", {"removed": "relative"}),
    ]


def test_a_consent_is_given_and_taken_back_by_the_patient(stage: Stage, since: Callable[[], Told]) -> None:
    play = Play(stage)
    since()
    grant = authorise(
        actor=play.guest,
        action=Action.VISIT_CONSENT,
        subject=visit_subject(visit=play.visit.id),
        circumstances=HERE,
    )
    agree(grant=grant, visit=play.visit.id, language="de")
    withdraw(grant=grant, visit=play.visit.id)
    assert since() == [
        ("Guest", "consult:visit:consent", {"consent": VERSION}),
        ("Guest", "consult:visit:consent", {"withdrawn": VERSION}),
    ]

"""A doctor opens their own patients; others take one line, and an old visit opens no notes by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from stage.visits import HERE, Stage, person

from teleward.access.grants import Action, GlassNeeded, ReasonNeeded, Refused, authorise
from teleward.access.models import Cover, Person
from teleward.consult.cards import VisitCard
from teleward.consult.operations.booking import Host
from teleward.consult.operations.notes import save_note
from teleward.consult.operations.visits import book, cancel
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.clock import now

pytestmark = pytest.mark.django_db
Moves = Callable[[timedelta], None]


def opens(stage: Stage, action: Action, visit: VisitCard | None = None, *, by: Person | None = None) -> str:
    """The policy that opens the visit, or the patient's entry where no visit is named."""
    grant = stage.grant(action, visit, by=by) if visit else stage.of_patient(action, by=by)
    return grant.policy


def test_an_old_visit_opens_its_notes_for_a_quarter_and_not_for_ever(
    stage: Stage, moved_clock: Moves
) -> None:
    visit = stage.visit_now()
    moved_clock(timedelta(days=90))
    assert opens(stage, Action.NOTE_READ, visit) == "p-consult"
    moved_clock(timedelta(days=1))
    with pytest.raises(GlassNeeded):
        opens(stage, Action.NOTE_READ, visit)
    for action in (Action.NOTE_WRITE, Action.VISIT_HOST):
        with pytest.raises(Refused):
            opens(stage, action, visit)


def test_a_note_may_be_written_and_a_visit_ended_weeks_later(stage: Stage, moved_clock: Moves) -> None:
    visit = stage.visit_now()
    moved_clock(timedelta(days=60))
    assert opens(stage, Action.VISIT_END, visit) == "p-consult"
    save_note(grant=stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, text="Meniskus", after=0)
    assert opens(stage, Action.NOTE_READ, visit) == "p-consult"


def test_the_appointment_itself_is_open_for_half_a_year_and_then_takes_one_line(
    stage: Stage, moved_clock: Moves
) -> None:
    visit = stage.visit_now()
    moved_clock(timedelta(days=180))
    assert opens(stage, Action.VISIT_READ, visit) == "p-treated"
    assert opens(stage, Action.PATIENT_READ) == "p-treated"
    moved_clock(timedelta(days=1))
    for asked in (visit, None):
        with pytest.raises(ReasonNeeded):
            opens(stage, Action.VISIT_READ if asked else Action.PATIENT_READ, asked)


def test_a_visit_booked_for_next_year_is_its_hosts_already(stage: Stage) -> None:
    visit = stage.visit(starts_at=now() + timedelta(days=300))
    assert opens(stage, Action.VISIT_READ, visit) == "p-consult"
    assert opens(stage, Action.PATIENT_READ) == "p-treated"


def test_a_colleague_without_a_tie_is_asked_for_one_line_and_the_desk_is_not(
    stage: Stage, signed_in: Callable[[Person], Client]
) -> None:
    visit = stage.visit()
    colleague, desk = signed_in(stage.second), signed_in(stage.desk)
    for page in (f"/patients/{stage.patient.id}/", f"/visits/{visit.id}/"):
        assert colleague.get(page)["X-Problem"] == "access:reason-needed"
        assert "Demir" not in colleague.get(page).content.decode()
        assert desk.get(page).status_code == 200
    assert "Demir" in colleague.get("/patients/").content.decode()
    said = {"words": "Dr. Novák asked me to look", "next": f"/visits/{visit.id}/"}
    colleague.post(f"/patients/{stage.patient.id}/reason/", said)
    shown = colleague.get(f"/visits/{visit.id}/").content.decode()
    assert "Demir" in shown
    assert "/invitations/" not in shown
    assert "/invitations/" in desk.get(f"/visits/{visit.id}/").content.decode()


def test_a_nurse_opens_whoever_comes_these_days_and_nobody_else(stage: Stage, moved_clock: Moves) -> None:
    nurse = person(stage.practice, "Mara Lind", "nurse")
    stage.visit(starts_at=now() + timedelta(days=3))
    with pytest.raises(ReasonNeeded):
        opens(stage, Action.PATIENT_READ, by=nurse)
    moved_clock(timedelta(days=2))
    assert opens(stage, Action.PATIENT_READ, by=nurse) == "p-day"
    with pytest.raises(GlassNeeded):
        opens(stage, Action.NOTE_READ, by=nurse)
    moved_clock(timedelta(days=3))
    with pytest.raises(ReasonNeeded):
        opens(stage, Action.PATIENT_READ, by=nurse)


def test_whoever_stands_in_by_rota_opens_the_patients_of_the_one_who_is_away(
    stage: Stage, moved_clock: Moves
) -> None:
    stage.visit_now()
    moved_clock(timedelta(days=29))
    Cover.objects.create(
        person=stage.second, covers=stage.doctor, starts_at=now(), ends_at=now() + timedelta(days=2)
    )
    assert opens(stage, Action.PATIENT_READ, by=stage.second) == "p-treated"
    with pytest.raises(GlassNeeded):
        opens(stage, Action.NOTE_READ, by=stage.second)


def test_a_cancelled_appointment_stays_readable_to_its_host_and_opens_no_entry(stage: Stage) -> None:
    visit = stage.visit()
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="clinic")
    assert opens(stage, Action.VISIT_READ, visit) == "p-treated"
    with pytest.raises(ReasonNeeded):
        opens(stage, Action.PATIENT_READ)


def test_a_call_made_up_and_cancelled_again_is_no_way_into_an_entry(stage: Stage) -> None:
    curious = stage.actor(stage.second)
    grant = authorise(
        actor=curious, action=Action.VISIT_BOOK, subject=stage.of_practice(), circumstances=HERE
    )
    own = Host(
        id=stage.second.id, name=stage.second.name, organisation=stage.practice.id, zone="Europe/Berlin"
    )
    made = book(grant=grant, wish=stage.wish(host=own))
    calling = authorise(
        actor=curious,
        action=Action.VISIT_CANCEL,
        subject=visit_subject(visit=made.id),
        circumstances=HERE,
    )
    cancel(grant=calling, visit=made.id, reason="clinic")
    with pytest.raises(ReasonNeeded):
        opens(stage, Action.PATIENT_READ, by=stage.second)

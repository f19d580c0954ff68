"""Making and unmaking appointments."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, connections, transaction
from stage.visits import Stage, set_stage, tomorrow

from teleward.access.grants import Action, NotCovered, Refused
from teleward.access.models import PassRevocation, Person, Standing
from teleward.access.operations.passes import revoke_pass
from teleward.access.queries.passes import PassUnknown
from teleward.consult.models import Cancellation, Guest, Visit
from teleward.consult.operations.booking import Host
from teleward.consult.operations.endings import mark_missed, overdue
from teleward.consult.operations.guests import TooManyGuests, add_guest
from teleward.consult.operations.visits import InThePast, NoMode, NotALength, Overlaps, book, cancel
from teleward.consult.queries.visits import nearest_free
from teleward.consult.queries.visits import visit as read_visit
from teleward.consult.tasks import mark_missed_visits
from teleward.kernel.clock import now
from teleward.kernel.states import NotPossible


def test_a_booked_visit_asks_the_patient_and_tells_access_who_treats_whom(stage: Stage) -> None:
    visit = stage.visit()
    assert [(g.role, g.name) for g in Guest.objects.filter(visit=visit.id)] == [("patient", "Ayşe Demir")]
    standing = Standing.objects.get(visit=visit.id)
    assert (standing.staff_id, standing.patient_id) == (stage.doctor.id, stage.patient.id)


@pytest.mark.parametrize("shift", [-19, 0, 19])
def test_an_overlap_is_refused_without_a_name(stage: Stage, shift: int) -> None:
    stage.visit()
    with pytest.raises(Overlaps) as refused:
        stage.visit(starts_at=tomorrow() + timedelta(minutes=shift))
    assert "Demir" not in str(refused.value.message)


@pytest.mark.parametrize("shift", [-20, 20])
def test_appointments_may_follow_each_other_without_a_gap(stage: Stage, shift: int) -> None:
    stage.visit()
    assert stage.visit(starts_at=tomorrow() + timedelta(minutes=shift)).is_open


def test_the_nearest_free_times_are_right_beside_the_taken_one(stage: Stage) -> None:
    stage.visit()
    stage.visit(starts_at=tomorrow(10, 20))
    assert nearest_free(host=stage.doctor.id, starts_at=tomorrow(10, 10), minutes=20) == (
        tomorrow(9, 40),
        tomorrow(10, 40),
    )


def test_a_call_now_may_overlap_the_plan(stage: Stage) -> None:
    stage.visit(starts_at=now() + timedelta(minutes=5))
    assert stage.visit_now().is_open


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"starts_at": tomorrow() - timedelta(days=3)}, InThePast),
        ({"minutes": 4}, NotALength),
        ({"minutes": 241}, NotALength),
        ({"modes": ()}, NoMode),
        ({"modes": ("telepathy",)}, NoMode),
    ],
)
def test_an_impossible_appointment_is_refused(
    stage: Stage, changes: dict[str, object], problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        stage.visit(**changes)


def test_the_database_itself_refuses_an_overlap(stage: Stage) -> None:
    row = Visit.objects.get(id=stage.visit().id)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(
            **{f.attname: getattr(row, f.attname) for f in Visit._meta.fields if f.attname != "id"}
        )


def test_the_purpose_cannot_be_read_in_the_database(stage: Stage) -> None:
    stage.visit(purpose="Verdacht auf Knieschmerz")
    raw = bytes(Visit.objects.get().purpose or b"")
    assert raw
    assert b"Knieschmerz" not in raw


def test_of_two_bookings_at_the_same_moment_one_wins(
    fresh_database: str, owner_connection: psycopg.Connection
) -> None:
    stage = set_stage()
    grants = [stage.grant(Action.VISIT_BOOK) for _ in range(6)]

    def attempt(number: int) -> bool:
        try:
            book(grant=grants[number], wish=stage.wish(starts_at=tomorrow(10, number)))
        except Overlaps:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(attempt, range(6)))
    assert sum(won) == 1
    assert owner_connection.execute("SELECT count(*) FROM consult_visit").fetchone() == (1,)


def test_cancelling_closes_every_link_at_once_and_keeps_why(stage: Stage) -> None:
    visit = stage.visit()
    link = stage.link(visit)
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="patient")
    assert PassRevocation.objects.filter(taken=link.pass_id).exists()
    assert Cancellation.objects.get().reason == "patient"
    assert Visit.objects.get().sequence == 1
    with pytest.raises(NotPossible):
        cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="patient")


def test_an_appointment_called_off_explains_no_access(stage: Stage) -> None:
    visit = stage.visit_now()
    assert stage.grant(Action.NOTE_READ, visit).policy == "p-consult"
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="other")
    for action in (Action.NOTE_READ, Action.VISIT_HOST):
        with pytest.raises(Refused):
            stage.grant(action, visit)


def test_a_cancelled_time_is_free_again(stage: Stage) -> None:
    visit = stage.visit()
    cancel(grant=stage.grant(Action.VISIT_CANCEL, visit), visit=visit.id, reason="moved")
    assert stage.visit().is_open


def test_three_guests_fill_the_room(stage: Stage) -> None:
    visit = stage.visit()
    for role in ("interpreter", "relative"):
        add_guest(
            grant=stage.grant(Action.VISIT_INVITE, visit),
            visit=visit.id,
            role=role,
            name="Ali",
            language="de",
        )
    with pytest.raises(TooManyGuests):
        add_guest(
            grant=stage.grant(Action.VISIT_INVITE, visit),
            visit=visit.id,
            role="clinician",
            name="Wei",
            language="en",
        )


def test_who_did_not_come_is_marked_after_an_hour_and_not_before(
    stage: Stage, moved_clock: Callable[[timedelta], None]
) -> None:
    visit = stage.visit_now()
    moved_clock(timedelta(minutes=70))
    assert overdue() == []
    moved_clock(timedelta(minutes=30))
    mark_missed_visits(0)
    assert Visit.objects.get().state == "missed"
    mark_missed(grant=stage.grant(Action.VISIT_END, visit), visit=visit.id)
    assert Visit.objects.get().state == "missed"


def test_a_doctor_of_another_practice_is_refused(stage: Stage, stranger: Person) -> None:
    visit = stage.visit()
    for action in (Action.VISIT_READ, Action.VISIT_HOST, Action.VISIT_CANCEL, Action.VISIT_INVITE):
        with pytest.raises(Refused):
            stage.grant(action, visit, by=stranger)


def test_a_colleague_who_is_not_the_host_does_not_get_into_the_room(stage: Stage) -> None:
    with pytest.raises(Refused):
        stage.grant(Action.VISIT_HOST, stage.visit(), by=stage.second)


def test_who_hosts_another_visit_is_not_the_host_of_this_one(stage: Stage) -> None:
    here = stage.practice.id
    host = Host(id=stage.second.id, name=stage.second.name, organisation=here, zone="Europe/Berlin")
    own = stage.visit(host=host, starts_at=tomorrow(12))
    assert stage.grant(Action.VISIT_HOST, own, by=stage.second).policy == "p-consult"
    with pytest.raises(Refused):
        stage.grant(Action.VISIT_HOST, stage.visit(), by=stage.second)


def test_a_grant_for_one_visit_is_no_grant_for_another(stage: Stage) -> None:
    first, second = stage.visit(), stage.visit(starts_at=tomorrow(12))
    grant = stage.grant(Action.VISIT_CANCEL, first)
    with pytest.raises(NotCovered):
        cancel(grant=grant, visit=second.id, reason="clinic")
    with pytest.raises(NotCovered):
        read_visit(grant=stage.grant(Action.VISIT_BOOK))


def test_a_grant_for_one_visit_takes_back_no_link_of_another(stage: Stage) -> None:
    first, second = stage.visit(), stage.visit(starts_at=tomorrow(12))
    link = stage.link(second)
    with pytest.raises(PassUnknown):
        revoke_pass(grant=stage.grant(Action.VISIT_INVITE, first), pass_id=link.pass_id)
    assert not PassRevocation.objects.exists()

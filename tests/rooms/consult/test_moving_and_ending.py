"""An appointment is moved only before it began; what changes is told at once to every open socket."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from stage.deliveries import do_what_waits
from stage.play import Play
from stage.visits import HERE, Stage, tomorrow

from teleward.access.grants import Action, authorise
from teleward.access.models import Standing
from teleward.consult.cards import VisitCard
from teleward.consult.models import Choice, Invitation, Visit
from teleward.consult.operations.choices import agree, choose, say_company, withdraw
from teleward.consult.operations.endings import begin_by_phone, end
from teleward.consult.operations.guests import Post, add_guest, remove_guest, send_invitation
from teleward.consult.operations.live_room import NotThisMode, VisitOver
from teleward.consult.operations.rescheduling import reschedule
from teleward.consult.operations.visits import InThePast, Overlaps, cancel
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.clock import now
from teleward.kernel.states import NotPossible

Deed = Callable[[], None]
MINUTES = timedelta(minutes=20)


def move(stage: Stage, visit: VisitCard, to: datetime) -> None:
    moving = stage.grant(Action.VISIT_INVITE, visit)
    reschedule(grant=moving, visit=visit.id, starts_at=to, ends_at=to + MINUTES)


def ended(stage: Stage, visit: VisitCard) -> None:
    ending = stage.grant(Action.VISIT_END, visit)
    end(grant=ending, visit=visit.id, disposition="completed", follow_up_offered=False)


def test_a_moved_appointment_opens_the_record_around_its_new_time(stage: Stage) -> None:
    visit, later = stage.visit(), tomorrow(10, 10)  # it may fall on its own old time
    move(stage, visit, later)
    standing = Standing.objects.get(visit=visit.id)
    assert (standing.starts_at, standing.ends_at, standing.staff_id) == (
        later,
        later + MINUTES,
        stage.doctor.id,
    )
    assert Visit.objects.get().sequence == 1


def test_it_is_not_moved_onto_another_or_into_the_past(stage: Stage) -> None:
    visit, _other = stage.visit(), stage.visit(starts_at=tomorrow(12))
    with pytest.raises(Overlaps):
        move(stage, visit, tomorrow(12, 10))
    with pytest.raises(InThePast):
        move(stage, visit, now() - timedelta(hours=1))
    assert Visit.objects.get(id=visit.id).starts_at == visit.starts_at


@pytest.mark.parametrize("state", ["waiting", "in-call", "ended", "cancelled", "missed"])
def test_what_began_or_is_over_is_moved_no_more(stage: Stage, state: str) -> None:
    visit = stage.visit()
    Visit.objects.update(state=state)
    with pytest.raises(VisitOver):
        move(stage, visit, tomorrow(15))
    assert Visit.objects.get().starts_at == visit.starts_at


def test_who_was_written_to_is_written_to_again_and_who_was_removed_is_not(stage: Stage) -> None:
    visit = stage.visit()
    grant = stage.grant(Action.VISIT_INVITE, visit)
    gone = add_guest(grant=grant, visit=visit.id, role="relative", name="Deniz", language="de")
    for guest, address in ((guests(grant=grant)[0].id, "ayse@example.org"), (gone, "deniz@example.org")):
        post = Post(channel="email", address=address)
        send_invitation(grant=grant, visit=visit.id, guest=guest, post=post)
    do_what_waits("consult.send_invitation")
    remove_guest(grant=grant, visit=visit.id, guest=gone)
    mail.outbox.clear()
    move(stage, visit, tomorrow(15))
    do_what_waits("consult.send_invitation")
    assert [message.to for message in mail.outbox] == [["ayse@example.org"]]
    assert Invitation.objects.count() == 3


def test_a_call_by_phone_begins_no_visit_that_is_over(stage: Stage) -> None:
    visit = stage.visit_now()
    ended(stage, visit)
    with pytest.raises(NotPossible):
        begin_by_phone(grant=stage.grant(Action.VISIT_HOST, visit), visit=visit.id)
    assert Visit.objects.get().state == "ended"


def test_the_patient_decides_nothing_more_once_it_is_over_but_takes_back(stage: Stage) -> None:
    play = Play(stage)
    subject = visit_subject(visit=play.visit.id)
    consenting = authorise(actor=play.guest, action=Action.VISIT_CONSENT, subject=subject, circumstances=HERE)
    joining, visit = play.by_guest(), play.visit.id
    agree(grant=consenting, visit=visit, language="de")
    Visit.objects.update(modes=["audio", "phone"])
    for wrong in ({"mode": "video"}, {"mode": "audio", "declined": "video"}):
        with pytest.raises(NotThisMode):
            choose(grant=joining, visit=visit, **wrong)
    ended(stage, play.visit)
    late_ones: tuple[Deed, ...] = (
        lambda: choose(grant=joining, visit=visit, mode="audio"),
        lambda: agree(grant=consenting, visit=visit, language="de"),
        lambda: say_company(grant=joining, visit=visit, who="meine Tochter"),
    )
    for late in late_ones:
        with pytest.raises(VisitOver):
            late()
    assert not Choice.objects.exists()
    withdraw(grant=consenting, visit=visit)
    assert Visit.objects.get().consents.filter(withdrawal=None).count() == 0


@pytest.fixture
def told() -> Iterator[list[tuple[str, str]]]:
    """Each word to the sockets: its topic and of which visit."""
    heard: list[tuple[str, str]] = []

    def listen(execute: Callable[..., Any], sql: str, params: Sequence[str], *more: Any) -> Any:
        if "pg_notify" in sql:
            said = json.loads(params[1])
            heard.append((said["topic"], said["ids"].get("visit", "")))
        return execute(sql, params, *more)

    with connection.execute_wrapper(listen):
        yield heard


def test_open_sockets_hear_at_once_that_it_ended_or_was_called_off(
    stage: Stage, told: list[tuple[str, str]]
) -> None:
    visit, other = stage.visit_now(), stage.visit()
    ended(stage, visit)
    cancel(grant=stage.grant(Action.VISIT_CANCEL, other), visit=other.id, reason="clinic")
    assert ("visit-ended", str(visit.id)) in told
    assert ("visit-cancelled", str(other.id)) in told


def test_open_sockets_hear_at_once_that_a_consent_a_guest_or_the_time_is_gone(
    stage: Stage, told: list[tuple[str, str]]
) -> None:
    play = Play(stage)
    visit = play.visit.id
    word = ("visit-changed", str(visit))
    consenting = authorise(
        actor=play.guest,
        action=Action.VISIT_CONSENT,
        subject=visit_subject(visit=visit),
        circumstances=HERE,
    )
    agree(grant=consenting, visit=visit, language="de")
    inviting = play.by_host(Action.VISIT_INVITE)
    gone = add_guest(grant=inviting, visit=visit, role="relative", name="Deniz", language="de")
    deeds: tuple[Deed, ...] = (
        lambda: withdraw(grant=consenting, visit=visit),
        lambda: remove_guest(grant=inviting, visit=visit, guest=gone),
        lambda: move(stage, play.visit, tomorrow(15)),
    )
    for deed in deeds:
        told.clear()
        deed()
        assert word in told

"""Who was let in to one visit does nothing at another, and a guest nothing of what its host does."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

import pytest
from stage.play import HOST, PATIENT, Play
from stage.visits import HERE, Stage, tomorrow

from teleward.access.grants import Action, Grant, NotCovered, authorise
from teleward.consult.cards import Arrival, Words
from teleward.consult.operations.category import keep_visit_closer
from teleward.consult.operations.choices import agree, choose, say_company, withdraw
from teleward.consult.operations.endings import begin_by_phone, end, mark_missed
from teleward.consult.operations.guests import Post, add_guest, remove_guest, send_invitation, show_link
from teleward.consult.operations.identity import identify
from teleward.consult.operations.live_records import record_media, record_path, record_words
from teleward.consult.operations.live_room import admit, arrive, leave, take_seat, turn_away
from teleward.consult.operations.notes import save_note
from teleward.consult.operations.rescheduling import reschedule
from teleward.consult.operations.visits import cancel
from teleward.consult.queries.seats import seats
from teleward.consult.queries.subjects import visit_subject
from teleward.kernel.ids import new_id

Door = Callable[..., object]
ANY: Final = new_id()
SAME: Final = Words(other=HOST, run=1, outcome="same", form="words", evidence="0" * 64)
LATER: Final = tomorrow(15)
OF_THE_HOST: Final[Mapping[Action, tuple[Door, ...]]] = {
    Action.VISIT_END: (
        partial(end, disposition="completed", follow_up_offered=False),
        mark_missed,
    ),
    Action.VISIT_HOST: (begin_by_phone,),
    Action.VISIT_ADMIT: (partial(admit, peer=PATIENT), partial(turn_away, peer=PATIENT)),
    Action.VISIT_IDENTIFY: (partial(identify, how="known"),),
    Action.VISIT_CANCEL: (partial(cancel, reason="clinic"),),
    Action.VISIT_INVITE: (
        partial(add_guest, role="relative", name="Deniz", language="de"),
        partial(remove_guest, guest=ANY),
        partial(show_link, guest=ANY),
        partial(send_invitation, guest=ANY, post=Post(channel="sms", address="030 1")),
        partial(reschedule, starts_at=LATER, ends_at=LATER + timedelta(minutes=20)),
    ),
    Action.NOTE_WRITE: (
        partial(save_note, text="Meniskus", after=0),
        partial(keep_visit_closer, category="genetics"),
    ),
}
OF_A_GUEST: Final[Mapping[Action, tuple[Door, ...]]] = {
    Action.VISIT_CONSENT: (partial(agree, language="de"), withdraw),
    Action.VISIT_JOIN: (
        partial(choose, mode="audio"),
        partial(say_company, who="meine Tochter"),
        partial(take_seat, peer=PATIENT),
        partial(arrive, peer=PATIENT, arrival=Arrival(mode="video")),
        partial(leave, peer=PATIENT),
        partial(record_media, peer=PATIENT, mode="video"),
        partial(record_path, peer=PATIENT, other=HOST, path="direct"),
        partial(record_words, peer=PATIENT, words=SAME),
        seats,
    ),
}


def named(doors: Mapping[Action, tuple[Door, ...]]) -> list[object]:
    """Each door with what opens it, under its own name."""
    listed = [(action, door) for action, each in doors.items() for door in each]
    return [pytest.param(*pair, id=getattr(pair[1], "func", pair[1]).__name__) for pair in listed]


def of_guest(play: Play, action: Action, visit: UUID) -> Grant:
    return authorise(actor=play.guest, action=action, subject=visit_subject(visit=visit), circumstances=HERE)


@pytest.fixture
def play(stage: Stage) -> Play:
    return Play(stage)


@pytest.mark.parametrize(("action", "door"), named({**OF_THE_HOST, **OF_A_GUEST}))
def test_who_was_let_in_to_one_visit_does_nothing_at_another(play: Play, action: Action, door: Door) -> None:
    other = play.stage.visit(starts_at=tomorrow(12))
    grant = of_guest(play, action, play.visit.id) if action in OF_A_GUEST else play.by_host(action)
    with pytest.raises(NotCovered):
        door(grant=grant, visit=other.id)


@pytest.mark.parametrize(("action", "door"), named(OF_THE_HOST))
def test_a_guest_does_nothing_of_what_the_host_does(play: Play, action: Action, door: Door) -> None:
    for held in (Action.VISIT_JOIN, Action.VISIT_PREPARE, Action.VISIT_CONSENT):
        assert held is not action
        with pytest.raises(NotCovered):
            door(grant=of_guest(play, held, play.visit.id), visit=play.visit.id)

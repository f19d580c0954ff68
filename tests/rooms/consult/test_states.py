"""What a visit and a seat can go through."""

import pytest

from teleward.consult.states import OPEN_STATES, SEAT, VISIT, SeatEvent, SeatState, VisitEvent, VisitState
from teleward.kernel.states import NotPossible


def test_a_visit_goes_from_booked_to_ended_by_way_of_the_lobby() -> None:
    state = VISIT.initial
    for event in (VisitEvent.INVITE, VisitEvent.ARRIVE, VisitEvent.ADMIT, VisitEvent.END):
        state = VISIT.after(state, event)
    assert state == VisitState.ENDED


@pytest.mark.parametrize("over", [VisitState.ENDED, VisitState.CANCELLED, VisitState.MISSED])
@pytest.mark.parametrize("event", list(VisitEvent))
def test_nothing_happens_to_a_visit_that_is_over(over: VisitState, event: VisitEvent) -> None:
    with pytest.raises(NotPossible):
        VISIT.after(over, event)


def test_nobody_cancels_a_call_that_is_going_on() -> None:
    with pytest.raises(NotPossible):
        VISIT.after(VisitState.IN_CALL, VisitEvent.CANCEL)


@pytest.mark.parametrize("state", [VisitState.WAITING, VisitState.IN_CALL])
def test_somebody_who_came_is_never_counted_as_missing(state: VisitState) -> None:
    assert not VISIT.allows(state, VisitEvent.MISS)


@pytest.mark.parametrize("state", OPEN_STATES)
def test_an_open_visit_can_always_be_ended_and_joined(state: VisitState) -> None:
    assert VISIT.allows(state, VisitEvent.END)
    assert VISIT.allows(state, VisitEvent.ARRIVE)


def test_one_who_left_the_lobby_leaves_the_visit_as_it_was_before() -> None:
    assert VISIT.after(VisitState.WAITING, VisitEvent.WITHDRAW) == VisitState.INVITED


def test_one_who_was_turned_away_cannot_get_in_by_asking_again() -> None:
    assert not SEAT.allows(SeatState.TURNED_AWAY, SeatEvent.ADMIT)
    assert not SEAT.allows(SeatState.TURNED_AWAY, SeatEvent.ARRIVE)


def test_nobody_is_admitted_who_has_not_said_to_be_ready() -> None:
    assert not SEAT.allows(SeatState.PRESENT, SeatEvent.ADMIT)


def test_a_reload_keeps_an_admitted_seat() -> None:
    assert SEAT.after(SeatState.ADMITTED, SeatEvent.COME) == SeatState.ADMITTED

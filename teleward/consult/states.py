"""The states of a visit, and of a place in its room. Who moved it and why is in the record of the deed."""

from enum import StrEnum

from teleward.kernel.states import StateTable


class VisitState(StrEnum):
    BOOKED = "booked"
    INVITED = "invited"
    WAITING = "waiting"
    IN_CALL = "in-call"
    ENDED = "ended"
    CANCELLED = "cancelled"
    MISSED = "missed"


class VisitEvent(StrEnum):
    INVITE = "invite"
    ARRIVE = "arrive"
    WITHDRAW = "withdraw"  # the last one who waited went away again
    ADMIT = "admit"
    BEGIN = "begin"  # the clinician begins without a lobby: by phone
    END = "end"
    CANCEL = "cancel"
    MISS = "miss"


VISIT_STATES = tuple(state.value for state in VisitState)
OPEN_STATES = (VisitState.BOOKED, VisitState.INVITED, VisitState.WAITING, VisitState.IN_CALL)

_BEFORE = {
    VisitEvent.INVITE: VisitState.INVITED,
    VisitEvent.ARRIVE: VisitState.WAITING,
    VisitEvent.BEGIN: VisitState.IN_CALL,
    VisitEvent.END: VisitState.ENDED,
    VisitEvent.CANCEL: VisitState.CANCELLED,
    VisitEvent.MISS: VisitState.MISSED,
}
_WAITING = {
    VisitEvent.INVITE: VisitState.WAITING,
    VisitEvent.ARRIVE: VisitState.WAITING,
    VisitEvent.WITHDRAW: VisitState.INVITED,
    VisitEvent.ADMIT: VisitState.IN_CALL,
    VisitEvent.BEGIN: VisitState.IN_CALL,
    VisitEvent.END: VisitState.ENDED,
    VisitEvent.CANCEL: VisitState.CANCELLED,
}
_IN_CALL = {
    VisitEvent.INVITE: VisitState.IN_CALL,
    VisitEvent.ARRIVE: VisitState.IN_CALL,
    VisitEvent.WITHDRAW: VisitState.IN_CALL,
    VisitEvent.ADMIT: VisitState.IN_CALL,
    VisitEvent.BEGIN: VisitState.IN_CALL,
    VisitEvent.END: VisitState.ENDED,
}
_FROM: dict[VisitState, dict[VisitEvent, VisitState]] = {
    VisitState.BOOKED: _BEFORE,
    VisitState.INVITED: _BEFORE,
    VisitState.WAITING: _WAITING,
    VisitState.IN_CALL: _IN_CALL,
    VisitState.ENDED: {},
    VisitState.CANCELLED: {},
    VisitState.MISSED: {},
}
VISIT = StateTable(
    name="visit",
    initial=VisitState.BOOKED,
    transitions={
        (state, event): follows.get(event) for state, follows in _FROM.items() for event in VisitEvent
    },
)


class SeatState(StrEnum):
    PRESENT = "present"  # the socket is open, the person has not said they are ready
    WAITING = "waiting"
    ADMITTED = "admitted"
    TURNED_AWAY = "turned-away"
    LEFT = "left"


class SeatEvent(StrEnum):
    COME = "come"
    ARRIVE = "arrive"
    ADMIT = "admit"
    TURN_AWAY = "turn-away"
    LEAVE = "leave"


_SEAT_FROM: dict[SeatState, dict[SeatEvent, SeatState]] = {
    SeatState.PRESENT: {
        SeatEvent.COME: SeatState.PRESENT,
        SeatEvent.ARRIVE: SeatState.WAITING,
        SeatEvent.LEAVE: SeatState.LEFT,
    },
    SeatState.WAITING: {
        SeatEvent.COME: SeatState.WAITING,
        SeatEvent.ARRIVE: SeatState.WAITING,
        SeatEvent.ADMIT: SeatState.ADMITTED,
        SeatEvent.TURN_AWAY: SeatState.TURNED_AWAY,
        SeatEvent.LEAVE: SeatState.LEFT,
    },
    SeatState.ADMITTED: {
        SeatEvent.COME: SeatState.ADMITTED,
        SeatEvent.ARRIVE: SeatState.ADMITTED,
        SeatEvent.ADMIT: SeatState.ADMITTED,
        SeatEvent.TURN_AWAY: SeatState.TURNED_AWAY,
        SeatEvent.LEAVE: SeatState.LEFT,
    },
    SeatState.TURNED_AWAY: {SeatEvent.COME: SeatState.TURNED_AWAY, SeatEvent.LEAVE: SeatState.LEFT},
    SeatState.LEFT: {SeatEvent.COME: SeatState.PRESENT, SeatEvent.LEAVE: SeatState.LEFT},
}
SEAT = StateTable(
    name="seat",
    initial=SeatState.PRESENT,
    transitions={
        (state, event): follows.get(event) for state, follows in _SEAT_FROM.items() for event in SeatEvent
    },
)
SEAT_STATES = tuple(state.value for state in SeatState)

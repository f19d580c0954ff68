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

_S, _E = VisitState, VisitEvent
VISIT = StateTable(
    name="visit",
    transitions={
        (_S.BOOKED, _E.INVITE): _S.INVITED,
        (_S.BOOKED, _E.ARRIVE): _S.WAITING,
        (_S.BOOKED, _E.BEGIN): _S.IN_CALL,
        (_S.BOOKED, _E.END): _S.ENDED,
        (_S.BOOKED, _E.CANCEL): _S.CANCELLED,
        (_S.BOOKED, _E.MISS): _S.MISSED,
        (_S.INVITED, _E.INVITE): _S.INVITED,
        (_S.INVITED, _E.ARRIVE): _S.WAITING,
        (_S.INVITED, _E.BEGIN): _S.IN_CALL,
        (_S.INVITED, _E.END): _S.ENDED,
        (_S.INVITED, _E.CANCEL): _S.CANCELLED,
        (_S.INVITED, _E.MISS): _S.MISSED,
        (_S.WAITING, _E.INVITE): _S.WAITING,
        (_S.WAITING, _E.ARRIVE): _S.WAITING,
        (_S.WAITING, _E.WITHDRAW): _S.INVITED,
        (_S.WAITING, _E.ADMIT): _S.IN_CALL,
        (_S.WAITING, _E.BEGIN): _S.IN_CALL,
        (_S.WAITING, _E.END): _S.ENDED,
        (_S.WAITING, _E.CANCEL): _S.CANCELLED,
        (_S.IN_CALL, _E.INVITE): _S.IN_CALL,
        (_S.IN_CALL, _E.ARRIVE): _S.IN_CALL,
        (_S.IN_CALL, _E.WITHDRAW): _S.IN_CALL,
        (_S.IN_CALL, _E.ADMIT): _S.IN_CALL,
        (_S.IN_CALL, _E.BEGIN): _S.IN_CALL,
        (_S.IN_CALL, _E.END): _S.ENDED,
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


_T, _G = SeatState, SeatEvent
SEAT = StateTable(
    name="seat",
    transitions={
        (_T.PRESENT, _G.COME): _T.PRESENT,
        (_T.PRESENT, _G.ARRIVE): _T.WAITING,
        (_T.PRESENT, _G.LEAVE): _T.LEFT,
        (_T.WAITING, _G.COME): _T.WAITING,
        (_T.WAITING, _G.ARRIVE): _T.WAITING,
        (_T.WAITING, _G.ADMIT): _T.ADMITTED,
        (_T.WAITING, _G.TURN_AWAY): _T.TURNED_AWAY,
        (_T.WAITING, _G.LEAVE): _T.LEFT,
        (_T.ADMITTED, _G.COME): _T.ADMITTED,
        (_T.ADMITTED, _G.ARRIVE): _T.ADMITTED,
        (_T.ADMITTED, _G.ADMIT): _T.ADMITTED,
        (_T.ADMITTED, _G.LEAVE): _T.LEFT,
        (_T.ADMITTED, _G.TURN_AWAY): _T.TURNED_AWAY,
        (_T.TURNED_AWAY, _G.COME): _T.TURNED_AWAY,
        (_T.TURNED_AWAY, _G.LEAVE): _T.LEFT,
        (_T.LEFT, _G.COME): _T.PRESENT,
        (_T.LEFT, _G.LEAVE): _T.LEFT,
    },
)
SEAT_STATES = tuple(state.value for state in SeatState)

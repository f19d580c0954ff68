"""Moving a visit or a seat from one state to the next, by the tables and under the visit's lock."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from teleward.consult.models import Seat, Visit
from teleward.consult.states import OPEN_STATES, SEAT, VISIT, SeatEvent, SeatState, VisitEvent, VisitState
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish

COMING = frozenset({VisitEvent.ARRIVE, VisitEvent.WITHDRAW, VisitEvent.BEGIN})


class VisitOver(Problem):
    """The visit is ended, cancelled or missed."""

    code = "consult:over"
    status = 410
    message = _("This consultation is over. Ask the practice for a new appointment if you still need one.")


class NoSuchPeer(Problem):
    """Nobody with this peer id came to this visit."""

    code = "consult:no-such-peer"
    status = 404
    message = _("This person is no longer here. Please look at the list again.")


def lock_visit(visit: UUID) -> Visit:
    """The visit's row, locked until the transaction ends. Raises NotFound."""
    row = Visit.objects.select_for_update().filter(id=visit).first()
    if row is None:
        raise NotFound
    return row


def lock_open_visit(visit: UUID) -> Visit:
    """The same, for a visit that is not over. Raises NotFound and VisitOver."""
    row = lock_visit(visit)
    if row.state not in OPEN_STATES:
        raise VisitOver
    return row


def move_visit(row: Visit, event: VisitEvent) -> None:
    """Takes one step of the visit's table and stores it. Raises the table's refusal."""
    before, row.state = row.state, VISIT.after(VisitState(row.state), event)
    row.save(update_fields=["state"])
    if event in COMING and row.state != before:
        publish(Event.VISIT_ARRIVED, visit=row.id)


def seat_of(visit: Visit, peer: str) -> Seat:
    """The seat of this peer. Raises NoSuchPeer."""
    row = Seat.objects.select_related("visit").filter(visit=visit, peer=peer).first()
    if row is None:
        raise NoSuchPeer
    return row


def move_seat(row: Seat, event: SeatEvent) -> None:
    """Takes one step of the seat's table and stores it. Raises the table's refusal."""
    row.state = SEAT.after(SeatState(row.state), event)
    row.save(update_fields=["state", "number", "mode"])

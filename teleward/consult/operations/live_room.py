"""Doors of the live room: coming, being ready, being let in, being turned away, going.

All are synchronous and take one short transaction under the visit's row lock.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, ActorKind, Grant
from teleward.access.queries.naming import naming
from teleward.consult.cards import Arrival, SeatCard
from teleward.consult.models import (
    Admission,
    Company,
    EquipmentCheck,
    Leaving,
    ModePeriod,
    Seat,
    TurningAway,
    Visit,
)
from teleward.consult.modes import OFFERED
from teleward.consult.operations.moves import (
    VisitOver,
    lock_open_visit,
    lock_visit,
    move_seat,
    move_visit,
    seat_of,
)
from teleward.consult.operations.periods import close
from teleward.consult.queries.seats import seat_card
from teleward.consult.states import SeatEvent, SeatState, VisitEvent, VisitState
from teleward.kernel.envelope import seal
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id

ROOM_SIZE = 4


class RoomFull(Problem):
    """Four seats are taken."""

    code = "consult:full"
    status = 409
    message = _("The room is full. One person has to leave before another can come in.")


class SeatTaken(Problem):
    """The peer id belongs to somebody else."""

    code = "consult:seat-taken"
    status = 409
    message = _("Please reload this page and try again.")


class NotThisMode(Problem):
    """A mode nobody offers."""

    code = "consult:mode"
    status = 400
    message = _("Please choose one of the ways to talk that are offered.")


def take_seat(*, grant: Grant, visit: UUID, peer: str) -> SeatCard:
    """A tab said hello. The host gets seat 1 at once; a guest keeps what it had, admitted or not.

    `peer`: 32 hexadecimal digits. Raises VisitOver, SeatTaken, RoomFull.
    """
    grant.must_cover(Action.VISIT_HOST, Action.VISIT_JOIN, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        seat = _found_or_new(grant, row, peer)
        move_seat(seat, SeatEvent.COME)
        if grant.action == Action.VISIT_HOST:
            _seat_the_host(grant, row, seat)
        return seat_card(seat)


def arrive(*, grant: Grant, visit: UUID, peer: str, arrival: Arrival) -> SeatCard:
    """A guest is ready and waits. Raises VisitOver, NoSuchPeer, NotThisMode."""
    grant.must_cover(Action.VISIT_HOST, Action.VISIT_JOIN, subject=visit)
    if arrival.mode not in OFFERED:
        raise NotThisMode
    with transaction.atomic():
        row = lock_open_visit(visit)
        seat = seat_of(row, peer)
        seat.mode = arrival.mode
        move_seat(seat, SeatEvent.ARRIVE)
        _keep_arrival(grant, seat, arrival)
        if seat.state == SeatState.WAITING:
            move_visit(row, VisitEvent.ARRIVE)
        return seat_card(seat)


def admit(*, grant: Grant, visit: UUID, peer: str) -> SeatCard:
    """The host lets one seat in; it gets the lowest free number. Raises VisitOver, NoSuchPeer, RoomFull."""
    grant.must_cover(Action.VISIT_ADMIT, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        seat = seat_of(row, peer)
        if seat.state != SeatState.ADMITTED:
            seat.number = _free_number(row)
            move_seat(seat, SeatEvent.ADMIT)
            move_visit(row, VisitEvent.ADMIT)
            Admission.objects.create(seat=seat, by=grant.actor.id)
        return seat_card(seat)


def turn_away(*, grant: Grant, visit: UUID, peer: str) -> SeatCard:
    """The host does not let this seat in, or asks it to go. Raises VisitOver, NoSuchPeer."""
    grant.must_cover(Action.VISIT_ADMIT, subject=visit)
    with transaction.atomic():
        row = lock_open_visit(visit)
        seat = seat_of(row, peer)
        if seat.state != SeatState.TURNED_AWAY:
            _free(seat, SeatEvent.TURN_AWAY)
            TurningAway.objects.create(seat=seat, by=grant.actor.id)
            _nobody_waits(row)
        return seat_card(seat)


def leave(*, grant: Grant, visit: UUID, peer: str, why: str = "left") -> None:
    """A seat is given up: `why` is left, lost (gone for too long), replaced or ended. Idempotent."""
    grant.must_cover(Action.VISIT_HOST, Action.VISIT_JOIN, subject=visit)
    with transaction.atomic():
        row = lock_visit(visit)
        seat = seat_of(row, peer)
        if seat.state != SeatState.LEFT:
            _free(seat, SeatEvent.LEAVE)
            Leaving.objects.create(seat=seat, by=grant.actor.id, why=why)
            _nobody_waits(row)


def _found_or_new(grant: Grant, row: Visit, peer: str) -> Seat:
    staff = grant.actor.kind == ActorKind.STAFF
    person, pass_id = (grant.actor.id, None) if staff else (None, grant.actor.id)
    seat = Seat.objects.select_related("visit").filter(visit=row, peer=peer).first()
    if seat is None:
        role = "host" if grant.action == Action.VISIT_HOST else _role(grant)
        name = _called(grant, row) if staff else grant.actor.name
        return Seat.objects.create(visit=row, peer=peer, person=person, pass_id=pass_id, role=role, name=name)
    if (seat.person, seat.pass_id) != (person, pass_id):
        raise SeatTaken
    return seat


def _called(grant: Grant, row: Visit) -> str:
    """What the others in the call read, who are guests. The role stands beside it, in their language."""
    called = naming(organisation=row.organisation)
    return grant.actor.name if called.with_names else called.practice


def _role(grant: Grant) -> str:
    known = ("patient", "relative", "interpreter", "clinician")
    return next((role for role in known if role in grant.actor.roles), "clinician")


def _seat_the_host(grant: Grant, row: Visit, seat: Seat) -> None:
    """Only one tab of the host holds seat 1: the newest."""
    if seat.state == SeatState.ADMITTED:
        return
    for older in Seat.objects.filter(visit=row, number=1, state=SeatState.ADMITTED):
        _free(older, SeatEvent.LEAVE)
        Leaving.objects.create(seat=older, by=grant.actor.id, why="replaced")
    seat.number = 1
    seat.state = SeatState.WAITING
    move_seat(seat, SeatEvent.ADMIT)
    Admission.objects.create(seat=seat, by=grant.actor.id)


def _free_number(row: Visit) -> int:
    taken = set(Seat.objects.filter(visit=row, state=SeatState.ADMITTED).values_list("number", flat=True))
    free = next((number for number in range(2, ROOM_SIZE + 1) if number not in taken), None)
    if free is None:
        raise RoomFull
    return free


def _free(seat: Seat, event: SeatEvent) -> None:
    seat.number = None
    move_seat(seat, event)
    close(ModePeriod.objects.filter(seat=seat))


def _nobody_waits(row: Visit) -> None:
    waiting = Seat.objects.filter(visit=row, state=SeatState.WAITING).exists()
    if row.state == VisitState.WAITING and not waiting:
        move_visit(row, VisitEvent.WITHDRAW)


def _keep_arrival(grant: Grant, seat: Seat, arrival: Arrival) -> None:
    check = arrival.check
    if check is not None:
        EquipmentCheck.objects.create(
            seat=seat,
            by=grant.actor.id,
            path=check.path,
            camera=check.camera,
            microphone=check.microphone,
            speaker=check.speaker,
        )
    if arrival.company:
        row_id = new_id()
        text = "\n".join(who.replace("\n", " ")[:80] for who in arrival.company)
        who = seal(patient=seat.visit.patient, plaintext=text.encode(), context=f"company:{row_id}")
        Company.objects.create(
            id=row_id, visit=seat.visit, seat=seat, side="patient", who=who, by=grant.actor.id
        )


__all__ = [
    "NotThisMode",
    "RoomFull",
    "SeatTaken",
    "VisitOver",
    "admit",
    "arrive",
    "leave",
    "take_seat",
    "turn_away",
]

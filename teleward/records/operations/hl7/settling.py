"""What a person decides about a message that waits, and what the server tries again by itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Circumstances, Grant, record
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id
from teleward.records.models import AppointmentRequest, Handling, Received
from teleward.records.operations.hl7.applying import apply
from teleward.records.operations.hl7.outcomes import SETTLED
from teleward.records.queries.hl7.inbox import STATES, newest_of, with_newest

QUIET: Final = timedelta(minutes=1)  # a wire may still be at it
KEPT: Final = timedelta(days=30)
WAITS: Final = timedelta(days=90)  # at most; then it goes unapplied
MOST: Final = 200
OPEN: Final = STATES["waiting"]


class NothingToDo(Problem):
    """The message was applied, or nobody has it any more."""

    code = "records:message-settled"
    status = 409
    message = _("This message is done. There is nothing left to apply.")


@dataclass(frozen=True, kw_only=True)
class Swept:
    """How many messages were applied and forgotten."""

    applied: int
    forgotten: int


def apply_again(*, grant: Grant, received: UUID, circumstances: Circumstances) -> None:
    """Applies a message that waits or was refused once more. Raises NothingToDo or NotFound."""
    grant.must_cover(Action.APP_CHANGE)
    row = _waiting(grant, received)
    asked = AppointmentRequest.objects.filter(received=row).first()
    if asked is None:
        apply(grant=grant, received=row.id, circumstances=circumstances, by=grant.actor.id)
        return
    with transaction.atomic():  # it stands in the calendar's hands already
        Handling.objects.create(received=row, by=grant.actor.id, outcome="passed", patient=asked.patient)
        record(grant=grant, detail={"message": str(row.id), "again": "yes"})
        publish(Event.APPOINTMENT_RECEIVED, request=asked.id)


@transaction.atomic
def drop(*, grant: Grant, received: UUID) -> None:
    """A person decides that it is not to be applied; its text is emptied. Raises NothingToDo or NotFound."""
    grant.must_cover(Action.APP_CHANGE)
    row = _waiting(grant, received)
    Handling.objects.create(received=row, by=grant.actor.id, outcome="dropped")
    Received.objects.filter(id=row.id).update(sealed=b"")
    record(grant=grant, detail={"message": str(row.id), "outcome": "dropped"})


def sweep(*, grant: Grant) -> Swept:
    """Applies what was cut off, in the order it came, and forgets what is 30 days old, or waited for 90."""
    grant.must_cover(Action.MESSAGE_TAKE)
    rows = Received.objects.filter(organisation=grant.organisation)
    cut_off = rows.filter(handlings=None, received_at__lt=now() - QUIET).order_by("received_at")[:MOST]
    here = Circumstances(request_id=str(new_id()), client_address="", via="job")
    ids = list(cut_off.values_list("id", flat=True))
    for each in ids:
        apply(grant=grant, received=each, circumstances=here)
    return Swept(applied=len(ids), forgotten=_forgotten(grant))


def _forgotten(grant: Grant) -> int:
    """Old messages go: of what was applied nothing is left, and of what was refused its sender has it."""
    rows = with_newest(practice=grant.organisation).filter(received_at__lt=now() - KEPT)
    is_over = Q(received_at__lt=now() - WAITS)
    going = dict(rows.filter(is_over | ~Q(last__in=OPEN)).values_list("id", "last")[:MOST])
    Received.objects.filter(id__in=going).delete()
    unapplied = [str(each) for each, last in going.items() if last in OPEN]
    if unapplied:
        record(grant=grant, detail={"forgotten-unapplied": unapplied})
    return len(going)


def _waiting(grant: Grant, received: UUID) -> Received:
    row = Received.objects.filter(organisation=grant.organisation, id=received).first()
    if row is None:
        raise NotFound
    newest = newest_of(row)
    if newest and newest.outcome in SETTLED:
        raise NothingToDo
    return row

"""Moving an appointment to another time. Who was written to is written to again, with a new link."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.standings import record_standing
from teleward.consult.models import Invitation, Visit
from teleward.consult.operations.moves import VisitOver, lock_visit
from teleward.consult.operations.visits import EARLIEST, InThePast, Overlaps
from teleward.consult.queries.visits import taken
from teleward.consult.states import VisitState
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal, unseal
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id
from teleward.kernel.notices import notify

BEFORE = frozenset({VisitState.BOOKED, VisitState.INVITED})


def reschedule(*, grant: Grant, visit: UUID, starts_at: datetime, ends_at: datetime) -> None:
    """Moves an appointment that has not begun. Raises Overlaps, InThePast or VisitOver."""
    grant.must_cover(Action.VISIT_INVITE, subject=visit)
    if starts_at < now() - EARLIEST:
        raise InThePast
    try:
        with transaction.atomic():
            _moved(grant, lock_visit(visit), starts_at, ends_at)
    except IntegrityError as clash:
        raise Overlaps from clash


def _moved(grant: Grant, row: Visit, starts_at: datetime, ends_at: datetime) -> None:
    if row.state not in BEFORE:
        raise VisitOver
    own = (row.starts_at, row.ends_at)
    if any(span != own for span in taken(host=row.host, start=starts_at, end=ends_at)):
        raise Overlaps
    row.starts_at, row.ends_at, row.sequence = starts_at, ends_at, row.sequence + 1
    row.save(update_fields=["starts_at", "ends_at", "sequence"])
    record_standing(
        grant=grant,
        visit=row.id,
        organisation=row.organisation,
        patient=row.patient,
        staff=row.host,
        role="host",
        starts_at=starts_at,
        ends_at=ends_at,
    )
    _written_to_again(row)
    record(grant=grant, detail={"moved": starts_at.isoformat()})
    notify("visit-changed", visit=row.id)
    publish(Event.VISIT_BOOKED, visit=row.id)


def _written_to_again(row: Visit) -> None:
    """Whoever had the last letter of each guest has another one."""
    sent = Invitation.objects.filter(guest__visit=row, guest__removed_at=None, channel__in=["email", "sms"])
    for before in sent.order_by("guest", "-at").distinct("guest"):
        address = unseal(
            patient=row.patient, sealed=bytes(before.address or b""), context=f"address:{before.id}"
        )
        again = new_id()
        where = seal(patient=row.patient, plaintext=address, context=f"address:{again}")
        Invitation.objects.create(
            id=again, guest=before.guest, channel=before.channel, address=where, by=before.by
        )
        app.configure_task("consult.send_invitation", allow_unknown=True).defer(invitation=str(again))

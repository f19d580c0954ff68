"""Making and unmaking appointments."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.passes import revoke_pass
from teleward.access.operations.standings import record_standing, withdraw_standing
from teleward.access.queries.merging import must_be_kept
from teleward.consult.cards import VisitCard
from teleward.consult.models import Cancellation, Guest, Visit
from teleward.consult.modes import OFFERED
from teleward.consult.operations.booking import Wish
from teleward.consult.operations.moves import lock_visit, move_visit
from teleward.consult.queries.visits import cards, taken
from teleward.consult.states import VisitEvent
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id
from teleward.kernel.notices import notify

REASONS = ("patient", "clinic", "moved", "other")
CALL_NOW_MINUTES = 15
EARLIEST = timedelta(minutes=10)  # a clock that is a little behind is no reason to refuse


class Overlaps(Problem):
    """The clinician has another appointment at this time. Says nothing about whose."""

    code = "consult:overlap"
    status = 409
    message = _(
        "There is already an appointment at this time. Please choose one of the free times, or another one."
    )


class InThePast(Problem):
    """The time has passed."""

    code = "consult:past"
    message = _("This time has already passed. Please choose a later one.")


class NotALength(Problem):
    """Not between five minutes and four hours."""

    code = "consult:length"
    message = _("An appointment takes between 5 minutes and 4 hours. Please choose a length.")


class NoMode(Problem):
    """No way to talk is offered."""

    code = "consult:no-mode"
    message = _("Please offer at least one way to talk.")


def book(*, grant: Grant, wish: Wish) -> VisitCard:
    """Makes the appointment and tells access who has to do with whom.

    Raises Overlaps, InThePast, NotALength, NoMode, EarlierFile.
    """
    grant.must_cover(Action.VISIT_BOOK, subject=wish.host.organisation, patient=wish.patient.id)
    _check(wish)
    must_be_kept(patient=wish.patient.id)
    try:
        with transaction.atomic():
            return _booked(grant, wish)
    except IntegrityError as clash:
        raise Overlaps from clash


def cancel(*, grant: Grant, visit: UUID, reason: str) -> None:
    """Cancels an appointment: `reason` is one of REASONS. Raises NotPossible once the call began."""
    grant.must_cover(Action.VISIT_CANCEL, subject=visit)
    with transaction.atomic():
        row = lock_visit(visit)
        move_visit(row, VisitEvent.CANCEL)
        row.sequence += 1
        row.save(update_fields=["sequence"])
        Cancellation.objects.create(
            visit=row, by=grant.actor.id, reason=reason if reason in REASONS else "other"
        )
        for held in filter(None, row.guests.values_list("pass_id", flat=True)):
            revoke_pass(grant=grant, pass_id=held)
        withdraw_standing(grant=grant, visit=visit)
        record(grant=grant, detail={"reason": reason if reason in REASONS else "other"})
        notify("visit-cancelled", visit=visit)
        publish(Event.VISIT_CANCELLED, visit=visit)


def _check(wish: Wish) -> None:
    if not 5 <= wish.minutes <= 240:
        raise NotALength
    if not wish.modes or not set(wish.modes) <= set(OFFERED):
        raise NoMode
    if wish.starts_at < now() - EARLIEST:
        raise InThePast


def _booked(grant: Grant, wish: Wish) -> VisitCard:
    with connection.cursor() as cursor:  # one booking at a time per clinician, also without btree_gist
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"day:{wish.host.id}"])
    if wish.planned and taken(host=wish.host.id, start=wish.starts_at, end=wish.ends_at):
        raise Overlaps
    row = _row(grant, wish)
    Guest.objects.create(
        visit=row, role="patient", name=wish.patient.name, language=wish.patient.language, by=grant.actor.id
    )
    record_standing(
        grant=grant,
        visit=row.id,
        organisation=row.organisation,
        patient=wish.patient.id,
        staff=wish.host.id,
        role="host",
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
    )
    record(grant=grant, detail={"visit": str(row.id)})
    publish(Event.VISIT_BOOKED, visit=row.id)
    return cards([row])[0]


def _row(grant: Grant, wish: Wish) -> Visit:
    visit, words = new_id(), wish.purpose.strip()[:2000]
    sealed = (
        seal(patient=wish.patient.id, plaintext=words.encode(), context=f"purpose:{visit}") if words else None
    )
    return Visit.objects.create(
        id=visit,
        organisation=wish.host.organisation,
        patient=wish.patient.id,
        host=wish.host.id,
        host_name=wish.host.name,
        time_zone=wish.host.zone,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        planned=wish.planned,
        modes=list(wish.modes),
        purpose=sealed,
        booked_by=grant.actor.id,
    )

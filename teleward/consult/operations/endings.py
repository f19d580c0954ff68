"""How a visit ends, and how it is known that nobody came."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.access.operations.standings import end_standing
from teleward.consult.models import Absence, Ending, Leaving, ModePeriod, Seat, Visit, VisitKey
from teleward.consult.models.care import DISPOSITIONS
from teleward.consult.operations.moves import lock_visit, move_visit
from teleward.consult.operations.periods import close
from teleward.consult.states import SeatState, VisitEvent, VisitState
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.notices import notify
from teleward.kernel.openings import without_grant

GRACE = timedelta(hours=1)  # after the planned end, before a visit counts as missed


class NoDisposition(Problem):
    """How it ended has to be said."""

    code = "consult:no-disposition"
    message = _("Please say how the consultation ended. Then you can close it.")


def end(*, grant: Grant, visit: UUID, disposition: str, follow_up_offered: bool) -> None:
    """Ends the visit for everybody in it. Raises NoDisposition, or NotPossible when it is over already."""
    grant.must_cover(Action.VISIT_END, subject=visit)
    if disposition not in DISPOSITIONS:
        raise NoDisposition
    with transaction.atomic():
        row = lock_visit(visit)
        move_visit(row, VisitEvent.END)
        Ending.objects.create(
            visit=row, by=grant.actor.id, disposition=disposition, follow_up_offered=follow_up_offered
        )
        _everybody_leaves(row)
        end_standing(grant=grant, visit=visit, at=now())
        record(grant=grant, detail={"ended": disposition})
        notify("visit-ended", visit=visit)
        publish(Event.VISIT_ENDED, visit=visit)


def begin_by_phone(*, grant: Grant, visit: UUID) -> None:
    """The clinician says that they are talking on the telephone, outside of the room."""
    grant.must_cover(Action.VISIT_HOST, subject=visit)
    with transaction.atomic():
        move_visit(lock_visit(visit), VisitEvent.BEGIN)
        record(grant=grant, detail={"began": "phone"})


@without_grant("Ids only: the job asks the gate for each visit before it touches it.")
def overdue() -> list[UUID]:
    """Visits nobody came to, an hour after their planned end."""
    before = now() - GRACE
    rows = VisitKey.objects.filter(state__in=[VisitState.BOOKED, VisitState.INVITED], ends_at__lt=before)
    return list(rows.values_list("id", flat=True))


def mark_missed(*, grant: Grant, visit: UUID) -> None:
    """Keeps that the patient did not come. A visit that moved on meanwhile is left as it is."""
    grant.must_cover(Action.VISIT_END, subject=visit)
    with transaction.atomic():
        row = lock_visit(visit)
        if row.state not in {VisitState.BOOKED, VisitState.INVITED}:
            return
        move_visit(row, VisitEvent.MISS)
        Absence.objects.create(visit=row)
        end_standing(grant=grant, visit=visit, at=now())
        record(grant=grant, detail={"ended": "missed"})
        notify("visit-ended", visit=visit)
        publish(Event.VISIT_MISSED, visit=visit)


def _everybody_leaves(row: Visit) -> None:
    close(ModePeriod.objects.filter(seat__visit=row))
    for seat in Seat.objects.filter(visit=row).exclude(state=SeatState.LEFT):
        seat.number = None
        seat.state = SeatState.LEFT
        seat.save(update_fields=["number", "state"])
        Leaving.objects.create(seat=seat, why="ended")


__all__ = ["NoDisposition", "begin_by_phone", "end", "mark_missed", "overdue"]

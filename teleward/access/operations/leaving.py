"""Leaving on a day known in advance. The date itself ends the access; the job only tidies up after it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject, record
from teleward.access.models import PlannedLeaving
from teleward.access.operations.administrators import held_colleague, keep_an_administrator
from teleward.access.operations.deactivation import ReasonMissing, deactivate
from teleward.access.operations.people import system_grant
from teleward.access.operations.proofs import by_staff
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.openings import without_grant


class DayIsOver(Problem):
    """The day lies in the past."""

    code = "access:day-is-over"
    message = _("Please choose today or a day to come. To end the access at once, use “End access”.")


@transaction.atomic
def plan_leaving(*, grant: Grant, person: UUID, at: datetime, reason: str) -> None:
    """From `at` on the person's access is over: sessions, sockets, sign-in. Told again, it is corrected.

    Raises NotFound, DayIsOver, ReasonMissing or LastAdministrator.
    """
    grant.must_cover(Action.STAFF_CHANGE, subject=person)
    found = held_colleague(person, grant.organisation)
    if at <= now():
        raise DayIsOver
    if not reason.strip():
        raise ReasonMissing
    keep_an_administrator(besides=found)
    PlannedLeaving.objects.update_or_create(
        person=found,
        defaults={
            "at": at, "planned_by_id": by_staff(grant), "planned_at": now(), "reason": reason.strip()[:200],
        },
    )  # fmt: skip
    record(grant=grant, detail={"leaves": at.isoformat()})


@transaction.atomic
def cancel_leaving(*, grant: Grant, person: UUID) -> None:
    """They stay after all. Raises NotFound once the day has come."""
    grant.must_cover(Action.STAFF_CHANGE, subject=person)
    held_colleague(person, grant.organisation)
    gone, _rows = PlannedLeaving.objects.filter(person=person, at__gt=now()).delete()
    if not gone:
        raise NotFound
    record(grant=grant, detail={"stays": str(person)})


@without_grant("The job asks the gate for each person it finds.")
def end_who_have_left() -> int:
    """Ends the access of everybody whose day has come: their sockets close. Returns how many."""
    due = PlannedLeaving.objects.filter(at__lte=now(), person__deactivation=None).select_related("person")
    for planned in due:
        person = planned.person
        subject = Subject(kind="Person", id=person.id, organisation=person.organisation_id)
        grant = system_grant(
            action=Action.STAFF_DEACTIVATE, organisation=person.organisation_id, subject=subject, via="job"
        )
        deactivate(grant=grant, person=person.id, reason=planned.reason)
    return len(due)

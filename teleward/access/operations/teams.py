"""The care team: who looks after a patient for longer than one visit, from a day to a day."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, NotCovered, record
from teleward.access.models import Person, Standing
from teleward.access.queries.teams import TREATING
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.ids import new_id


class NotOfTheTeam(Problem):
    """Only doctors and nurses of the practice can be on a care team."""

    code = "access:not-of-the-team"
    message = _("Choose a doctor or a nurse of this practice.")


class AlreadyOnTeam(Problem):
    """The person is on the care team."""

    code = "access:already-on-team"
    status = 409
    message = _("This person is already on the care team.")


@transaction.atomic
def join_team(*, grant: Grant, staff: UUID) -> UUID:
    """Puts somebody on the care team of the grant's patient, from now until they are taken off.

    Returns the id of the membership. Raises NotOfTheTeam or AlreadyOnTeam.
    """
    grant.must_cover(Action.TEAM_CHANGE)
    patient = grant.subject.patient
    if patient is None:
        raise NotCovered
    able = Person.objects.filter(id=staff, organisation=grant.organisation)
    able.select_for_update().first()  # two who press at once: one after the other
    if not able.filter(deactivation=None, roles__name__in=TREATING).exists():
        raise NotOfTheTeam
    if Standing.objects.filter(kind="team", patient=patient, staff=staff, ended_at=None).exists():
        raise AlreadyOnTeam
    row = Standing.objects.create(
        kind="team",
        source=new_id(),
        organisation_id=grant.organisation,
        patient_id=patient,
        staff_id=staff,
        starts_at=now(),
    )
    record(grant=grant, detail={"joined": str(staff)})
    return row.id


@transaction.atomic
def leave_team(*, grant: Grant, membership: UUID) -> None:
    """Takes somebody off the care team at once: having been on it explains nothing. Raises NotFound."""
    grant.must_cover(Action.TEAM_CHANGE)
    rows = Standing.objects.filter(kind="team", patient=grant.subject.patient, ended_at=None)
    row = rows.select_for_update().filter(id=membership).first()
    if row is None:
        raise NotFound
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    record(grant=grant, detail={"left": str(row.staff_id)})

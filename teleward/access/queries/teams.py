"""Who is on a patient's care team, and who could be."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import Person, Standing

TREATING = ("physician", "nurse")


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    """One membership that stands."""

    id: UUID
    name: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Clinician:
    """Somebody who treats here."""

    id: UUID
    name: str


def care_team(*, grant: Grant) -> list[TeamMember]:
    """The care team of the grant's patient, the longest first."""
    grant.must_cover(Action.PATIENT_READ, Action.TEAM_CHANGE)
    rows = Standing.objects.filter(kind="team", patient=grant.subject.patient, ended_at=None)
    rows = rows.filter(staff__deactivation=None).select_related("staff").order_by("starts_at")
    return [TeamMember(id=row.id, name=row.staff.name, since=row.starts_at) for row in rows]


def clinicians(*, grant: Grant) -> list[Clinician]:
    """Doctors and nurses of the practice who are not on the team yet, by name."""
    grant.must_cover(Action.PATIENT_READ, Action.TEAM_CHANGE)
    team = Standing.objects.filter(kind="team", patient=grant.subject.patient, ended_at=None)
    able = Person.objects.filter(organisation=grant.organisation, deactivation=None, roles__name__in=TREATING)
    rows = able.exclude(id__in=team.values("staff")).distinct().order_by("name")
    return [Clinician(id=row.id, name=row.name) for row in rows]

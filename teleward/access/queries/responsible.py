"""Who is told next when something about a patient waits: who asked for it, the care team, who stands in."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import Cover, Person, Role, Standing
from teleward.access.queries.teams import TREATING
from teleward.kernel.clock import now


@dataclass(frozen=True, kw_only=True)
class Responsible:
    """Groups in the order in which they are told; each has somebody in it who works here and treats."""

    groups: tuple[frozenset[UUID], ...]
    last: frozenset[UUID] = frozenset()  # where none of these may look: who treats here, and privacy officers


def responsible(*, grant: Grant, asked_for_by: UUID) -> Responsible:
    """For the grant's patient: whoever asked for it, the care team, those who stand in for them by rota now.

    Where none of these works here any more, everybody who treats here.
    """
    grant.must_cover(Action.READING_READ, Action.ALERT_ACKNOWLEDGE)
    members = Standing.objects.filter(kind="team", patient=grant.subject.patient, ended_at=None)
    team = frozenset(members.values_list("staff", flat=True))
    first = frozenset({asked_for_by})
    steps = (first, team - first, _covering(first | team) - first - team)
    groups = tuple(filter(None, (_here(grant, step) for step in steps)))
    last = _all(grant) | _holding(grant, ("privacy-officer",))
    return Responsible(groups=groups or tuple(filter(None, (_all(grant),))), last=last)


def _covering(people: Iterable[UUID]) -> frozenset[UUID]:
    at = now()
    rows = Cover.objects.filter(covers__in=people, starts_at__lte=at, ends_at__gte=at)
    return frozenset(rows.values_list("person", flat=True))


def _here(grant: Grant, people: frozenset[UUID]) -> frozenset[UUID]:
    return people & _all(grant)


def _all(grant: Grant) -> frozenset[UUID]:
    return _holding(grant, TREATING)


def _holding(grant: Grant, roles: Iterable[str]) -> frozenset[UUID]:
    at = now()
    still = Q(ends_at=None) | Q(ends_at__gt=at)
    holding = Role.objects.filter(still, starts_at__lte=at, name__in=list(roles))
    rows = Person.objects.filter(
        organisation=grant.organisation, deactivation=None, id__in=holding.values("person")
    )
    return frozenset(rows.values_list("id", flat=True))

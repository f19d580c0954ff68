"""Giving somebody a role and ending it, with its dates and by whom. What was stays readable."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import Role
from teleward.access.operations.administrators import held_colleague, keep_an_administrator, not_to_oneself
from teleward.access.operations.people import ADMINISTRATOR, ROLES, RoleUnknown
from teleward.access.operations.proofs import by_staff
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish


class RoleHeld(Problem):
    """They have this role in that time already."""

    code = "access:role-held"
    status = 409
    message = _("They have this role in that time already. End it first, or choose other dates.")


class DatesTurned(Problem):
    """The end lies before the beginning, or in the past."""

    code = "access:dates-turned"
    message = _("Please check the dates: the last day must not lie before the first one, or in the past.")


@transaction.atomic
def give_role(
    *, grant: Grant, person: UUID, role: str, starts_at: datetime, ends_at: datetime | None
) -> None:
    """Gives a colleague a role from one instant, to another or until it is ended.

    Raises NotFound, RoleUnknown, DatesTurned, RoleHeld or SomebodyElseMust.
    """
    grant.must_cover(Action.STAFF_CHANGE, subject=person)
    not_to_oneself(actor=grant.actor.id, person=person, organisation=grant.organisation)
    found = held_colleague(person, grant.organisation)
    if role not in ROLES:
        raise RoleUnknown
    if ends_at is not None and ends_at <= max(starts_at, now()):
        raise DatesTurned
    if any(_meet(held, starts_at, ends_at) for held in found.roles.all() if held.name == role):
        raise RoleHeld
    Role.objects.create(
        person=found, name=role, given_by_id=by_staff(grant), starts_at=starts_at, ends_at=ends_at
    )
    _tell(grant, person, {"gave": role, **_dates(starts_at, ends_at)})


@transaction.atomic
def end_role(*, grant: Grant, person: UUID, role: UUID, at: datetime) -> None:
    """Ends one role of a colleague, now or on a day to come. It counts from the next page they ask for.

    Raises NotFound, DatesTurned or LastAdministrator.
    """
    grant.must_cover(Action.STAFF_CHANGE, Action.STAFF_RECERTIFY)
    found = held_colleague(person, grant.organisation)
    row = Role.objects.filter(id=role, person=found).first()
    if row is None or (row.ends_at is not None and row.ends_at <= now()):
        raise NotFound
    if at < grant.at and at < now():
        raise DatesTurned
    if row.name == ADMINISTRATOR:
        keep_an_administrator(besides=found)
    row.ends_at, row.ended_by_id = at, by_staff(grant)
    row.save(update_fields=["ends_at", "ended_by"])
    _tell(grant, person, {"ended": row.name, "of": str(person), **_dates(None, at)})


def _meet(held: Role, starts_at: datetime, ends_at: datetime | None) -> bool:
    """Whether the two spans have an instant in common."""
    begins_in_time = ends_at is None or held.starts_at < ends_at
    return begins_in_time and (held.ends_at is None or starts_at < held.ends_at)


def _dates(starts_at: datetime | None, ends_at: datetime | None) -> dict[str, str]:
    dates = {"from": starts_at, "to": ends_at}
    return {name: at.isoformat() for name, at in dates.items() if at is not None}


def _tell(grant: Grant, person: UUID, detail: dict[str, str]) -> None:
    record(grant=grant, detail=detail)
    publish(Event.ROLE_CHANGED, person=person)

"""Every quarter somebody looks at each role of each person: still needed, or ended."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, Subject, record
from teleward.access.models import Confirmation, Person, Role
from teleward.access.operations.administrators import LastAdministrator
from teleward.access.operations.people import system_grant
from teleward.access.operations.proofs import by_staff
from teleward.access.operations.roles import end_role
from teleward.access.queries.recertification import due_roles
from teleward.access.signin.limits import RECERTIFICATION
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.openings import without_grant


class OwnRole(Problem):
    """Nobody confirms their own roles while somebody else can."""

    code = "access:own-role"
    status = 409
    message = _("You cannot confirm your own roles. Please ask another administrator or the privacy officer.")


@transaction.atomic
def confirm_role(*, grant: Grant, person: UUID, role: UUID) -> None:
    """This person still needs this role. Raises NotFound or OwnRole."""
    grant.must_cover(Action.STAFF_RECERTIFY, subject=person)
    row = Role.objects.filter(id=role, person=person, person__organisation=grant.organisation).first()
    if row is None or not row.holds(now()):
        raise NotFound
    if person == grant.actor.id and _somebody_else_can(grant):
        raise OwnRole
    Confirmation.objects.create(person_id=person, role=row.name, confirmed_by_id=by_staff(grant))
    record(grant=grant, detail={"confirmed": row.name})


@without_grant("The job asks the gate for each person it finds.")
def end_unconfirmed(*, ends: bool = RECERTIFICATION.ends_after_grace) -> int:
    """Where the policy says so, ends the roles nobody confirmed in time; never the last administrator's."""
    if not ends:
        return 0
    at = now()
    late = [row for row, due_at in due_roles(at=at) if due_at + RECERTIFICATION.grace < at]
    return sum(_end(row, at) for row in late)


def _end(row: Role, at: datetime) -> bool:
    person = row.person
    subject = Subject(kind="Person", id=person.id, organisation=person.organisation_id)
    grant = system_grant(
        action=Action.STAFF_RECERTIFY, organisation=person.organisation_id, subject=subject, via="job"
    )
    try:
        end_role(grant=grant, person=person.id, role=row.id, at=at)
    except LastAdministrator:
        return False
    return True


def _somebody_else_can(grant: Grant) -> bool:
    at = now()
    others = Person.objects.filter(organisation=grant.organisation, deactivation=None, patient_key=None)
    roles = Role.objects.filter(person__in=others).exclude(person=grant.actor.id)
    return any(row.holds(at) for row in roles.filter(name__in=("administrator", "privacy-officer")))

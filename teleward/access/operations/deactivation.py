"""The end of a person's access: sessions and sockets close at once, their work and the ledger stay."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import Deactivation, Organisation, Person, Role, Session
from teleward.access.operations.sessions import end_all
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.notices import notify


class LastAdministrator(Problem):
    """Without this person nobody could invite anybody."""

    code = "access:last-administrator"
    status = 409
    message = _("This is the only administrator. Make somebody else an administrator first.")


class ReasonNeeded(Problem):
    """A deactivation says why."""

    code = "access:reason-needed"
    message = _("Please say in a few words why.")


@transaction.atomic
def deactivate(*, grant: Grant, person: UUID, reason: str) -> None:
    """Ends this person's access everywhere. Raises NotFound, ReasonNeeded or LastAdministrator."""
    grant.must_cover(Action.STAFF_DEACTIVATE, subject=person)
    one_at_a_time = Organisation.objects.select_for_update(no_key=True)  # two could end each other's access
    one_at_a_time.get(id=grant.organisation)
    found = (
        Person.objects.select_for_update(of=("self",))
        .filter(id=person, organisation=grant.organisation)
        .first()
    )
    if found is None:
        raise NotFound
    if not reason.strip():
        raise ReasonNeeded
    if _is_last_administrator(found):
        raise LastAdministrator
    by = grant.actor.id if grant.actor.kind.value == "Staff" else None
    _deactivation, made = Deactivation.objects.get_or_create(
        person=found, defaults={"by_id": by, "reason": reason.strip()[:200]}
    )
    if made:
        end_all(Session.objects.filter(person=found))
        notify("person-deactivated", person=found.id)
        record(grant=grant, detail={"deactivated": str(found.id)})


def _is_last_administrator(person: Person) -> bool:
    active = Role.objects.select_for_update(of=("self",)).filter(
        name="administrator", person__organisation=person.organisation_id, person__deactivation=None
    )
    administrators = {role.person_id for role in active if role.holds(now())}
    return administrators == {person.id}

"""The end of a person's access: sessions and sockets close at once, their work and the ledger stay."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import Deactivation, Session
from teleward.access.operations.administrators import held_colleague, keep_an_administrator
from teleward.access.operations.proofs import by_staff
from teleward.access.operations.sessions import end_all
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.notices import notify


class ReasonMissing(Problem):
    """A deactivation says why."""

    code = "access:reason-missing"
    message = _("Please say in a few words why.")


@transaction.atomic
def deactivate(*, grant: Grant, person: UUID, reason: str) -> None:
    """Ends this person's access everywhere. Raises NotFound, ReasonMissing or LastAdministrator."""
    grant.must_cover(Action.STAFF_DEACTIVATE, subject=person)
    found = held_colleague(person, grant.organisation)
    if not reason.strip():
        raise ReasonMissing
    keep_an_administrator(besides=found)
    Deactivation.objects.create(person=found, by_id=by_staff(grant), reason=reason.strip()[:200])
    end_all(Session.objects.filter(person=found))
    notify("person-deactivated", person=found.id)
    record(grant=grant, detail={"deactivated": str(found.id)})
    publish(Event.PERSON_LEFT, person=found.id)

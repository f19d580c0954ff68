"""There is always somebody left who can let others in."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from teleward.access.models import Organisation, Person, Role
from teleward.access.operations.people import ADMINISTRATOR
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem


class LastAdministrator(Problem):
    """Without this person nobody could invite anybody."""

    code = "access:last-administrator"
    status = 409
    message = _("This is the only administrator. Make somebody else an administrator first.")


class SomebodyElseMust(Problem):
    """Nobody gives themself rights while another administrator could."""

    code = "access:somebody-else-must"
    status = 403
    message = _("You cannot give this to yourself. Please ask another administrator of your practice.")


def not_to_oneself(*, actor: UUID | None, person: UUID, organisation: UUID) -> None:
    """Holds that rights come from somebody else where there is somebody. Raises SomebodyElseMust."""
    if person != actor:
        return
    roles = Role.objects.filter(
        name=ADMINISTRATOR, person__organisation=organisation, person__deactivation=None
    ).exclude(person=actor)
    if any(row.holds(now()) for row in roles):
        raise SomebodyElseMust


def held_colleague(person: UUID, organisation: UUID) -> Person:
    """A colleague whose access has not ended, locked with their practice until the transaction ends.

    One at a time, since two could end each other's access in the same moment. Raises NotFound.
    """
    Organisation.objects.select_for_update(no_key=True).get(id=organisation)
    rows = Person.objects.select_for_update(of=("self",)).filter(patient=None, deactivation=None)
    found = rows.filter(id=person, organisation=organisation).first()
    if found is None:
        raise NotFound
    return found


def keep_an_administrator(*, besides: Person) -> None:
    """Holds that another administrator stays, one whose end is not set. Raises LastAdministrator."""
    at = now()
    lasting = Role.objects.filter(
        name=ADMINISTRATOR,
        ends_at=None,
        starts_at__lte=at,
        person__organisation=besides.organisation_id,
        person__deactivation=None,
        person__planned_leaving=None,
    )
    is_one = any(r.holds(at) for r in besides.roles.all() if r.name == ADMINISTRATOR)
    if is_one and not lasting.exclude(person=besides).exists():
        raise LastAdministrator

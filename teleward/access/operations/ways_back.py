"""A colleague lost every way to sign in: a new invitation to the person they already are."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant
from teleward.access.models import (
    AppGrant,
    AuthenticatorApp,
    ExternalIdentity,
    Passkey,
    Person,
    RecoveryCode,
    Session,
    StaffInvitation,
)
from teleward.access.operations.entries import note
from teleward.access.operations.invitations import InvitationOver, IssuedInvitation, issue
from teleward.access.operations.sessions import end_all
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish


class OwnWayBack(Problem):
    """Who is signed in has a way in, and changes it under their own name."""

    code = "access:own-way-back"
    status = 409
    message = _("You are signed in yourself. Change how you sign in on the page “My sign-in”.")


@transaction.atomic
def open_way_back(*, grant: Grant, person: UUID, by_mail: bool) -> IssuedInvitation:
    """Invites a colleague anew, as the person they are; their sessions end. Raises NotFound or OwnWayBack."""
    grant.must_cover(Action.STAFF_READMIT, subject=person)
    if person == grant.actor.id:
        raise OwnWayBack
    rows = Person.objects.select_for_update(of=("self",)).select_related("organisation")
    rows = rows.filter(organisation=grant.organisation, deactivation=None, patient_key=None)
    found = rows.filter(id=person).first()
    if found is None:
        raise NotFound
    end_all(Session.objects.filter(person=found))
    publish(Event.CREDENTIAL_CHANGED, person=found.id)
    return issue(grant, _invitation(found, grant), by_mail=by_mail)


def begin_anew(*, row: StaffInvitation, circumstances: Circumstances) -> Person:
    """The person again, without anything they signed in with before, inside the caller's transaction."""
    people = Person.objects.select_for_update(of=("self",)).filter(ways_back=row, deactivation=None)
    person = people.first()
    if person is None:
        raise InvitationOver
    for kept in (Passkey, AuthenticatorApp, RecoveryCode, ExternalIdentity, AppGrant):
        kept.objects.filter(person=person).delete()
    person.password, person.password_failures, person.recovery_failures = "", 0, 0
    person.save(update_fields=["password", "password_failures", "recovery_failures"])
    end_all(Session.objects.filter(person=person))
    row.accepted_at, row.accepted_as = now(), person
    row.save(update_fields=["accepted_at", "accepted_as"])
    detail = {"accepted": str(row.id), "removed": "every earlier way in"}
    note(
        action=Action.STAFF_READMIT,
        outcome="done",
        circumstances=circumstances,
        person=person,
        detail=detail,
    )
    publish(Event.CREDENTIAL_CHANGED, person=person.id)
    return person


def _invitation(person: Person, grant: Grant) -> StaffInvitation:
    at = now()
    roles = [role.name for role in person.roles.all() if role.holds(at)]
    return StaffInvitation(
        organisation=person.organisation,
        person=person,
        email=person.email,
        name=person.name,
        roles=roles,
        invited_by_id=grant.actor.id if grant.actor.kind.value == "Staff" else None,
    )

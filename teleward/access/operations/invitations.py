"""Inviting somebody to sign in, for seven days and one use: a colleague, or a patient to their own window."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teleward.access.actions import Action
from teleward.access.grants import Circumstances, Grant, record
from teleward.access.models import Organisation, Patient, Person, StaffInvitation
from teleward.access.operations.entries import note
from teleward.access.operations.people import ROLES, AddressTaken, RoleUnknown
from teleward.access.queries.naming import shows_names
from teleward.access.signin.limits import LINK
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_token, token_hash
from teleward.kernel.mail import NoMail, mail_is_set_up
from teleward.kernel.openings import without_grant


class InvitationOver(Problem):
    """The invitation was used, withdrawn, replaced, or is too old."""

    code = "access:invitation-over"
    status = 410
    message = _(
        "This invitation cannot be used any more. Please ask the person who invited you for a new one."
    )


class AddressImpossible(Problem):
    """What was typed is no e-mail address."""

    code = "access:address-impossible"
    message = _("Please check the e-mail address: it needs an @ and a domain, such as name@example.org.")


class NameNeeded(Problem):
    """An invitation names the person."""

    code = "access:name-needed"
    message = _("Please enter the person's name.")


class RoleNeeded(Problem):
    """A colleague without a role could do nothing."""

    code = "access:role-needed"
    message = _("Please choose at least one role.")


@dataclass(frozen=True, kw_only=True)
class IssuedInvitation:
    """A new invitation. `link` is shown once and kept nowhere; empty when it goes by e-mail."""

    id: UUID
    link: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class InvitationCard:
    """What somebody holding the link may see."""

    id: UUID
    name: str
    email: str
    clinic: str
    invited_by: str
    expires_at: datetime
    is_for_patient: bool
    is_way_back: bool


def invite(*, grant: Grant, name: str, email: str, roles: tuple[str, ...], by_mail: bool) -> IssuedInvitation:
    """Invites a colleague. Raises AddressImpossible, AddressTaken, NameNeeded, RoleNeeded or RoleUnknown."""
    grant.must_cover(Action.STAFF_INVITE)
    if not roles:
        raise RoleNeeded
    if not set(roles) <= set(ROLES):
        raise RoleUnknown
    return issue(grant, _checked(grant, name, email, roles=list(roles)), by_mail=by_mail)


def invitation_to_account(*, grant: Grant, patient: Patient, email: str) -> StaffInvitation:
    """An invitation of a patient to their own window, not yet given out.

    Raises AddressImpossible or AddressTaken.
    """
    grant.must_cover(Action.ACCOUNT_OPEN, Action.ACCOUNT_SECOND, patient=patient.id)
    return _checked(grant, f"{patient.given_name} {patient.family_name}", email, patient=patient)


@transaction.atomic
def send_again(*, grant: Grant, invitation: UUID, by_mail: bool) -> IssuedInvitation:
    """A new link in place of the old one, good for another seven days. Raises InvitationOver."""
    grant.must_cover(Action.STAFF_INVITE)
    return _give_link(grant, _open_invitation(grant, invitation), by_mail=by_mail)


@transaction.atomic
def withdraw(*, grant: Grant, invitation: UUID) -> None:
    """Takes an invitation back. Raises InvitationOver."""
    grant.must_cover(Action.STAFF_INVITE)
    row = _open_invitation(grant, invitation)
    row.withdrawn_at = now()
    row.save(update_fields=["withdrawn_at"])
    record(grant=grant, detail={"withdrawn": str(row.id)})


@without_grant(
    "The link is the invited person's own; it shows what was said to them, and nobody else's data."
)
def invitation_behind(*, token: str, circumstances: Circumstances) -> InvitationCard:
    """What the invitation says; that somebody looked is in the ledger first, also where it is over.

    Raises InvitationOver.
    """
    row = StaffInvitation.objects.filter(token_hash=token_hash(token)).first()
    if row is not None:
        action = Action.ACCOUNT_OPEN if row.patient_id else Action.STAFF_INVITE
        outcome, looked = "deny" if _is_over(row) else "done", {"looked": str(row.id)}
        note(
            action=action, outcome=outcome, circumstances=circumstances, patient=row.patient_id, detail=looked
        )
    row = living_invitation(token)
    return InvitationCard(
        id=row.id,
        name=row.name,
        email=row.email,
        clinic=row.organisation.name,
        invited_by=_inviter(row),
        expires_at=row.expires_at,
        is_for_patient=row.patient_id is not None,
        is_way_back=row.person_id is not None,
    )


def _inviter(row: StaffInvitation) -> str:
    """Who invited; nobody's name for a patient whose practice shows roles."""
    if row.invited_by is None or (row.patient_id and not shows_names(organisation=row.organisation_id)):
        return ""
    return row.invited_by.name


def living_invitation(token: str, *, locked: bool = False) -> StaffInvitation:
    """The row behind a link, held until the transaction ends if `locked`. Raises InvitationOver."""
    rows = StaffInvitation.objects.select_related("organisation", "invited_by", "patient")
    rows = rows.select_for_update(of=("self",)) if locked else rows
    row = rows.filter(token_hash=token_hash(token)).first()
    if row is None or _is_over(row):
        raise InvitationOver
    return row


def _is_over(row: StaffInvitation) -> bool:
    return bool(row.accepted_at or row.withdrawn_at) or row.expires_at <= now()


def waiting_invitation(invitation: UUID | None) -> StaffInvitation:
    """The row of an invitation whose link was opened before, held until the transaction ends.

    Raises InvitationOver.
    """
    rows = StaffInvitation.objects.select_for_update(of=("self",)).select_related("organisation", "patient")
    waiting = rows.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now())
    row = waiting.filter(id=invitation).first() if invitation else None
    if row is None:
        raise InvitationOver
    return row


def fresh_link(row: StaffInvitation) -> str:
    """A new link for an open invitation; links made before stop working."""
    token = new_token()
    row.token_hash = token_hash(token)
    row.expires_at = now() + _validity(row)
    row.save(update_fields=["token_hash", "expires_at"])
    return settings.ORIGIN + reverse("access:invitation", args=[token])


def _checked(
    grant: Grant, name: str, email: str, *, roles: list[str] | None = None, patient: Patient | None = None
) -> StaffInvitation:
    if not name.strip():
        raise NameNeeded
    try:
        validate_email(email.strip())
    except ValidationError as impossible:
        raise AddressImpossible from impossible
    if Person.objects.filter(email__iexact=email.strip()).exists():
        raise AddressTaken
    return StaffInvitation(
        organisation=Organisation.objects.get(id=grant.organisation),
        patient=patient,
        email=email.strip().lower(),
        name=name.strip()[:120],
        roles=roles or [],
        invited_by_id=grant.actor.id if grant.actor.kind.value == "Staff" else None,
    )


@transaction.atomic
def issue(grant: Grant, row: StaffInvitation, *, by_mail: bool) -> IssuedInvitation:
    """Writes the invitation down and gives its link out, for those who have checked it."""
    earlier = Q(email=row.email) | Q(patient__isnull=False, patient=row.patient)  # that address may be wrong
    still_open = Q(organisation=row.organisation, accepted_at=None, withdrawn_at=None)
    StaffInvitation.objects.filter(earlier, still_open).update(withdrawn_at=now())
    return _give_link(grant, row, by_mail=by_mail)


def _give_link(grant: Grant, row: StaffInvitation, *, by_mail: bool) -> IssuedInvitation:
    if by_mail and not mail_is_set_up():
        raise NoMail
    row.token_hash, row.expires_at = token_hash(new_token()), now() + _validity(row)
    row.save()
    link = "" if by_mail else fresh_link(row)
    record(
        grant=grant,
        detail={"invited": str(row.id), "roles": row.roles, "by": "email" if by_mail else "shown"},
    )
    if by_mail:
        publish(Event.PERSON_INVITED, invitation=row.id)
    return IssuedInvitation(id=row.id, link=link, expires_at=row.expires_at)


def _open_invitation(grant: Grant, invitation: UUID) -> StaffInvitation:
    rows = StaffInvitation.objects.select_for_update().filter(organisation=grant.organisation, patient=None)
    row = rows.filter(id=invitation, accepted_at=None, withdrawn_at=None).first()
    if row is None:
        raise InvitationOver
    return row


def _validity(row: StaffInvitation) -> timedelta:
    return LINK.account_invitation if row.patient_id else LINK.staff_invitation

"""Inviting a patient to an account of their own, at the address on file and nowhere else.

Whoever gives the way to an account could take it. So a link that is shown, and an address that is new, take a
second person who made sure who the patient is.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.account_words import IDENTITY
from teleward.access.actions import Action
from teleward.access.grants import Grant, record
from teleward.access.models import AccountRequest, Patient
from teleward.access.operations.invitations import IssuedInvitation, invitation_to_account, issue
from teleward.access.operations.proofs import by_staff
from teleward.access.queries.accounts import may_second, takes_two, waiting
from teleward.access.queries.patients import contact
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish


class AddressMissing(Problem):
    """The entry has no e-mail address, and nothing is sent to one that is typed here."""

    code = "access:address-missing"
    status = 409
    message = _(
        "There is no e-mail address in this patient's entry. "
        "Enter it there first, under “How to reach the patient”, then invite."
    )


class SomebodyElseConfirms(Problem):
    """Who asked, or who entered the new address, may not be the second person."""

    code = "access:somebody-else-confirms"
    status = 403
    message = _(
        "Somebody else has to confirm this: not the person who invites, "
        "and not the one who has just entered the address."
    )


class IdentityWayNeeded(Problem):
    """The second person did not say how they made sure who the patient is."""

    code = "access:identity-way-needed"
    status = 422
    message = _("Please say how you made sure who the patient is.")


class NotAskedAnyMore(Problem):
    """The request was answered or replaced, is too old, or the address has changed meanwhile."""

    code = "access:not-asked-any-more"
    status = 409
    message = _("This request is over. Please invite the patient once more.")


@dataclass(frozen=True, kw_only=True)
class AccountOffer:
    """What became of the wish: an invitation, or a request that waits for a second person."""

    request: UUID
    issued: IssuedInvitation | None


@transaction.atomic
def offer_account(*, grant: Grant, patient: UUID, by_mail: bool) -> AccountOffer:
    """Invites a patient to their own window, at the address on file.

    Raises NotFound, AddressMissing, AddressImpossible, AddressTaken or NoMail.
    """
    grant.must_cover(Action.ACCOUNT_OPEN, patient=patient)
    found = Patient.objects.select_for_update().filter(id=patient, person=None).first()
    if found is None:
        raise NotFound
    AccountRequest.objects.filter(patient=found, ended_at=None, invitation=None).update(ended_at=now())
    row = AccountRequest.objects.create(
        patient=found,
        by_mail=by_mail,
        asked_by_id=by_staff(grant),
        needs_second=takes_two(grant=grant, by_mail=by_mail),
    )
    if not row.needs_second:
        return AccountOffer(request=row.id, issued=_give(grant, row))
    invitation_to_account(
        grant=grant, patient=found, email=_address(grant)
    )  # whatever is wrong is said at once
    way = "email" if by_mail else "shown"
    record(grant=grant, detail={"account": str(row.id), "by": way, "waits": "second"})
    return AccountOffer(request=row.id, issued=None)


@transaction.atomic
def second_account(*, grant: Grant, request: UUID, how: str) -> None:
    """A second person made sure who the patient is. By mail the invitation goes out at once.

    Raises IdentityWayNeeded, NotAskedAnyMore, SomebodyElseConfirms, or what `offer_account` raises.
    """
    grant.must_cover(Action.ACCOUNT_SECOND)
    row = _waiting(grant, request)
    if how not in IDENTITY:
        raise IdentityWayNeeded
    row.seconded_by_id, row.seconded_at, row.identity = grant.actor.id, now(), how
    row.save(update_fields=["seconded_by", "seconded_at", "identity"])
    record(grant=grant, detail={"account": str(row.id), "identity": how})
    if row.by_mail:
        _give(grant, row)


@transaction.atomic
def decline_account(*, grant: Grant, request: UUID) -> None:
    """A second person does not agree. Raises NotAskedAnyMore or SomebodyElseConfirms."""
    grant.must_cover(Action.ACCOUNT_SECOND)
    row = _waiting(grant, request)
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    record(grant=grant, detail={"account": str(row.id), "declined": "yes"})


@transaction.atomic
def show_account_link(*, grant: Grant, patient: UUID) -> IssuedInvitation:
    """The link that a second person agreed to, once, to the person who asked. Raises NotAskedAnyMore."""
    grant.must_cover(Action.ACCOUNT_OPEN, patient=patient)
    rows = AccountRequest.objects.select_for_update(of=("self",)).filter(patient=patient, by_mail=False)
    row = waiting(rows).exclude(seconded_at=None).filter(asked_by=grant.actor.id).first()
    if row is None:
        raise NotAskedAnyMore
    return _give(grant, row)


def _waiting(grant: Grant, request: UUID) -> AccountRequest:
    rows = AccountRequest.objects.select_for_update(of=("self",)).select_related("patient")
    asked = rows.filter(id=request, patient=grant.subject.patient, seconded_at=None, patient__person=None)
    row = waiting(asked).first()
    if row is None:
        raise NotAskedAnyMore
    if not may_second(grant=grant, asked_by=row.asked_by_id):
        raise SomebodyElseConfirms
    return row


def _give(grant: Grant, row: AccountRequest) -> IssuedInvitation:
    made = invitation_to_account(grant=grant, patient=row.patient, email=_address(grant))
    made.invited_by_id = row.asked_by_id
    issued = issue(grant, made, by_mail=row.by_mail)
    row.invitation_id = issued.id
    row.save(update_fields=["invitation"])
    publish(Event.ACCOUNT_OFFERED, patient=row.patient_id)
    return issued


def _address(grant: Grant) -> str:
    kept = contact(grant=grant, patient_id=grant.about).email
    if not kept:
        raise AddressMissing
    return kept

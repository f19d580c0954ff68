"""Issuing a pass, claiming it on one device, taking it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Actor, Circumstances, Grant, record
from teleward.access.models import Pass, PassClaim, PassRevocation
from teleward.access.operations.entries import note
from teleward.access.queries.passes import (
    PassCard,
    PassExpired,
    PassRevoked,
    PassUnknown,
    check_pass,
    holder,
    peek_pass,
)
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_token, token_hash
from teleward.kernel.notices import notify
from teleward.kernel.openings import without_grant

LONGEST = timedelta(days=30)


class PassTooLong(Problem):
    """A pass may not open for so long."""

    code = "access:pass-too-long"
    message = _("An invitation can be sent at most 30 days ahead. Send it closer to the appointment.")


@dataclass(frozen=True, kw_only=True)
class IssuedPass:
    """A new pass. `token` goes into the link and is nowhere else."""

    id: UUID
    token: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClaimedPass:
    """A pass opened on this device. `cookie` is the value of the visit cookie."""

    id: UUID
    visit: UUID
    role: str
    cookie: str
    expires_at: datetime
    actor: Actor


@transaction.atomic
def issue_pass(
    *,
    grant: Grant,
    visit: UUID,
    organisation: UUID,
    patient: UUID,
    role: str,
    name: str,
    language: str,
    expires_at: datetime,
    given_by: UUID | None = None,
) -> IssuedPass:
    """Issues a pass for one seat in one visit. Raises PassTooLong beyond 30 days.

    `given_by` is the member of staff who could have the link themself, as who has it on their screen does.
    """
    grant.must_cover(Action.VISIT_INVITE, subject=visit, patient=patient)
    if expires_at > now() + LONGEST:
        raise PassTooLong
    token = new_token()
    issued = Pass.objects.create(
        token_hash=token_hash(token),
        visit=visit,
        organisation_id=organisation,
        patient_id=patient,
        role=role,
        name=name,
        language=language,
        expires_at=expires_at,
        issued_by_id=grant.actor.id if grant.actor.kind.value == "Staff" else given_by,
    )
    record(grant=grant, detail={"pass": str(issued.id), "role": role})
    return IssuedPass(id=issued.id, token=token, expires_at=expires_at)


@without_grant("The way in: what the holder of the link may know before they claim it.")
def look_at_link(*, token: str, circumstances: Circumstances) -> PassCard:
    """What a link would open; a look at one that opens nothing any more is in its patient's chain.

    Raises PassUnknown, PassExpired or PassRevoked.
    """
    try:
        return peek_pass(token=token)
    except (PassExpired, PassRevoked) as closed:
        note(
            action=Action.VISIT_CLAIM,
            outcome="deny",
            circumstances=circumstances,
            patient=closed.patient,
            visit=closed.visit,
            detail={"because": closed.code.removeprefix("access:pass-")},
        )
        raise


@transaction.atomic
def claim_pass(*, grant: Grant, token: str) -> ClaimedPass:
    """Opens a pass of the grant's visit on this device; a device that held it before is closed out.

    Raises PassUnknown, PassExpired or PassRevoked.
    """
    grant.must_cover(Action.VISIT_CLAIM)
    of_visit = Pass.objects.select_related("revocation").filter(visit=grant.about)
    held = check_pass(of_visit.filter(token_hash=token_hash(token)).first())
    secret = new_token()
    device_hash = token_hash(secret)
    claims = PassClaim.objects.select_for_update()
    claim, made = claims.get_or_create(held=held, defaults={"device_hash": device_hash})
    if not made:
        claim.device_hash, claim.claimed_at, claim.count = device_hash, now(), claim.count + 1
        claim.save()
        notify("pass-moved", **{"pass": held.id})
    record(grant=grant, detail={"pass": str(held.id), "device": claim.count})
    return ClaimedPass(
        id=held.id,
        visit=held.visit,
        role=held.role,
        cookie=f"{held.id}.{secret}",
        expires_at=held.expires_at,
        actor=holder(held),
    )


@transaction.atomic
def revoke_pass(*, grant: Grant, pass_id: UUID) -> None:
    """Takes a pass of the grant's visit back; its link and its device are closed at once.

    Revoking twice changes nothing. Raises PassUnknown where the visit has no such pass.
    """
    grant.must_cover(Action.VISIT_INVITE, Action.VISIT_CANCEL)
    if not Pass.objects.filter(id=pass_id, visit=grant.about).exists():
        raise PassUnknown
    by = grant.actor.id if grant.actor.kind.value == "Staff" else None
    PassRevocation.objects.get_or_create(taken_id=pass_id, defaults={"by_id": by})
    notify("pass-revoked", **{"pass": pass_id})
    record(grant=grant, detail={"revoked": str(pass_id)})

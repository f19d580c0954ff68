"""Reading passes: what a link would open, and who holds the visit cookie."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from teleward.access.actors import NOBODY, Actor, ActorKind
from teleward.access.grants import Action, Grant
from teleward.access.models import Pass
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.ids import token_hash
from teleward.kernel.openings import without_grant

COOKIE = "__Host-visit"  # its value is "<pass id>.<device secret>"


class PassUnknown(Problem):
    """No link like this was ever sent."""

    code = "access:pass-unknown"
    status = 404
    message = _(
        "This link is not complete or not ours. "
        "Open it again from your invitation, or ask your practice for a new one."
    )


class PassExpired(Problem):
    """The link's time is over."""

    code = "access:pass-expired"
    status = 410
    message = _("This link has expired. Please ask your practice for a new one.")

    def __init__(self, visit: UUID | None = None, patient: UUID | None = None) -> None:
        super().__init__()
        self.visit, self.patient = visit, patient  # what it would have opened


class PassRevoked(Problem):
    """The practice took the link back."""

    code = "access:pass-revoked"
    status = 410
    message = _(
        "Your practice has withdrawn this link. If you expected a consultation, please call your practice."
    )

    def __init__(self, visit: UUID | None = None, patient: UUID | None = None) -> None:
        super().__init__()
        self.visit, self.patient = visit, patient  # what it would have opened


@dataclass(frozen=True, kw_only=True)
class PassCard:
    """What a pass opens, for whom, until when. `is_claimed`: some device holds it now."""

    id: UUID
    visit: UUID
    organisation: UUID
    patient: UUID
    role: str
    name: str
    language: str
    expires_at: datetime
    is_claimed: bool
    is_revoked: bool = False


@without_grant("The way in: what the holder of the link may know before they claim it.")
def peek_pass(*, token: str) -> PassCard:
    """What a link would open, without opening it. Raises PassUnknown, PassExpired or PassRevoked."""
    held = Pass.objects.select_related("claim", "revocation").filter(token_hash=token_hash(token)).first()
    return pass_card(check_pass(held))


def check_pass(held: Pass | None) -> Pass:
    """The pass, where it still opens. Raises PassUnknown, PassExpired or PassRevoked."""
    if held is None:
        raise PassUnknown
    if hasattr(held, "revocation"):
        raise PassRevoked(held.visit, held.patient_id)
    if held.expires_at <= now():
        raise PassExpired(held.visit, held.patient_id)
    return held


def passes_of_patient(*, grant: Grant, patient: UUID) -> list[PassCard]:
    """All passes ever issued for visits of the patient, who may see who was invited."""
    grant.must_cover(
        Action.LEDGER_READ, Action.OBJECTION_OPEN, Action.WINDOW_EXPORT, Action.WINDOW_OPEN, patient=patient
    )
    return [
        pass_card(held)
        for held in Pass.objects.filter(patient_id=patient).select_related("claim", "revocation")
    ]


@without_grant("The way in: it says who asks, so that the gate can be asked.")
def actor_of_pass(*, cookie: str) -> Actor:
    """Who holds a visit cookie `<pass id>.<device secret>`; NOBODY when it does not open any more."""
    identifier, _dot, secret = cookie.partition(".")
    try:
        pass_id = UUID(identifier)
    except ValueError:
        return NOBODY
    held = Pass.objects.filter(
        id=pass_id, claim__device_hash=token_hash(secret), revocation=None, expires_at__gt=now()
    ).first()
    return holder(held) if held else NOBODY


def pass_card(held: Pass) -> PassCard:
    """The card of a stored pass."""
    return PassCard(
        id=held.id,
        visit=held.visit,
        organisation=held.organisation_id,
        patient=held.patient_id,
        role=held.role,
        name=held.name,
        language=held.language,
        expires_at=held.expires_at,
        is_claimed=hasattr(held, "claim"),
        is_revoked=hasattr(held, "revocation"),
    )


def holder(held: Pass) -> Actor:
    """Who holds a stored pass that opens."""
    return Actor(
        kind=ActorKind.GUEST,
        id=held.id,
        organisation=held.organisation_id,
        roles=frozenset({held.role}),
        name=held.name,
        aal=1,
        visit=held.visit,
        patient=held.patient_id,
    )

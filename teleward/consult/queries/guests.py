"""Who is asked to come to a visit, and what was sent to them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.consult.models import Guest, Invitation
from teleward.consult.queries.subjects import certain


@dataclass(frozen=True, kw_only=True)
class InvitationCard:
    """One invitation: by which channel and when it went out; None while it waits to be sent."""

    channel: str
    written_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class GuestCard:
    """One who is asked to come."""

    id: UUID
    role: str
    name: str
    language: str
    invitations: tuple[InvitationCard, ...]


def guests(*, grant: Grant) -> tuple[GuestCard, ...]:
    """The guests of the visit the grant is about, the patient first."""
    grant.must_cover(Action.VISIT_READ, Action.VISIT_INVITE, Action.VISIT_CANCEL, Action.VISIT_HOST)
    rows = Guest.objects.filter(visit=certain(grant.subject.id), removed_at=None).prefetch_related(
        "invitations"
    )
    return tuple(sorted((_card(row) for row in rows), key=lambda card: card.role != "patient"))


def _card(row: Guest) -> GuestCard:
    sent = sorted(row.invitations.all(), key=lambda each: each.at, reverse=True)
    return GuestCard(
        id=row.id,
        role=row.role,
        name=row.name,
        language=row.language,
        invitations=tuple(_invitation(each) for each in sent),
    )


def _invitation(row: Invitation) -> InvitationCard:
    return InvitationCard(channel=row.channel, written_at=row.at, sent_at=row.sent_at)

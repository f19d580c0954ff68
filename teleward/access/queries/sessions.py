"""Where a person is signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import Session
from teleward.access.signin.browsers import device_in_words
from teleward.access.signin.limits import SESSION
from teleward.kernel.clock import now


@dataclass(frozen=True, kw_only=True)
class SessionCard:
    """One signed-in browser, in words."""

    id: UUID
    device: str
    begun_at: datetime
    seen_at: datetime
    address: str
    method: str
    is_locked: bool
    is_this: bool


def sessions_of(*, grant: Grant) -> list[SessionCard]:
    """The living sessions of the subject, the present one first, then by last sign of life."""
    grant.must_cover(Action.SESSION_LIST, Action.CREDENTIAL_READ)
    at = now()
    rows = Session.objects.filter(person=grant.about, ended_at=None, begun_at__gt=at - SESSION.overall)
    cards = [_card(row, grant.actor.session) for row in rows.order_by("-seen_at")]
    return sorted(cards, key=lambda card: not card.is_this)


def _card(row: Session, present: UUID | None) -> SessionCard:
    return SessionCard(
        id=row.id,
        device=device_in_words(row.user_agent),
        begun_at=row.begun_at,
        seen_at=row.seen_at,
        address=row.client_address,
        method=row.method,
        is_locked=row.locked_at is not None,
        is_this=row.id == present,
    )

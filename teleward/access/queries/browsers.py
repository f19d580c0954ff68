"""The browsers that the practice looks after."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from teleward.access.actions import Action
from teleward.access.grants import Grant
from teleward.access.models import ManagedBrowser
from teleward.access.signin.browsers import device_in_words
from teleward.kernel.clock import now

COOKIE = "__Host-device"


@dataclass(frozen=True, kw_only=True)
class BrowserCard:
    """A marked browser."""

    id: UUID
    label: str
    device: str
    marked_by: str
    marked_at: datetime
    seen_on: date | None
    expires_at: datetime


def managed_browsers(*, grant: Grant) -> list[BrowserCard]:
    """The browsers of the practice that are marked now, by name."""
    grant.must_cover(Action.BROWSER_TRUST)
    rows = ManagedBrowser.objects.filter(
        organisation=grant.organisation, revoked_at=None, expires_at__gt=now()
    )
    return [
        BrowserCard(
            id=row.id,
            label=row.label,
            device=device_in_words(row.user_agent),
            marked_by=row.marked_by.name if row.marked_by else "",
            marked_at=row.marked_at,
            seen_on=row.seen_on,
            expires_at=row.expires_at,
        )
        for row in rows.select_related("marked_by").order_by("label", "marked_at")
    ]

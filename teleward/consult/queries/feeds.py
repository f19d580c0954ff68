"""Whose calendar an address opens, and what stands in it: when, and nothing else."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.people import clinicians
from teleward.consult.models import CalendarFeed, Cancellation, Visit
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import token_hash
from teleward.kernel.openings import without_grant

BEHIND, AHEAD = timedelta(days=30), timedelta(days=400)
MOST = 5_000


@dataclass(frozen=True, kw_only=True)
class FeedCard:
    """A subscription that stands: since when, and when a program last read it."""

    id: UUID
    person: UUID | None
    organisation: UUID
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Busy:
    """One stretch of a diary. `name` identifies it in this calendar and is no id of ours."""

    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    sequence: int
    stamp: datetime
    cancelled: bool


@without_grant("A way in: who holds the secret is nobody yet. Ids and times, nobody's visit.")
def feed_at(*, token: str) -> FeedCard:
    """The subscription behind a secret address. Raises NotFound, also once it has ended."""
    row = CalendarFeed.objects.filter(secret_hash=token_hash(token), ended_at=None).first()
    if row is None:
        raise NotFound
    return _card(row)


def own_feed(*, grant: Grant) -> FeedCard | None:
    """The subscription of the person the grant is about, if there is one."""
    grant.must_cover(Action.CREDENTIAL_READ, Action.CREDENTIAL_CHANGE)
    row = CalendarFeed.objects.filter(by=grant.subject.id, ended_at=None).first()
    return _card(row) if row else None


def busy(*, grant: Grant, feed: FeedCard) -> tuple[Busy, ...]:
    """When the clinician has appointments, those called off too: a month back, thirteen ahead.

    Raises NotFound where they hold no consultations any more.
    """
    grant.must_cover(Action.VISIT_LIST, subject=feed.organisation)
    if feed.person not in {each.id for each in clinicians(grant=grant)}:
        raise NotFound
    at = now()
    rows = Visit.objects.filter(organisation=feed.organisation, host=feed.person, planned=True)
    rows = rows.filter(ends_at__gt=at - BEHIND, starts_at__lt=at + AHEAD).order_by("starts_at", "id")[:MOST]
    called_off = dict(
        Cancellation.objects.filter(visit__host=feed.person).values_list("visit_id", "at"),
    )
    return tuple(_busy(feed, row, called_off.get(row.id)) for row in rows)


def _busy(feed: FeedCard, row: Visit, called_off: datetime | None) -> Busy:
    return Busy(
        name=hmac.digest(feed.id.bytes, row.id.bytes, "sha256").hex()[:32],
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.time_zone,
        sequence=row.sequence,
        stamp=called_off or row.booked_at,
        cancelled=called_off is not None,
    )


def _card(row: CalendarFeed) -> FeedCard:
    return FeedCard(
        id=row.id, person=row.by, organisation=row.organisation, made_at=row.at, used_at=row.used_at
    )

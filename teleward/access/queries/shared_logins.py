"""Signs that two people use one account. A sign is a reason to ask, never a proof."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from uuid import UUID

from teleward.access.models import Session
from teleward.access.signin.browsers import is_handheld
from teleward.access.signin.limits import SHARED
from teleward.kernel.networks import network_of


@dataclass(frozen=True, kw_only=True)
class SharedLogin:
    """Two sessions of one account that one person can hardly have had.

    `sign`: two-places, two desks in different networks at once; or switching, two browsers in different
    networks used within seconds of each other.
    """

    person: UUID
    name: str
    sign: str
    at: datetime
    sessions: tuple[UUID, UUID]


def shared_logins(*, organisation: UUID, at: datetime) -> tuple[SharedLogin, ...]:
    """What the sessions of the last days show, the newest first; for queries that hold a grant."""
    rows = Session.objects.filter(
        person__organisation=organisation,
        person__patient=None,
        person__deactivation=None,
        seen_at__gt=at - SHARED.looked_back,
    )
    by_person: dict[UUID, list[Session]] = defaultdict(list)
    for row in rows.select_related("person").order_by("begun_at"):
        by_person[row.person_id].append(row)
    found = [sign for sessions in by_person.values() for sign in _signs(sessions)]
    return tuple(sorted(found, key=lambda sign: sign.at, reverse=True))


def _signs(sessions: list[Session]) -> Iterator[SharedLogin]:
    for first, second in combinations(sessions, 2):
        sign = _sign(first, second)
        if sign:
            yield SharedLogin(
                person=first.person_id,
                name=first.person.name,
                sign=sign,
                at=min(first.seen_at, second.seen_at),
                sessions=(first.id, second.id),
            )


def _sign(first: Session, second: Session) -> str:
    """What two sessions of one account, the earlier one first, are a sign of; empty: of nothing."""
    elsewhere = network_of(first.client_address) != network_of(second.client_address)
    at_once = second.begun_at < (first.ended_at or first.seen_at)
    if not (elsewhere and at_once):
        return ""
    if not is_handheld(first.user_agent) and not is_handheld(second.user_agent):
        return "two-places"
    is_other = first.user_agent != second.user_agent
    return "switching" if is_other and abs(first.seen_at - second.seen_at) <= SHARED.at_once else ""

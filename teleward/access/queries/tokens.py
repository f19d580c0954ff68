"""Who asks with a bearer token: one statement for pages and for the native API alike, and nothing remembered.

What ends a token is looked at each time: its own end, the program's, the consent's, the person's and, where
the app lives only as long as a session, the session's. What is taken back is gone with the next request.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from teleward.access.actors import Actor, ActorKind
from teleward.access.signed_in import account
from teleward.access.signin.limits import SESSION
from teleward.access.smart import scopes
from teleward.access.smart.rates import Rates
from teleward.access.smart.refusals import WRONG_PER_MINUTE, Refusals
from teleward.kernel.clock import now
from teleward.kernel.errors import Problem
from teleward.kernel.ids import token_hash
from teleward.kernel.openings import without_grant
from teleward.kernel.prepared import rows

__all__ = [
    "WRONG_PER_MINUTE",
    "Rates",
    "Refusals",
    "TokenInvalid",
    "TooFast",
    "asker",
    "asker_async",
    "charge",
    "expect_token",
    "narrowing",
    "pace",
]

ASKER = b"""
SELECT t.scopes, c.id AS client, c.organisation_id AS organisation, c.name, c.per_minute,
       g.person_id AS person, g.patient_id AS patient, g.aal, g.method, s.authenticated_at,
       p.organisation_id AS works_at, p.name AS person_name, k.id AS account_of,
       g.session_id AS session, s.locked_at, s.seen_at, s.held_at,
       ARRAY(SELECT r.name::text FROM access_role r WHERE r.person_id = g.person_id
             AND r.starts_at <= $2 AND (r.ends_at IS NULL OR r.ends_at > $2)) AS roles
FROM access_apptoken t
JOIN access_client c ON c.id = t.client_id
LEFT JOIN access_clientend e ON e.client_id = c.id
LEFT JOIN access_appgrant g ON g.id = t.given_id
LEFT JOIN access_person p ON p.id = g.person_id
LEFT JOIN access_deactivation d ON d.person_id = g.person_id
LEFT JOIN access_plannedleaving l ON l.person_id = g.person_id AND l.at <= $2
LEFT JOIN access_session s ON s.id = g.session_id
LEFT JOIN access_patient_key k ON k.person_id = g.person_id
WHERE t.token_hash = $1 AND t.kind = 'access' AND t.revoked_at IS NULL AND t.expires_at > $2
  AND e.client_id IS NULL AND d.person_id IS NULL AND l.person_id IS NULL
  AND (t.given_id IS NULL OR g.ended_at IS NULL AND g.ends_at > $2)
  AND (g.session_id IS NULL OR s.ended_at IS NULL AND s.begun_at > $3)
"""
ASKER_TEXT = ASKER.decode()
ROLE = "client"
Ask = Callable[[str, Sequence[object]], Awaitable[list[tuple[Any, ...]]]]  # the rows of a statement
_rates = Rates()
_refusals = Refusals()


class TokenInvalid(Problem):
    """No such token, or it is over, or what it rested on is (RFC 6750 3.1, `invalid_token`)."""

    code = "access:token-invalid"
    status = 401
    message = _("This program's key is not valid any more. Please connect the program again.")


class TooFast(Problem):
    """More requests than the program may send. `wait` in seconds, for `Retry-After`."""

    code = "access:too-fast"
    status = 429
    message = _("This program asks too often. It should wait a moment and try again.")

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = max(1, ceil(wait.total_seconds()))


@dataclass(frozen=True)
class _Row:
    """A row of the statement above, in its order and by the names it gives."""

    scopes: str
    client: UUID
    organisation: UUID
    name: str
    per_minute: int
    person: UUID | None
    patient: UUID | None
    aal: int
    method: str
    authenticated_at: datetime | None  # None: without a session nobody has shown anything anew
    works_at: UUID
    person_name: str
    account_of: UUID | None
    session: UUID | None
    locked_at: datetime | None
    seen_at: datetime | None
    held_at: datetime | None
    roles: list[str]


@without_grant("It finds out who asks; the gate decides what they may.")
def asker(*, token: str, address: str = "") -> Actor:
    """The program behind a token, with its scopes, its patient and, as `behalf`, the person it acts for.

    `address`: where it asks from. Raises TokenInvalid or TooFast.
    """
    at, hashed = now(), token_hash(token)
    _must_not_wait(address, hashed)
    found = rows(ASKER, _asked(hashed, at))
    return _actor(_proved(found, hashed, address), at)


@without_grant("As asker, for the native API.")
async def asker_async(*, ask: Ask, token: str, address: str) -> Actor:
    """The same over a session that asks asynchronously. Raises TokenInvalid or TooFast."""
    at, hashed = now(), token_hash(token)
    _must_not_wait(address, hashed)
    found = await ask(ASKER_TEXT, _asked(hashed, at))
    return _actor(_proved(found, hashed, address), at)


@without_grant("The hash of a token that was just made; it looks nothing up.")
def expect_token(*, hashed: bytes) -> None:
    """Its first use waits for nobody: a token is a secret, so who has it did not guess."""
    _refusals.proved(hashed)


@without_grant("It counts requests of a program and looks nothing up.")
def charge(*, actor: Actor, requests: int) -> None:
    """So many requests came in one, such as the entries of a bundle; the one itself was counted."""
    if requests > 0:
        _rates.owe(str(actor.id), requests)


@without_grant("It counts requests and looks nothing up.")
def pace(*, actor: Actor, per_minute: int) -> None:
    """One request of a program or a gateway. Raises TooFast."""
    _must_not_wait_for(_rates.wait(str(actor.id), per_minute=per_minute, at=now()))


@without_grant("It looks at the words of a program's scopes.")
def narrowing(
    *, actor: Actor, kind: str, letter: str, beyond: bool = False
) -> tuple[scopes.Filter, ...] | None:
    """What a resource of this FHIR type must match for this program to have it (letter: one of cruds).

    One of the filters must hold, each a set of search parameters and values that hold together; the empty
    filter lets all through. None: its scopes speak of no such thing. For people without a program all is let.
    `beyond`: of a resource of somebody else than the patient whom the app was opened for.
    """
    if actor.kind is not ActorKind.CLIENT:
        return ((),)
    of_person = ("user",) if beyond else ("patient", "user")
    levels = of_person if actor.behalf else ("system",)
    return scopes.narrowing(scopes.read(actor.scopes), levels=levels, kind=kind, letter=letter)


def _asked(hashed: bytes, at: datetime) -> tuple[bytes, datetime, datetime]:
    return (hashed, at, at - SESSION.overall)


def _must_not_wait(address: str, hashed: bytes) -> None:
    """Raises TooFast where too many wrong tokens came from this network, unless this one was right before."""
    _must_not_wait_for(_refusals.wait(address, hashed))


def _must_not_wait_for(wait: timedelta) -> None:
    if wait:
        raise TooFast(wait)


def _proved(found: Sequence[tuple[Any, ...]], hashed: bytes, address: str) -> _Row:
    """The row of the token. Raises TokenInvalid, or TooFast where that was one too many of this network."""
    if found:
        _refusals.proved(hashed)
        return _Row(*found[0])
    _must_not_wait_for(_refusals.refused(address, hashed))
    raise TokenInvalid


def _actor(row: _Row, at: datetime) -> Actor:
    _must_not_wait_for(_rates.wait(str(row.client), per_minute=row.per_minute, at=at))
    return Actor(
        kind=ActorKind.CLIENT,
        id=row.client,
        organisation=row.organisation,
        roles=frozenset({ROLE}),
        name=row.name,
        patient=row.patient,
        scopes=row.scopes,
        behalf=_person(row, at) if row.person else None,
    )


def _person(row: _Row, at: datetime) -> Actor:
    """Whom the program acts for; the proof is that of their session."""
    roles = frozenset(row.roles)
    return account(
        person=row.person,
        organisation=row.works_at,
        name=row.person_name,
        roles=roles,
        patient=row.account_of,
        aal=row.aal,
        method=row.method,
        authenticated_at=row.authenticated_at,
        session=row.session,
        locked=_is_locked(row, roles, at),
        held=row.held_at is not None,
    )


def _is_locked(row: _Row, roles: frozenset[str], at: datetime) -> bool:
    """A screen that locked itself closes the apps that were opened from it."""
    if row.session is None or row.seen_at is None:
        return False
    return row.locked_at is not None or at - row.seen_at > SESSION.idle_for(roles)

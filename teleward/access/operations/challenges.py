"""Questions that wait for their one answer, five minutes at most."""

import secrets
from enum import StrEnum
from typing import Any

from django.db import transaction

from teleward.access.models import Challenge, Person
from teleward.access.signin.ceremonies import CeremonyFailed, challenge_in
from teleward.access.signin.limits import LINK
from teleward.kernel.clock import now
from teleward.kernel.ids import new_token, token_hash


class Kind(StrEnum):
    """What a challenge is good for; an answer to one kind is no answer to another."""

    PASSKEY_SIGN_IN = "passkey-sign-in"
    PASSKEY_AGAIN = "passkey-again"
    PASSKEY_NEW = "passkey-new"
    SECOND_FACTOR = "second-factor"
    PROVIDER = "provider"


def ask_browser(*, kind: Kind, person: Person | None = None, state: dict[str, Any] | None = None) -> bytes:
    """A new WebAuthn challenge of 256 bits; its hash waits for the answer."""
    challenge = secrets.token_bytes(32)
    _store(kind, challenge.hex(), person, state)
    return challenge


def take_answer(
    *, kind: Kind, response: dict[str, Any], person: Person | None = None
) -> tuple[bytes, dict[str, Any]]:
    """The challenge this answers, used up, and what was kept with it. Raises CeremonyFailed."""
    challenge = challenge_in(response)
    taken = _take(kind, challenge.hex(), person)
    if taken is None:
        raise CeremonyFailed("challenge")
    return challenge, dict(taken.state)


def keep_step(*, kind: Kind, person: Person | None = None, state: dict[str, Any] | None = None) -> str:
    """Remembers that this browser has passed the first step. Returns the secret for its cookie."""
    token = new_token()
    _store(kind, token, person, state)
    return token


def step_of(*, kind: Kind, token: str) -> Person | None:
    """Whose first step this browser has passed, if it is not too long ago."""
    rows = Challenge.objects.filter(kind=kind, secret_hash=token_hash(token), expires_at__gt=now())
    row = rows.select_related("person").first()
    return row.person if row else None


def finish_step(*, kind: Kind, token: str) -> dict[str, Any] | None:
    """Uses the step up, and gives back what was kept with it; None if it was used already or is too old."""
    with transaction.atomic():
        rows = Challenge.objects.select_for_update().filter(kind=kind, secret_hash=token_hash(token))
        row = rows.first()
        if row is None:
            return None
        row.delete()
    return dict(row.state) if row.expires_at > now() else None


def _store(kind: Kind, secret: str, person: Person | None, state: dict[str, Any] | None) -> None:
    Challenge.objects.create(
        kind=kind,
        person=person,
        secret_hash=token_hash(secret),
        state=state or {},
        expires_at=now() + LINK.challenge,
    )


@transaction.atomic
def _take(kind: Kind, secret: str, person: Person | None) -> Challenge | None:
    rows = Challenge.objects.select_for_update().filter(
        kind=kind, secret_hash=token_hash(secret), person=person
    )
    row = rows.first()
    if row is None:
        return None
    row.delete()
    return row if row.expires_at > now() else None

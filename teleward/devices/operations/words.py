"""The word of a gateway where it asks somewhere else than for readings: it counts once there, too."""

from django.db import connection

from teleward.access.grants import Actor
from teleward.access.queries.tokens import Rates, TooFast
from teleward.devices.queries.credentials import CredentialInvalid, Proven, proven
from teleward.devices.signing import WordInvalid, unread
from teleward.kernel.clock import now
from teleward.kernel.ids import token_hash
from teleward.kernel.openings import without_grant

COUNT = "INSERT INTO devices_seenword (jti_hash, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"
PER_MINUTE = 240  # of one gateway at the chart
_rates = Rates()


@without_grant("It finds out who asks; the gate decides what they may.")
def device_asking(*, token: str) -> Actor | None:
    """The gateway behind a token, for the chart; None: no token of a gateway.

    Raises CredentialInvalid, or TooFast where it asks more often than any has to.
    """
    try:
        unread(token)
    except WordInvalid:
        return None
    found = proven(token=token)
    wait = _rates.wait(str(found.actor.id), per_minute=PER_MINUTE, at=now())
    if wait:
        raise TooFast(wait)
    count_once(proven=found)
    return found.actor


@without_grant("The number of a word, and nothing else.")
def count_once(*, proven: Proven) -> None:
    """Raises CredentialInvalid where the word came before."""
    seen = token_hash(f"{proven.actor.id} {proven.word.jti}")
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [seen, proven.word.expires_at])
        if not cursor.rowcount:
            raise CredentialInvalid("used")

"""The word of a gateway where it asks somewhere else than for readings: it counts once there, too."""

from datetime import timedelta

from django.db import connection

from teleward.access.grants import Actor
from teleward.access.queries.tokens import Refusals, TooFast, pace
from teleward.devices.queries.credentials import CredentialInvalid, Proven, proven
from teleward.devices.signing import WordInvalid, unread
from teleward.kernel.ids import token_hash
from teleward.kernel.networks import network_of
from teleward.kernel.openings import without_grant

COUNT = "INSERT INTO devices_seenword (jti_hash, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"
PER_MINUTE = 240  # of one gateway at the chart
_refusals = Refusals()


@without_grant("It finds out who asks; the gate decides what they may.")
def device_asking(*, token: str, address: str) -> Actor | None:
    """The gateway behind a token, for the chart; None: no token of a gateway. `address`: where it asks from.

    Raises CredentialInvalid, or TooFast where it asks more often than any has to, or where it did not prove
    itself in its network and too many wrong words came from there.
    """
    try:
        there = (network_of(address), unread(token).pairing)
    except WordInvalid:
        return None
    _must_not(_refusals.wait(address, there))
    try:
        found = proven(token=token)
        pace(actor=found.actor, per_minute=PER_MINUTE)
        count_once(proven=found)
    except CredentialInvalid:
        _must_not(_refusals.refused(address, there))
        raise
    _refusals.proved(there)
    return found.actor


def _must_not(wait: timedelta) -> None:
    if wait:
        raise TooFast(wait)


@without_grant("The number of a word, and nothing else.")
def count_once(*, proven: Proven) -> None:
    """Raises CredentialInvalid where the word came before."""
    seen = token_hash(f"{proven.actor.id} {proven.word.jti}")
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [seen, proven.word.expires_at])
        if not cursor.rowcount:
            raise CredentialInvalid("used")

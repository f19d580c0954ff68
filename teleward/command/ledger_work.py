"""What `teleward ledger` does once the house is open, with the rights of the tables' owner."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import Verifier
from teleward.audit.operations.erasure import erase as erase_entries
from teleward.audit.queries import auditing, log_keys
from teleward.command.home import Home
from teleward.command.log_key import public_key
from teleward.command.refusal import CannotContinue
from teleward.kernel.clock import now

SHOWN = 40  # findings
SOON = timedelta(minutes=2)  # a sealed entry is at most a few seconds old; later, something is wrong


def status(home: Home) -> int:
    """Print counts and times. 1 when an entry has waited too long."""
    with _owner() as connection:
        stands = auditing.standing(connection=connection)
    last = f", last at {stands.sealed_at:%Y-%m-%d %H:%M:%S} UTC" if stands.sealed_at else ""
    print(f"{stands.entries} entries, {stands.placed} of them sealed{last}.")
    print(f"Signed by {public_key(home.sequencer) or 'a key that does not lie here'}")
    if stands.waiting_since is None or now() - stands.waiting_since < SOON:
        return 0
    print(f"Entries have waited since {stands.waiting_since:%Y-%m-%d %H:%M} UTC: nobody seals them.")
    print(f"Look into {home.sequencer / 'log'}, or start `teleward up`.")
    return 1


def key(home: Home) -> int:
    """Print the public key; 1 when there is none, or the database names another."""
    found = public_key(home.sequencer)
    if not found:
        raise CannotContinue(f"There is no key in {home.sequencer} yet. Start `teleward up` once.")
    print(found)
    newest = _keys_in_database()[:1]
    if newest not in ([], [found]):
        print(f"The database names another key: {newest[0]}. Believe the first until you know why.")
        return 1
    return 0


def audit(home: Home, told: Sequence[str]) -> int:
    """Print what is wrong, or that all is well. 1 when something is."""
    keys = _trusted(home, told)
    with _owner() as connection:
        found = [str(finding) for finding in auditing.examine(connection=connection, keys=keys)]
    for sentence in found[:SHOWN]:
        print(sentence)
    if len(found) > SHOWN:
        print(f"… and {len(found) - SHOWN} more.")
    many = "1 thing is wrong." if len(found) == 1 else f"{len(found)} things are wrong."
    print(many if found else "The ledger is as it was written and signed.")
    return 1 if found else 0


def erase(patient: UUID, *, really: bool) -> int:
    """Empty the entries about a patient, or say how many there are."""
    with _owner() as connection:
        if not really:
            there = auditing.erasable(connection=connection, patient=patient)
            print(f"{there} entries would be emptied, for good. Say --yes to do it.")
            return 0
        emptied = erase_entries(connection=connection, patient=patient)
    print(f"{emptied} entries were emptied. Their numbers, hashes and proofs stay.")
    return 0


def _trusted(home: Home, told: Sequence[str]) -> list[Verifier]:
    """The keys that were told, or the sequencer's own; those of the database only if there is no other."""
    vkeys = list(told) or [found for found in [public_key(home.sequencer)] if found]
    if not vkeys:
        vkeys = _keys_in_database()
        print("No key was given and none lies here: the keys that the database names are believed.")
    try:
        return auditing.verifiers_of(vkeys=vkeys)
    except Malformed as wrong:
        raise CannotContinue(f"This is not the public key of a ledger: {wrong}.") from wrong


def _keys_in_database() -> list[str]:
    return [kept.vkey for kept in log_keys()]


@contextmanager
def _owner() -> Iterator[psycopg.Connection[TupleRow]]:
    with psycopg.connect(os.environ["TELEWARD_OWNER_DATABASE_URL"], autocommit=True) as connection:
        yield connection

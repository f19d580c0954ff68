"""The full check of the ledger with its owner's rights: every entry, every leaf, every signature.

It trusts nothing in the database but what a known key has signed.
"""

from collections.abc import Iterator, Sequence

from teleward.audit.formats.notes import Verifier
from teleward.audit.queries.auditing import chains, heads, sealed, signatures
from teleward.audit.queries.auditing.findings import Connection, Finding
from teleward.audit.queries.auditing.standing import Standing, erasable, standing

__all__ = ["Finding", "Standing", "erasable", "examine", "standing", "verifiers_of"]


def examine(*, connection: Connection, keys: Sequence[Verifier]) -> Iterator[Finding]:
    """Everything that is wrong, in plain sentences; nothing when all is well.

    `keys` are those that may have signed: take them from paper, or from where the sequencer keeps them,
    rather than from the database. The check runs in one transaction that sees one moment.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        signed = signatures.read(connection)
        yield from signatures.check(signed, keys)
        yield from sealed.check_tree(connection, signed)
        yield from sealed.check_places(connection, signed)
        yield from chains.check(connection, signed)
        yield from heads.check(connection)


def verifiers_of(*, vkeys: Sequence[str]) -> list[Verifier]:
    """The keys from their lines. Raises Malformed."""
    return [Verifier.from_vkey(vkey) for vkey in dict.fromkeys(vkeys)]

"""The ledger after an older copy of the database was brought back: what is missing, and the two ways on.

Either the missing entries are brought from another copy, up to what was signed; or a new ledger begins, under
a new name and with an entry that names the old one. Going on as if nothing had been is not among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import TupleRow

from teleward.audit import ledger, tiles
from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.encodings import to_base64
from teleward.audit.operations.rounds import ALONE
from teleward.audit.operations.sequencing import KEEP, READ_TILES, Diverged, root_at, tree_size
from teleward.audit.queries import LedgerEntry

Connection = psycopg.Connection[TupleRow]
WHOLE, BEHIND, OTHER = "whole", "behind", "other"
WAITING = (
    "SELECT count(*) FROM audit_event e WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.event = e.id)"
)
MISSING = """
SELECT e.id, e.at, e.patient, e.pn, e.prev_leaf, e.salt, e.body, e.leaf
FROM audit_leaf l JOIN audit_event e ON e.id = l.event WHERE l.seq >= %s AND l.seq < %s ORDER BY l.seq
"""
WRITE = """
INSERT INTO audit_event (id, at, patient, pn, prev_leaf, salt, body, leaf)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
COUNT = """
INSERT INTO audit_head (patient, pn, leaf, prev)
SELECT DISTINCT ON (patient) patient, pn, leaf, prev_leaf FROM audit_event WHERE patient IS NOT NULL
ORDER BY patient, pn DESC
ON CONFLICT (patient) DO UPDATE SET pn = excluded.pn, leaf = excluded.leaf, prev = excluded.prev
"""
HEADS = "SELECT patient, day, pn, leaf, event FROM audit_daily"
KEEP_HEAD = """
INSERT INTO audit_daily (patient, day, pn, leaf, event)
SELECT %s, %s, %s, %s, %s WHERE EXISTS (SELECT FROM audit_event WHERE id = %s) ON CONFLICT DO NOTHING
"""


class NotReplayed(Exception):
    """The missing entries could not be brought back, and nothing was changed; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the database stands against what was signed.

    `state` is whole (everything signed is in it), behind (it ends earlier) or other (it says something else).
    `size` and `root` are the database's own; `known` is the largest checkpoint that is known from elsewhere.
    """

    state: str
    size: int
    root: bytes
    known: Checkpoint | None


def standing(*, connection: Connection, known: Sequence[Checkpoint]) -> Standing:
    """Compares the database with checkpoints that were kept outside of it."""
    size = tree_size(connection=connection)
    largest = max(known, key=lambda one: one.size, default=None)
    differs = any(not _contains(connection, one) for one in known if one.size <= size)
    state = OTHER if differs else BEHIND if largest and largest.size > size else WHOLE
    return Standing(state=state, size=size, root=_root(connection, size), known=largest)


def replay(*, connection: Connection, copy: Connection, known: Checkpoint) -> int:
    """Brings the entries up to the checkpoint `known` from another copy of the database; how many.

    All or nothing: the tree has to come out as it was signed. Raises NotReplayed.
    """
    with connection.transaction():
        start = _must_be_alone_and_untouched(connection)
        if start and _root(copy, start) != _root(connection, start):
            raise NotReplayed("The copy does not begin with the entries that are here.")
        rows = copy.execute(MISSING, [start, known.size]).fetchall()
        _must_be_all(rows, known.size - start)
        _write(connection, start, rows)
        for head in copy.execute(HEADS).fetchall():
            connection.execute(KEEP_HEAD, [*head, head[4]])
        connection.execute(COUNT)
        if _root(connection, known.size) != known.root:
            raise NotReplayed("With the entries of the copy the ledger is not the one that was signed.")
    return len(rows)


def begin_anew(*, stands: Standing, old: str, new: str, reason: str) -> None:
    """The entry with which a new ledger begins: which one it follows, where that ended here and elsewhere."""
    ledger.append(
        entry=ledger.Entry(
            actor_kind="System",
            actor_id=None,
            actor_role="system",
            actor_organisation=None,
            action="audit:ledger:begin",
            outcome="done",
            subject_kind="Ledger",
            subject_id=None,
            patient=None,
            kind="ledger",
            purpose="HSYSADMIN",
            policy="",
            policy_set="",
            request_id="",
            client_address="",
            via="command",
            detail={"follows": old, "origin": new, "because": reason, "stood": stands.state, **_ends(stands)},
        )
    )


def _ends(stands: Standing) -> dict[str, str | int]:
    told: dict[str, str | int] = {"size": stands.size, "root": to_base64(stands.root)}
    if stands.known:
        told |= {"known-size": stands.known.size, "known-root": to_base64(stands.known.root)}
    return told


def _contains(connection: Connection, known: Checkpoint) -> bool:
    return known.size == 0 or _root(connection, known.size) == known.root


def _root(connection: Connection, size: int) -> bytes:
    """The root at a size, empty bytes where the tiles do not hold it."""
    try:
        return root_at(connection=connection, size=size) if size else b""
    except (Diverged, tiles.TilesDamaged):
        return b""


def _must_be_alone_and_untouched(connection: Connection) -> int:
    """The size of the tree, once nobody seals and nothing was written since. Raises NotReplayed."""
    if connection.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", ALONE).fetchone() != (True,):
        raise NotReplayed("The ledger is being sealed at this moment. Stop Teleward first.")
    row = connection.execute(WAITING).fetchone()
    if row != (0,):
        raise NotReplayed(
            "Entries were written after the copy was brought back, so its end cannot be put between them. "
            "Bring the copy back once more and do not start Teleward, or begin a new ledger."
        )
    return tree_size(connection=connection)


def _must_be_all(rows: Sequence[tuple[Any, ...]], wanted: int) -> None:
    if len(rows) != wanted:
        raise NotReplayed(f"The copy has {len(rows)} of the {wanted} entries that are missing.")
    for event, at, _patient, number, prev_leaf, salt, body, leaf in rows:
        entry = LedgerEntry(
            id=event,
            at=at,
            number=number or 0,
            prev_leaf=prev_leaf or bytes(32),
            salt=salt or b"",
            body=body or "",
            leaf=leaf,
        )
        if not entry.is_intact():
            raise NotReplayed(f"The entry {event} of the copy was changed after it was written.")


def _write(connection: Connection, start: int, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(WRITE, rows)
        places = [(seq, row[0]) for seq, row in enumerate(rows, start=start)]
        cursor.executemany("INSERT INTO audit_leaf (seq, event) VALUES (%s, %s)", places)
    edge = sorted(tiles.edge_of(start))
    wanted = [[level for level, _n in edge], [n for _level, n in edge]]
    kept = {(level, n): data for level, n, data in connection.execute(READ_TILES, wanted)}
    grown = tiles.extended(size=start, edge=kept, leaves=[row[7] for row in rows])
    names = list(grown)
    connection.execute(
        KEEP, [[level for level, _n in names], [n for _level, n in names], list(grown.values())]
    )

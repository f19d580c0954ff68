"""Giving entries their place in the tree, and signing it: the work of one process with a role of its own.

An entry's place is on disk before a checkpoint over it is signed; so whatever is signed can be built again.
Entries are found by being absent from `audit_leaf`: a transaction that commits late is merely found later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from teleward.audit import tiles
from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.notes import Signer
from teleward.audit.tiles import TilesDamaged

Connection = psycopg.Connection[tuple[object, ...]]
FROM_THE_BEGINNING = "0"
MOST = 50_000  # entries that get their place in one transaction

# Rows that were restored from another cluster may carry numbers of transactions that are still to come here;
# only a look from the beginning finds those.
FIND = """
SELECT e.id, e.leaf FROM audit_event e
WHERE e.tx >= %(since)s::text::xid8
    AND (%(since)s::text = '0' OR e.tx < pg_snapshot_xmax(pg_current_snapshot()))
    AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.event = e.id)
ORDER BY e.nr LIMIT %(most)s
"""
PLACE = """
INSERT INTO audit_leaf (seq, event)
SELECT %s::bigint + place - 1, event FROM unnest(%s::uuid[]) WITH ORDINALITY found (event, place)
"""
KEEP = """
INSERT INTO audit_tile (level, n, width, data)
SELECT level, n, octet_length(data) / 32, data
FROM unnest(%s::smallint[], %s::bigint[], %b::bytea[]) t (level, n, data)
ON CONFLICT (level, n) DO UPDATE SET width = excluded.width, data = excluded.data
"""
READ_TILES = """
SELECT t.level, t.n, t.data FROM unnest(%s::smallint[], %s::bigint[]) w (level, n)
JOIN audit_tile t ON t.level = w.level AND t.n = w.n
"""


class Diverged(Exception):
    """The tree in the database does not contain what was signed before: nothing is signed on top of it."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What one step did: `added` entries, the tree's `size` after it, and where to look from next time."""

    added: int
    size: int
    since: str


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A checkpoint and the signed note that says it."""

    checkpoint: Checkpoint
    note: str


def place_entries(*, connection: Connection, since: str, most: int = MOST) -> Placed:
    """Gives every finished entry that has none its place in the tree, in one transaction.

    `since` is a transaction number below which nothing is missing: that of the last step over the same
    connection, or FROM_THE_BEGINNING. Raises Diverged when the tiles cannot be built upon.
    """
    with connection.transaction():
        oldest = _one(connection, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        found = connection.execute(FIND, {"since": since, "most": most}, binary=True).fetchall()
        size = tree_size(connection=connection)
        if found:
            _grow(connection, size, found)
    reached = since if len(found) == most else str(oldest)
    return Placed(added=len(found), size=size + len(found), since=reached)


def tree_size(*, connection: Connection) -> int:
    """How many entries have their place."""
    return int(str(_one(connection, "SELECT coalesce(max(seq) + 1, 0) FROM audit_leaf")))


def root_at(*, connection: Connection, size: int) -> bytes:
    """The root of the tree as it was at `size`. Raises Diverged when the tiles do not hold it."""
    ranges = [(0, size)]
    try:
        return tiles.hashes_of(ranges, _tiles(connection, tiles.tiles_for(ranges)))[0]
    except TilesDamaged as damage:
        raise Diverged(f"The tree of {size} entries cannot be built: {damage}.") from damage


def seal(*, connection: Connection, signer: Signer, before: Checkpoint | None) -> Sealed | None:
    """Signs the tree as it stands; None when there is nothing new. The note is not kept yet.

    `before` is what the signer remembers to have signed last. It and the last checkpoint kept have to be the
    beginning of this tree: otherwise Diverged is raised, and nothing signed.
    """
    size = tree_size(connection=connection)
    last = last_checkpoint(connection=connection)
    for known in (last, before):
        if known is not None:
            _must_contain(connection, size, known)
    if size == 0 or (last is not None and last.size == size):
        return None
    checkpoint = Checkpoint(signer.name, size, root_at(connection=connection, size=size))
    return Sealed(checkpoint=checkpoint, note=signer.sign(checkpoint.text))


def keep_checkpoint(*, connection: Connection, sealed: Sealed) -> None:
    """Publishes a signed checkpoint."""
    values = [sealed.checkpoint.size, sealed.note]
    connection.execute("INSERT INTO audit_checkpoint (size, note) VALUES (%s, %s)", values)


def last_checkpoint(*, connection: Connection) -> Checkpoint | None:
    """The newest checkpoint kept, its signature unseen."""
    row = connection.execute("SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    return None if row is None else Checkpoint.parse(str(row[0]))


def keep_key(*, connection: Connection, signer: Signer) -> None:
    """Says in the database which key signs from now on."""
    connection.execute("INSERT INTO audit_log_key (vkey) VALUES (%s) ON CONFLICT DO NOTHING", [signer.vkey])


def keep_heads(*, connection: Connection) -> int:
    """Writes today's head of every chain that has grown; how many. Twice a day does no harm."""
    return int(str(_one(connection, "SELECT audit_keep_heads((now() AT TIME ZONE 'UTC')::date)")))


def _must_contain(connection: Connection, size: int, known: Checkpoint) -> None:
    if size < known.size:
        raise Diverged(
            f"{known.size} entries were signed, but the database has {size}. Was it restored from a backup?"
        )
    if root_at(connection=connection, size=known.size) != known.root:
        raise Diverged(f"The first {known.size} entries are not those that were signed.")


def _grow(connection: Connection, size: int, found: Sequence[tuple[object, ...]]) -> None:
    events: list[UUID] = [row[0] for row in found]  # type: ignore[misc]  # the column is a uuid
    leaves: list[bytes] = [row[1] for row in found]  # type: ignore[misc]  # the column is bytea
    edge = _tiles(connection, tiles.edge_of(size))
    try:
        changed = tiles.extended(size=size, edge=edge, leaves=leaves)
    except TilesDamaged as damage:
        raise Diverged(f"The tree of {size} entries cannot grow: {damage}.") from damage
    connection.execute(PLACE, [size, events])
    levels, numbers = [level for level, _n in changed], [n for _level, n in changed]
    connection.execute(KEEP, [levels, numbers, list(changed.values())])


def _tiles(connection: Connection, names: set[tiles.TileName]) -> Mapping[tiles.TileName, bytes]:
    levels, numbers = [level for level, _n in names], [n for _level, n in names]
    rows = connection.execute(READ_TILES, [levels, numbers], binary=True).fetchall()
    return {(int(str(level)), int(str(n))): data for level, n, data in rows}  # type: ignore[misc]  # bytea


def _one(connection: Connection, statement: str) -> object:
    row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None

"""Taking the ledger's checkpoints to witnesses, beside the sequencer and over a connection of its own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg

from teleward.audit import tiles, tree
from teleward.audit.formats.notes import Signature
from teleward.audit.operations.rounds import connected
from teleward.audit.operations.sequencing import READ_TILES, Connection
from teleward.audit.witnessing.client import KnownWitness
from teleward.audit.witnessing.publisher import Ledger, Publisher

NEWEST = "SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1"
KEEP = """
UPDATE audit_checkpoint SET cosignatures = cosignatures || %(lines)s
WHERE size = %(size)s AND strpos(cosignatures, %(lines)s) = 0
"""


class Shelf:
    """The ledger as the publisher's thread sees it: one connection, made when needed, anew when it broke."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None

    @property
    def ledger(self) -> Ledger:
        """What the publisher asks for."""
        return Ledger(self.latest, self.path, self.keep)

    def latest(self) -> str:
        """The newest signed checkpoint, or ""."""
        with self._working() as connection:
            row = connection.execute(NEWEST).fetchone()
        return str(row[0]) if row else ""

    def path(self, old: int, new: int) -> Sequence[bytes]:
        """The consistency proof between two sizes."""
        ranges = tree.consistency_ranges(old, new)
        names = sorted(tiles.tiles_for(ranges))
        with self._working() as connection:
            wanted = [[level for level, _n in names], [n for _level, n in names]]
            rows = connection.execute(READ_TILES, wanted, binary=True).fetchall()
        return tiles.hashes_of(ranges, {(level, n): data for level, n, data in rows})  # type: ignore[misc]  # as the columns are

    def keep(self, size: int, lines: tuple[Signature, ...]) -> None:
        """Keeps a witness's lines beside the checkpoint."""
        with self._working() as connection:
            connection.execute(KEEP, {"size": size, "lines": "".join(one.line for one in lines)})

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()

    @contextmanager
    def _working(self) -> Iterator[Connection]:
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
        try:
            yield self._connection
        except psycopg.OperationalError:
            self._connection.close()
            raise


@contextmanager
def asking(*, url: str, witnesses: Sequence[KnownWitness]) -> Iterator[Publisher]:
    """A publisher that works until the block ends; `wake` it after each checkpoint."""
    shelf = Shelf(lambda: connected(url))
    publisher = Publisher(witnesses, shelf.ledger)
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()
        shelf.close()


def known_witnesses(*, told: str) -> tuple[KnownWitness, ...]:
    """The witnesses of a setting: `vkey url`, several with a comma between them. Raises Malformed."""
    return tuple(KnownWitness.parse(one) for one in told.split(",") if one.strip())

"""Whether every checkpoint is signed by a known key and says what its row says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from teleward.audit.formats.checkpoints import Checkpoint, opened
from teleward.audit.formats.encodings import Malformed
from teleward.audit.formats.notes import NotSigned, Verifier
from teleward.audit.queries.auditing.findings import Connection, Finding, moment, streamed


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A row of the checkpoints; `root` is None when its note cannot be read."""

    size: int
    root: bytes | None
    note: str
    at: datetime


def read(connection: Connection) -> list[Kept]:
    """All checkpoints, the smallest first."""
    rows = streamed(connection, "SELECT size, note, at FROM audit_checkpoint ORDER BY size")
    return [Kept(size=size, root=_root(size, note), note=note, at=at) for size, note, at in rows]


def check(signed: Sequence[Kept], keys: Sequence[Verifier]) -> Iterator[Finding]:
    """Signatures, sizes and the order in time."""
    if not keys:
        yield Finding(kind="signature", sentence="No key is known, so no signature could be checked.")
    for kept in signed if keys else ():
        if kept.root is None or not _is_signed(kept.note, keys):
            told = f"The checkpoint over {kept.size} entries is not signed by a known key."
            yield Finding(kind="signature", sentence=told)
    for earlier, later in pairwise(signed):
        if later.at < earlier.at:
            told = f"The checkpoint over {later.size} entries claims {moment(later.at)}, before the last."
            yield Finding(kind="order", sentence=told)


def _root(size: int, note: str) -> bytes | None:
    try:
        said = Checkpoint.parse(note)
    except Malformed:
        return None
    return said.root if said.size == size else None


def _is_signed(note: str, keys: Sequence[Verifier]) -> bool:
    for key in keys:
        try:
            return opened(note=note, verifier=key).origin == key.name
        except (Malformed, NotSigned):
            continue
    return False

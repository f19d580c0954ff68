"""Signed checkpoints, and the keys that sign them."""

from dataclasses import dataclass
from datetime import datetime

from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.statements import ask


@dataclass(frozen=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint as published: `note` is the C2SP signed note with the lines of all witnesses so far.

    `at` is when the database kept it, which nobody signs; a witness's line holds its own time.
    """

    size: int
    root: bytes
    origin: str
    note: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LogKey:
    """A key that signs, or has signed, on one line as C2SP writes it, and since when."""

    vkey: str
    at: datetime


def latest_checkpoint() -> SignedCheckpoint | None:
    """The newest checkpoint, or None before the first."""
    return checkpoint_until(size=None)


def checkpoint_until(*, size: int | None) -> SignedCheckpoint | None:
    """The newest checkpoint over at most `size` entries, or None."""
    rows = ask("SELECT size, note, at, cosignatures FROM audit_checkpoint_until($1::bigint)", [size])
    return next((published(*row) for row in rows), None)


def log_keys() -> tuple[LogKey, ...]:
    """Every key, the newest first. Who distrusts the database asks the practice for the key on paper."""
    return tuple(LogKey(vkey=vkey, at=at) for vkey, at in ask("SELECT vkey, at FROM audit_log_keys()", []))


def published(size: int, note: str, at: datetime, cosignatures: str) -> SignedCheckpoint:
    """A row as it is handed out. Raises Malformed."""
    said = Checkpoint.parse(note)
    return SignedCheckpoint(size=size, root=said.root, origin=said.origin, note=note + cosignatures, at=at)

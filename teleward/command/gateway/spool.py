"""Readings on disk until the server has confirmed them.

SQLite, because a reading, its number, what was taken from a device's memory and what the server confirmed
change together or not at all; and `status` reads while `run` writes. Each commit waits until the disk has it
(WAL, synchronous=FULL). A number is never given twice (AUTOINCREMENT), also after everything was sent.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec

from teleward.command.refusal import CannotContinue
from teleward.devices.readings import Reading, decode, encode
from teleward.kernel.clock import now, steady

TABLES = """
CREATE TABLE reading (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL,
    boot TEXT NOT NULL, begun REAL NOT NULL, is_sent INTEGER NOT NULL DEFAULT 0);
CREATE TABLE taken (device TEXT, digest BLOB, PRIMARY KEY (device, digest)) WITHOUT ROWID;
CREATE TABLE device (
    address TEXT PRIMARY KEY, kinds TEXT NOT NULL, user INTEGER, newest_record INTEGER, battery INTEGER
) WITHOUT ROWID;
CREATE TABLE tally (what TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE note (what TEXT PRIMARY KEY, at TEXT NOT NULL, said TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
"""
PAGE = 4096
MOST = 256 * 2**20  # bytes on disk; weeks of a cuff, days of an oximeter
MOVED = 1.0  # seconds by which a clock may be set before times are put right
FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


class NoRoom(Exception):
    """The disk, or the spool's share of it, is full: nothing was kept."""


@dataclass(frozen=True, kw_only=True)
class Device:
    """A device that the person said is theirs. `user`: which of its users is the patient."""

    address: str
    kinds: tuple[str, ...]
    user: int | None = None
    newest_record: int | None = None
    battery: int | None = None


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a reading came from. `digest` where the same frame can only be the same measurement."""

    device: str
    digest: bytes | None = None
    record: int | None = None


class Row(NamedTuple):
    """A reading as it lies on disk."""

    sequence: int
    body: bytes
    boot: str
    begun: float
    is_sent: int


class Spool:
    """One file. Every method is one transaction; raises NoRoom where the disk is full."""

    def __init__(self, path: Path, *, most: int = MOST) -> None:
        self._lines = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
        self._lines.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON")
        self._lines.execute(f"PRAGMA max_page_count={most // PAGE}")

    def close(self) -> None:
        """Nothing more is written."""
        self._lines.close()

    def put(self, reading: Reading, origin: Origin) -> bool:
        """Keep a reading, durably when this returns. Whether it is new."""
        with self._together():
            if origin.digest is not None and not self._is_new(origin):
                return False
            values = (encode(reading), _boot(), _began())
            self._lines.execute("INSERT INTO reading (body, boot, begun) VALUES (?, ?, ?)", values)
            if origin.record is not None:
                record = (origin.record, origin.device)
                self._lines.execute("UPDATE device SET newest_record = ? WHERE address = ?", record)
        return True

    def batch(self, *, most: int, ahead: timedelta) -> list[Reading]:
        """The oldest readings, each with its number. From the first sending on they stay as they are.

        A clock that was set meanwhile, or that the server's time contradicts (`ahead`), is made up for before
        that: a small computer without a clock of its own begins each day in the past.
        """
        with self._together():
            rows = self._lines.execute(
                "SELECT sequence, body, boot, begun, is_sent FROM reading ORDER BY sequence LIMIT ?", (most,)
            ).fetchall()
            return [self._ready(Row(*row), ahead) for row in rows]

    def drop(self, sequences: Iterable[int]) -> None:
        """The server has them, or the person has."""
        with self._together():
            self._lines.executemany("DELETE FROM reading WHERE sequence = ?", [(each,) for each in sequences])

    def is_empty(self) -> bool:
        """Whether the server has everything."""
        return self._lines.execute("SELECT 1 FROM reading LIMIT 1").fetchone() is None

    def waiting(self) -> int:
        """How many readings the server has not confirmed."""
        return int(self._lines.execute("SELECT count(*) FROM reading").fetchone()[0])

    def add(self, device: Device) -> None:
        """A device belongs to the patient from now on."""
        with self._together():
            values = (device.address, " ".join(device.kinds), device.user)
            self._lines.execute(
                "INSERT INTO device (address, kinds, user) VALUES (?, ?, ?) ON CONFLICT (address) "
                "DO UPDATE SET kinds = excluded.kinds, user = excluded.user",
                values,
            )

    def remove(self, address: str) -> bool:
        """A device is nobody's here any more. Whether it was known."""
        with self._together():
            return self._lines.execute("DELETE FROM device WHERE address = ?", (address,)).rowcount > 0

    def devices(self) -> dict[str, Device]:
        """The patient's devices, by address."""
        rows = self._lines.execute(
            "SELECT address, kinds, user, newest_record, battery FROM device ORDER BY 1"
        )
        return {
            row[0]: Device(
                address=row[0], kinds=tuple(row[1].split()), user=row[2], newest_record=row[3], battery=row[4]
            )
            for row in rows
        }

    def forget_record(self, address: str) -> None:
        """The device began to count anew."""
        with self._together():
            self._lines.execute("UPDATE device SET newest_record = NULL WHERE address = ?", (address,))

    def charged(self, address: str, percent: int) -> None:
        """How full a device's battery is."""
        with self._together():
            self._lines.execute("UPDATE device SET battery = ? WHERE address = ?", (percent, address))

    def count(self, what: str) -> None:
        """One more of these."""
        with self._together():
            self._lines.execute(
                "INSERT INTO tally VALUES (?, 1) ON CONFLICT (what) DO UPDATE SET n = n + 1", (what,)
            )

    def counts(self) -> dict[str, int]:
        """How often each thing was counted."""
        return dict(self._lines.execute("SELECT what, n FROM tally ORDER BY what"))

    def note(self, what: str, said: str = "") -> None:
        """What `status` tells: the newest of each."""
        with self._together():
            self._lines.execute(
                "INSERT OR REPLACE INTO note VALUES (?, ?, ?)", (what, now().isoformat(), said)
            )

    def notes(self) -> dict[str, tuple[str, str]]:
        """Of each thing when it was noted, and the words."""
        return {what: (at, said) for what, at, said in self._lines.execute("SELECT what, at, said FROM note")}

    @contextmanager
    def _together(self) -> Iterator[None]:
        try:
            self._lines.execute("BEGIN IMMEDIATE")
            yield
            self._lines.execute("COMMIT")
        except BaseException as failure:
            if self._lines.in_transaction:
                self._lines.execute("ROLLBACK")
            if isinstance(failure, sqlite3.OperationalError) and failure.sqlite_errorcode & 0xFF in FULL:
                raise NoRoom from failure
            raise

    def _is_new(self, origin: Origin) -> bool:
        marked = self._lines.execute(
            "INSERT OR IGNORE INTO taken VALUES (?, ?)", (origin.device, origin.digest)
        )
        return marked.rowcount > 0

    def _ready(self, row: Row, ahead: timedelta) -> Reading:
        reading = decode(row.body)
        if not row.is_sent:
            received_at = reading.received_at + _late(row, ahead)
            reading = msgspec.structs.replace(reading, received_at=received_at)
            values = (encode(reading), row.sequence)
            self._lines.execute("UPDATE reading SET body = ?, is_sent = 1 WHERE sequence = ?", values)
        return msgspec.structs.replace(reading, sequence=row.sequence)


def make_spool(path: Path) -> None:
    """A new one; there must be none."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    lines = sqlite3.connect(path)
    lines.executescript(f"PRAGMA page_size = {PAGE}; PRAGMA journal_mode = WAL; {TABLES}")
    lines.close()


def open_spool(path: Path, *, most: int = MOST) -> Spool:
    """The one there is. Raises CannotContinue: a lost one is not made anew: its numbers would come again."""
    if not path.exists():
        raise CannotContinue(
            f"The readings that waited here are gone ({path}). Begin anew: teleward gateway forget, "
            "then ask the practice for a new code."
        )
    return Spool(path, most=most)


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip() if os.name == "posix" else ""


def _began() -> float:
    """When the steady clock was zero, by the clock on the wall: it changes where somebody sets that one."""
    return time.time() - steady()


def _late(row: Row, ahead: timedelta) -> timedelta:
    """By how much the clock on the wall was wrong when a reading came."""
    moved = _began() - row.begun if row.boot == _boot() else 0.0
    return ahead + timedelta(seconds=moved if abs(moved) > MOVED else 0.0)

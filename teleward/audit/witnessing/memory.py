"""What a witness remembers, in one SQLite file: the logs it watches, how far it saw each, and every fork.

Written through to the disk before anything is answered: a witness that forgets could be made to lie.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MOST_EVIDENCE = 1000  # forks kept per log; only the log's own key can add one
LAYOUT = """
CREATE TABLE IF NOT EXISTS log (vkey TEXT PRIMARY KEY, origin TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seen (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (origin, size)
);
CREATE TABLE IF NOT EXISTS evidence (
    origin TEXT NOT NULL, request TEXT NOT NULL, held TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (origin, request)
);
"""


@dataclass(frozen=True)
class Seen:
    """A checkpoint that was cosigned: `note` as it was given back, `at` in seconds since 1970."""

    size: int
    root: bytes
    note: str
    at: int


@dataclass(frozen=True)
class Evidence:
    """A request signed by the log that contradicts what it had signed before, and the note it contradicts."""

    origin: str
    request: str
    held: str
    at: int


class Memory:
    """One open file. Each `changing` block is a transaction that nobody else's can come between."""

    def __init__(self, path: Path) -> None:
        self._turn = threading.RLock()
        self._file = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(LAYOUT)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Everything inside is kept together, on disk, or not at all."""
        with self._turn:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")

    def watch(self, *, origin: str, vkey: str) -> None:
        """From now on answer this log; a second key for the same origin is a key that follows."""
        self._file.execute("INSERT OR REPLACE INTO log (vkey, origin) VALUES (?, ?)", (vkey, origin))

    def keys_of(self, *, origin: str) -> list[str]:
        """The keys that may sign for this origin; none when it is not watched."""
        found = self._file.execute("SELECT vkey FROM log WHERE origin = ? ORDER BY vkey", (origin,))
        return [str(row[0]) for row in found]

    def origins(self) -> list[str]:
        """Every log that is watched."""
        return [str(row[0]) for row in self._file.execute("SELECT DISTINCT origin FROM log ORDER BY origin")]

    def latest(self, *, origin: str) -> Seen | None:
        """The largest checkpoint that was cosigned for this log."""
        return self._seen("SELECT * FROM seen WHERE origin = ? ORDER BY size DESC LIMIT 1", (origin,))

    def of_size(self, *, origin: str, size: int) -> Seen | None:
        """The checkpoint of just this size that was cosigned."""
        return self._seen("SELECT * FROM seen WHERE origin = ? AND size = ?", (origin, size))

    def keep(self, *, origin: str, seen: Seen) -> None:
        """Remember a checkpoint as cosigned."""
        row = (origin, seen.size, seen.root, seen.note, seen.at)
        self._file.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", row)

    def accuse(self, evidence: Evidence) -> None:
        """Keep a fork; the same one once, and only so many of one log."""
        row = (evidence.origin, evidence.request, evidence.held, evidence.at, evidence.origin, MOST_EVIDENCE)
        self._file.execute(
            "INSERT OR IGNORE INTO evidence SELECT ?, ?, ?, ? "
            "WHERE (SELECT count(*) FROM evidence WHERE origin = ?) < ?",
            row,
        )

    def evidence(self) -> list[Evidence]:
        """Every fork, oldest first."""
        found = self._file.execute("SELECT origin, request, held, at FROM evidence ORDER BY at, request")
        return [Evidence(*row) for row in found]

    def _seen(self, statement: str, values: tuple[str | int, ...]) -> Seen | None:
        row = self._file.execute(statement, values).fetchone()
        return Seen(row[1], row[2], row[3], row[4]) if row else None

"""The sequencer's day: a round each second while there is work, asleep until woken when there is none."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psycopg

from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.notes import Signer
from teleward.audit.operations.sequencing import (
    FROM_THE_BEGINNING,
    Connection,
    keep_checkpoint,
    keep_heads,
    keep_key,
    place_entries,
    seal,
)
from teleward.kernel.clock import now

ALONE, ASLEEP = (7284, 1), (7284, 2)  # advisory locks; `audit_append` looks at the second
QUIET_ROUNDS = 30  # without work before it goes to sleep
LONGEST_SLEEP = 60.0  # seconds; whatever a notice may have missed is found then
Published = Callable[[Connection], None]


@dataclass(kw_only=True)
class Rounds:
    """One sequencer over one connection that commits by itself.

    `memory` is a file that only the signer's account can write: what it has signed last. `published` is
    called after each checkpoint. `interval` in seconds.
    """

    connection: Connection
    signer: Signer
    memory: Path
    interval: float = 1.0
    published: Published | None = None
    _since: str = field(init=False, default=FROM_THE_BEGINNING)
    _heads_on: date | None = field(init=False, default=None)

    def begin(self) -> bool:
        """Whether nobody else is at work; says which key signs and listens from now on."""
        row = self.connection.execute("SELECT pg_try_advisory_lock(%s, %s)", ALONE).fetchone()
        if row != (True,):
            return False
        self.connection.execute("LISTEN audit_appended")
        keep_key(connection=self.connection, signer=self.signer)
        return True

    def go(self) -> int:
        """One round: heads once a day, places, and a checkpoint. How many entries got their place.

        Raises Diverged, and signs nothing then.
        """
        self._keep_heads()
        placed = place_entries(connection=self.connection, since=self._since)
        self._since = placed.since
        sealed = seal(connection=self.connection, signer=self.signer, before=self._remembered())
        if sealed is not None:
            self._remember(sealed.checkpoint)
            keep_checkpoint(connection=self.connection, sealed=sealed)
            if self.published is not None:
                self.published(self.connection)
        return placed.added

    def for_ever(self) -> None:
        """Round after round. Returns only by an exception: those of `go`, and lost connections."""
        quiet = 0
        while True:
            quiet = 0 if self.go() else quiet + 1
            if quiet < QUIET_ROUNDS:
                self._wait(self.interval)
            else:
                self._sleep()

    @contextmanager
    def asleep(self) -> Iterator[bool]:
        """Holds the lock of the sleeper; gives False when an entry is being written at this moment."""
        row = self.connection.execute("SELECT pg_try_advisory_lock(%s, %s)", ASLEEP).fetchone()
        try:
            yield row == (True,)
        finally:
            if row == (True,) and not self.connection.broken:
                self.connection.execute("SELECT pg_advisory_unlock(%s, %s)", ASLEEP)

    def _sleep(self) -> None:
        """Until the next entry: whoever appends while the lock is held wakes us. Looks once more before."""
        with self.asleep() as alone:
            if alone and not self.go():
                self._wait(LONGEST_SLEEP, woken=True)
        self._wait(self.interval)

    def _wait(self, seconds: float, *, woken: bool = False) -> None:
        for _notice in self.connection.notifies(timeout=seconds, stop_after=1 if woken else None):
            pass

    def _keep_heads(self) -> None:
        today = now().date()
        if self._heads_on != today:
            keep_heads(connection=self.connection)
            self._heads_on = today

    def _remembered(self) -> Checkpoint | None:
        if not self.memory.exists():
            return None
        remembered = Checkpoint.parse(self.memory.read_text())
        return remembered if remembered.origin == self.signer.name else None

    def _remember(self, checkpoint: Checkpoint) -> None:
        unfinished = self.memory.with_suffix(".new")
        with unfinished.open("w") as file:
            file.write(checkpoint.text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.memory)


def connected(url: str) -> Connection:
    """A connection for a sequencer. Raises psycopg.OperationalError."""
    return psycopg.connect(url, autocommit=True, application_name="teleward sequencer")

"""Takes each new checkpoint to the witnesses, in a thread of its own, so that nobody waits for them."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from teleward.audit.formats.checkpoints import Checkpoint
from teleward.audit.formats.notes import Signature
from teleward.audit.witnessing.client import KnownWitness, Path, WitnessAway, WitnessRefused, cosigned

FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds until a witness that was away is asked again
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ledger:
    """What the publisher needs of a ledger. Each may be called from the publisher's thread.

    `latest` gives the newest signed checkpoint or "", `path` a consistency proof between two sizes; `keep`
    takes the size of a checkpoint and the lines a witness wrote under it.
    """

    latest: Callable[[], str]
    path: Path
    keep: Callable[[int, tuple[Signature, ...]], None]


@dataclass
class _Standing:
    """How far a witness has seen, and when it is asked again after it did not sign."""

    seen: int = 0
    wait: float = 0.0  # seconds, doubling; 0 when it signed
    due: float = 0.0  # of the clock below
    refusal: str = ""


class Publisher:
    """Asks each witness for the newest checkpoint it has not seen; what lies between is skipped.

    `clock` counts seconds from anywhere.
    """

    def __init__(
        self, witnesses: Sequence[KnownWitness], ledger: Ledger, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ledger = ledger
        self._standings = {witness: _Standing() for witness in witnesses}
        self._clock = clock
        self._changed = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="witnesses", daemon=True)

    @property
    def refusals(self) -> dict[KnownWitness, str]:
        """The witnesses that will not sign, and why, until one does again."""
        return {witness: one.refusal for witness, one in self._standings.items() if one.refusal}

    def start(self) -> None:
        """Begin; there may be a checkpoint already."""
        self._changed.set()
        self._thread.start()

    def wake(self) -> None:
        """There is a new checkpoint. Returns at once."""
        self._changed.set()

    def stop(self) -> None:
        """Finish what is being asked, then end."""
        self._ended.set()
        self._changed.set()
        self._thread.join()

    def round(self) -> float | None:
        """Ask every witness that is due; the seconds until the next one is, or None."""
        note = self._ledger.latest()
        for witness, standing in self._standings.items():
            if note and standing.due <= self._clock():
                self._ask(witness, standing, note)
        waiting = [one.due for one in self._standings.values() if one.wait]
        return max(0.0, min(waiting) - self._clock()) if waiting else None

    def _run(self) -> None:
        wait: float | None = None
        while not self._ended.is_set():
            self._changed.wait(wait)
            self._changed.clear()
            if not self._ended.is_set():
                wait = self._careful_round()

    def _careful_round(self) -> float | None:
        try:
            return self.round()
        except Exception as error:  # noqa: BLE001 - the database may be away; the ledger goes on without witnesses
            LOG.warning("The witnesses could not be asked: %s", type(error).__name__)
            return FIRST_WAIT

    def _ask(self, witness: KnownWitness, standing: _Standing, note: str) -> None:
        size = Checkpoint.parse(note).size
        if standing.seen == size:
            return
        try:
            lines = cosigned(witness=witness, note=note, seen=standing.seen, path=self._ledger.path)
        except (WitnessAway, WitnessRefused) as error:
            self._not_signed(witness, standing, error)
            return
        self._ledger.keep(size, lines)
        self._standings[witness] = _Standing(seen=size)

    def _not_signed(
        self, witness: KnownWitness, standing: _Standing, error: WitnessAway | WitnessRefused
    ) -> None:
        standing.wait = min(max(FIRST_WAIT, 2 * standing.wait), LONGEST_WAIT)
        standing.due = self._clock() + standing.wait
        standing.refusal = str(error) if isinstance(error, WitnessRefused) else standing.refusal
        LOG.warning("The witness at %s did not sign: %s", witness.url, error)

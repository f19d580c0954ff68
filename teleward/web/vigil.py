"""What the server watches about itself: other policies than last time, a clock that was moved."""

import logging
import threading
from typing import Final

from teleward.access.operations.clock import notice_clock_change, notice_entries_ahead
from teleward.access.operations.policies import notice_policy_change
from teleward.kernel.clock import Drift, now
from teleward.kernel.threads import ThreadConnections

LOOK_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)


class Vigil:
    """One thread, begun and ended with the server. What it finds stands in the ledger."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="vigil", daemon=True)
        self._stopping = threading.Event()
        self._connections = ThreadConnections()
        self._drift = Drift(wall=now)

    def start(self) -> None:
        """Look at what may have changed while the server was down, then go on looking."""
        notice_policy_change()
        notice_entries_ahead()
        self._connections.after()
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._thread.join()
        self._connections.close()

    def look(self) -> None:
        """One look at the clock. A change that could not be told is told at the next look."""
        moved = self._drift.moved
        if notice_clock_change(moved=moved):
            self._drift.accept()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - a lost database must not end the watch for good
                _log.warning("A moved clock could not be written down (%s); going on.", type(error).__name__)
            finally:
                self._connections.after()

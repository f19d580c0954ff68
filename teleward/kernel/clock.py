"""The one place that asks what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Returns this instant, in UTC, time zone attached."""
    return datetime.now(UTC)  # noqa: TID251 - this is the function the ban points to


def steady() -> float:
    """Seconds on a clock that nobody can set and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Drift:
    """How far the wall clock was moved, held against the steady one."""

    def __init__(self, *, wall: Callable[[], datetime], steadily: Callable[[], float] = steady) -> None:
        self._wall, self._steadily = wall, steadily
        self._began = self._offset()

    @property
    def moved(self) -> timedelta:
        """Since the beginning, or since `accept`: forward, or back when negative."""
        return self._offset() - self._began

    def accept(self) -> None:
        """The clock is as it is; from now on it is held against this."""
        self._began = self._offset()

    def _offset(self) -> datetime:
        return self._wall() - timedelta(seconds=self._steadily())

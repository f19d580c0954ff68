"""Noon in Berlin on a Sunday in November: the clock stands still, and nobody's hours are quiet."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
TODAY = date(2026, 11, 22)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """It is noon, until the test moves it."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller

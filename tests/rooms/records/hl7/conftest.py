"""The day on which the invented messages were sent."""

from collections.abc import Iterator

import pytest
import time_machine


@pytest.fixture
def when_said() -> Iterator[None]:
    """Shortly after the last of them; what they book is still to come."""
    with time_machine.travel("2026-11-22T12:00Z"):
        yield

"""Hearing what others say ends when it is told to."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from ground.loops import run_apart

from teleward.consult.live.notices import _hear


class Quiet:
    """A connection on which nothing is said; who listens is told to end as a sign of life is answered."""

    def __init__(self) -> None:
        self.asked = 0
        self.listener: asyncio.Task[None]

    async def notifies(self, timeout: float) -> AsyncIterator[Any]:  # noqa: ASYNC109 - as psycopg names it
        await asyncio.sleep(0 * timeout)
        for nothing in ():
            yield nothing

    async def execute(self, _query: str) -> None:
        self.asked += 1
        assert self.asked == 1, "it went on"
        self.listener.cancel()


async def _end_as_it_is_answered() -> Quiet:
    quiet = Quiet()
    quiet.listener = asyncio.create_task(_hear(quiet, heard=None))  # type: ignore[arg-type]
    await asyncio.wait([quiet.listener])
    assert quiet.listener.cancelled()
    return quiet


def test_an_end_that_comes_with_the_answer_is_an_end() -> None:
    assert run_apart(_end_as_it_is_answered()).asked == 1

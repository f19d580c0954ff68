"""Threads in which batches are read, sealed and kept, each with a database connection of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from teleward.kernel.fence import serving
from teleward.kernel.threads import ThreadConnections

from .messages import TooOften

T = TypeVar("T")
P = ParamSpec("P")
THREADS = 4
WAITING = 60  # requests at once; a batch takes a twentieth of a second


class Desk:
    """Runs doors behind the fence."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="devices")
        self._connections = ThreadConnections()
        self._at_once = 0

    async def __call__(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """The result of the work. Raises TooOften where too many wait already."""
        if self._at_once >= WAITING:
            raise TooOften
        self._at_once += 1
        try:
            doing = partial(self._run, partial(work, *given, **named))
            return await asyncio.get_running_loop().run_in_executor(self._threads, doing)
        finally:
            self._at_once -= 1

    async def close(self) -> None:
        """Finish what was begun and let the threads go."""
        await asyncio.to_thread(self._threads.shutdown, wait=True)
        await asyncio.to_thread(self._connections.close)

    def _run(self, work: Callable[[], T]) -> T:
        self._connections.before()
        try:
            with serving():
                return work()
        finally:
            self._connections.after()

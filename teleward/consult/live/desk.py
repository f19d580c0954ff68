"""Where the event loop hands over what must wait for the database: a few threads, a bounded queue."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from teleward.kernel.fence import serving
from teleward.kernel.threads import ThreadConnections

from .problems import TooFast

T = TypeVar("T")


class Desk:
    """Runs synchronous doors in threads of its own; each thread keeps one database connection."""

    def __init__(self, *, workers: int = 6, waiting: int = 200) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="live")
        self._connections = ThreadConnections()
        self._free = waiting

    async def __call__(self, work: Callable[..., T], **arguments: object) -> T:
        """The result of `work(**arguments)`. Raises TooFast when too much is waiting already."""
        if self._free <= 0:
            raise TooFast
        self._free -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, partial(self._run, work, arguments)
            )
        finally:
            self._free += 1

    async def close(self) -> None:
        """Finish what was begun and let the threads go."""
        await asyncio.to_thread(self._threads.shutdown, wait=True)
        await asyncio.to_thread(self._connections.close)

    def _run(self, work: Callable[..., T], arguments: dict[str, object]) -> T:
        self._connections.before()
        try:
            with serving():
                return work(**arguments)
        finally:
            self._connections.after()

"""Where the event loop hands over what must wait for the database: a few threads, a bounded queue."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import close_old_connections, connections

from .problems import TooFast

T = TypeVar("T")


class Desk:
    """Runs synchronous doors in threads of its own; each thread keeps one database connection."""

    def __init__(self, *, workers: int = 6, waiting: int = 200) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="live")
        self._free = waiting

    async def __call__(self, work: Callable[..., T], **arguments: object) -> T:
        """The result of `work(**arguments)`. Raises TooFast when too much is waiting already."""
        if self._free <= 0:
            raise TooFast
        self._free -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, partial(_run, work, arguments)
            )
        finally:
            self._free += 1

    def close(self) -> None:
        """Finish what was begun and let the threads go."""
        self._threads.shutdown(wait=True)


def _run(work: Callable[..., T], arguments: dict[str, object]) -> T:
    close_old_connections()
    try:
        return work(**arguments)
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()

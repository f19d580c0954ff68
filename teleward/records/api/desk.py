"""Where the API hands over what is synchronous: a few threads, behind the fence."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from teleward.kernel.fence import serving
from teleward.kernel.threads import ThreadConnections

T = TypeVar("T")
THREADS = 2


class Desk:
    """Runs doors in threads of its own; each thread keeps one database connection."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="fhir")
        self._connections = ThreadConnections()

    async def __call__(self, work: Callable[..., T], **arguments: object) -> T:
        """The result of `work(**arguments)`."""
        doing = partial(self._run, work, arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, doing)

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

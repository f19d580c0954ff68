"""Jobs in the same process: one thread with its own event loop, begun and ended with the server."""

import asyncio
import logging
import threading
from typing import Final

from procrastinate.contrib.django import app

JOBS_AT_ONCE: Final = 4
GRACE_SECONDS: Final = 5
PAUSE_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


class Worker:
    """Works on jobs until stopped. A job cut off by a hard end is put back by `kernel.retry_stalled`."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()

    def start(self) -> None:
        """Begin; returns when the thread can be stopped again."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Take no new job, give those at work a few seconds, end the thread."""
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(GRACE_SECONDS + 2)

    def _run(self) -> None:
        asyncio.run(self._work_until_stopped())

    async def _work_until_stopped(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        working = asyncio.create_task(self._work_for_ever())
        await self._stopping.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    async def _work_for_ever(self) -> None:
        while True:
            try:
                await _work()
            except Exception as error:  # noqa: BLE001 - a lost database must not end the work for good
                _log.warning("Work on jobs was interrupted (%s); going on.", type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)


async def _work() -> None:
    working = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's connector has it
    async with working.open_async():
        await working.run_worker_async(
            concurrency=JOBS_AT_ONCE,
            install_signal_handlers=False,
            shutdown_graceful_timeout=GRACE_SECONDS,
        )

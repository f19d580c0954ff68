"""A listener of ours in a thread, for tests of both ends."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from teleward.records.hl7.listening import Limits, Listening
from teleward.records.live.mllp import Answer, Mllp


@contextmanager
def listens(answer: Answer, tls: ssl.SSLContext | None = None, limits: Limits | None = None) -> Iterator[int]:
    """Gives its port."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    mllp = Mllp(Listening(host="127.0.0.1", port=0, tls=tls), answer=answer, limits=limits)
    over = asyncio.Event()

    async def run() -> None:
        async with mllp.running():
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield mllp.port
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()

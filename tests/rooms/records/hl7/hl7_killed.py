"""A listener that is killed twice: once between storing and applying, once between applying and answering."""

import asyncio
import os
import signal
from unittest import mock

import django

django.setup()

from teleward.records.hl7.listening import Listening  # noqa: E402 - models can be imported only now
from teleward.records.live import Mllp  # noqa: E402 - likewise

POINTS = ("apply", "_answer")


def die(*_given: object, **_named: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def serve() -> None:
    mllp = Mllp(Listening(host="127.0.0.1", port=0, tls=None))
    async with mllp.running():
        print(mllp.port, flush=True)  # noqa: T201 - for the test that waits
        await asyncio.Event().wait()


for point in POINTS:
    child = os.fork()
    if not child:
        with mock.patch(f"teleward.records.operations.hl7.intake.{point}", die):
            asyncio.run(serve())
    os.waitpid(child, 0)

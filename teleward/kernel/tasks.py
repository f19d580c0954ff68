"""Jobs of the kernel itself: the delivery of events, and the rescue of stalled work."""

import uuid

from procrastinate.contrib.django import app

from .events import Event, reactions
from .jobs import job, jobs

STALLED_AFTER = 60  # seconds without a heartbeat


@job("kernel.deliver", passes="Hands ids to a reaction; each reaction passes its own gate.")
def deliver(event: str, reaction: str, ids: dict[str, str]) -> None:
    """Calls one reaction with the ids of one event. Fails where it is gone, so that no event is lost."""
    by_name = {f"{known.__module__}.{known.__qualname__}": known for known in reactions[Event(event)]}
    by_name[reaction](**{name: uuid.UUID(value) for name, value in ids.items()})


jobs["kernel.retry_stalled"] = "Touches the queue only."


@app.periodic(cron="* * * * *")
@app.task(name="kernel.retry_stalled", pass_context=True)
async def retry_stalled(_context: object, timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes both
    """Puts jobs back whose worker died; `timestamp` is the minute it was planned for."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await app.job_manager.retry_job(stalled)

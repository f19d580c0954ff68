"""What was published or put off sets going: the jobs that wait for a worker, done here and now."""

import json
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from teleward.kernel.events import Event
from teleward.kernel.tasks import deliver

QUEUE = """SELECT id, args::text, status = 'todo' FROM procrastinate_jobs
WHERE task_name = %s AND args @> %s::jsonb ORDER BY id"""
DONE = "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = ANY(%s)"


def deliver_all(event: Event, **ids: UUID) -> None:
    """Calls every reaction to this event of these ids, which was published since the last time.

    What was delivered before comes once more, as it may from a queue.
    """
    assert _work_off("kernel.deliver", _told(event, ids)), f"{event} was not published"


def deliver_again(event: Event, **ids: UUID) -> None:
    """The same, where nothing new has to have happened."""
    _work_off("kernel.deliver", _told(event, ids))


def do_what_waits(job: str, **said: object) -> None:
    """Does every job of this name and these words, of which one was put off since the last time."""
    assert _work_off(job, said), f"no {job} waits"


def nothing_waits(event: Event, **ids: UUID) -> bool:
    """Whether nobody published this event of these ids since the last delivery."""
    return not any(new for _id, _args, new in _queued("kernel.deliver", _told(event, ids)))


def _told(event: Event, ids: dict[str, UUID]) -> dict[str, object]:
    return {"event": event.value, "ids": {name: str(value) for name, value in ids.items()}}


def _work_off(job: str, said: dict[str, object]) -> bool:
    """Whether something new was among it."""
    queued = _queued(job, said)
    with connection.cursor() as cursor:
        cursor.execute(DONE, [[key for key, _args, new in queued if new]])
    for _key, args, _new in queued:
        deliver(**args) if job == "kernel.deliver" else app.tasks[job](**args)
    return any(new for _key, _args, new in queued)


def _queued(job: str, said: dict[str, object]) -> list[tuple[int, dict[str, Any], bool]]:
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, [job, json.dumps(said)])
        return [(key, json.loads(args), new) for key, args, new in cursor.fetchall()]

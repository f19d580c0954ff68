"""What an event sets going: the jobs that wait for a worker, done here and now."""

import json

from django.db import connection

from teleward.kernel.events import Event
from teleward.kernel.tasks import deliver

WAITING = """SELECT args::text FROM procrastinate_jobs
WHERE task_name = 'kernel.deliver' AND args ->> 'event' = %s ORDER BY id"""


def deliver_all(event: Event) -> None:
    """Calls every reaction that somebody published this event for; there has to be one."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [event.value])
        waiting = [json.loads(args) for (args,) in cursor.fetchall()]
    assert waiting, f"{event} was not published"
    for args in waiting:
        deliver(**args)

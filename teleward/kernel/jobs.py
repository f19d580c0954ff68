"""Jobs: work that waits in the database. Each one says what gate it passes or why it needs none."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from procrastinate.contrib.django import app

from .fence import serving

Work = Callable[..., None]
jobs: dict[str, str] = {}  # name of a job: why it may run without asking the gate, or the action it asks for


def job(name: str, *, passes: str, periodic: str | None = None, retry: int = 5) -> Callable[[Work], Any]:
    """Makes a function a job.

    `passes` is either the value of an Action that the work asks the gate for, or a sentence that says why
    no personal data is touched outside a grant. `periodic` is a cron line in UTC.
    """
    jobs[name] = passes

    def register(work: Work) -> Any:  # noqa: ANN401 - procrastinate's Task is generic over the signature
        task = app.task(name=name, retry=retry)(_served(work))
        return app.periodic(cron=periodic)(task) if periodic else task

    return register


def _served(work: Work) -> Work:
    @wraps(work)
    def served(*args: object, **kwargs: object) -> None:
        with serving():
            work(*args, **kwargs)

    return served

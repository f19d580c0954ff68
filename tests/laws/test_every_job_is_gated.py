"""Every job in the queue asks the gate for an action of its own, or says in a sentence why it need not."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

import pytest
from procrastinate.contrib.django import app

import teleward
from teleward.access.grants import Action
from teleward.kernel.jobs import jobs

THEIRS = ("builtin:", "procrastinate.")  # its own housekeeping: it removes finished jobs and holds ids only


@pytest.fixture(autouse=True)
def every_room_has_registered_its_jobs() -> None:
    for room in iter_modules(teleward.__path__, "teleward."):
        if room.ispkg:
            names = {module.name for module in iter_modules(import_module(room.name).__path__)}
            for name in names & {"tasks", "reactions"}:
                import_module(f"{room.name}.{name}")


def _unsaid(names: Iterable[str], said: Mapping[str, str]) -> Iterator[str]:
    actions = {action.value for action in Action}
    for name in names:
        passes = said.get(name, "")
        if not name.startswith(THEIRS) and passes not in actions and " " not in passes.strip():
            yield name


def test_every_job_says_how_it_is_gated() -> None:
    assert list(_unsaid(app.tasks, jobs)) == []


def test_a_job_that_says_nothing_or_names_no_action_is_caught() -> None:
    said = {"named": "consult:visit:read", "explained": "Touches ids only.", "mistaken": "consult:visit:look"}
    assert list(_unsaid([*said, "silent", "builtin:clean"], said)) == ["mistaken", "silent"]

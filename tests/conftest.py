"""The ground every test stands on: one PostgreSQL per run, one database per worker, no network.

`db` (pytest-django's) rolls back at the end, as the application's role; `durable=True` works in it.
`fresh_database` is a database of the test's own for real commits, threads and processes.
`owner_connection` is a plain psycopg connection as the owner of the tables.
"""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.template import Template
from django.utils import translation
from hypothesis import settings as properties
from playwright.sync_api import Playwright, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_socket import socket_allow_hosts

sys.path.insert(0, str(Path(__file__).parent))

from ground.database import Databases
from ground.environment import prepare_environment
from ground.gap import look_through_it
from ground.order import in_order

pytest.register_assert_rewrite("stage", "fakes")  # whichever folder is the first to need them
PLAIN = Template._render  # before Django makes its place for notes around it
DATABASES = pytest.StashKey[Databases]()
properties.register_profile("house", deadline=None)  # how long an example takes says how busy the machine is
properties.load_profile("house")
gc.set_threshold(20_000, 20, 50)  # most of what tests make stays: a look for garbage goes through it all


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    prepare_environment(in_memory=True)
    databases = Databases(worker=os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    config.stash[DATABASES] = databases
    if getattr(config.option, "numprocesses", None):
        databases.begin()
    databases.point_environment()
    assert settings.DATABASES
    django.setup()
    look_through_it()
    databases.use(databases.worker_database)  # a worker inherited the controller's settings


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """The workers have looked for tests meanwhile; what they stand on is there before they get one."""
    node.config.stash[DATABASES].finish(keep_for_others=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long comes first, so that at the end no worker waits for another.

    Tests that drive several programs on few cores get a second try; the end tells what the first one met.
    """
    tests = Path(__file__).parent
    for item in items:
        drives = {"journeys", "ground", "blackbox"} & set(item.path.parts)
        if drives or "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))
    workers = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    named = [(item.path.relative_to(tests).as_posix(), item) for item in items]
    items[:] = in_order(named, workers=workers)


def pytest_collection_finish() -> None:
    """What was found stays to the end: it is not looked through for garbage at each turn."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test met that passed, or failed in another way, at its second try: a fault told, not hidden."""
    for first in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(f"first try of {first.nodeid}")
        terminalreporter.line(first.longreprtext)
        for title, text in first.sections:
            terminalreporter.section(title, sep="-")
            terminalreporter.line(text)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[DATABASES].stop()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    translation.deactivate()  # a page that a test before had asked for may have been in another language
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """The run's cluster, started; most tests want `db` or `fresh_database` instead."""
    databases = request.config.stash[DATABASES]
    databases.start()
    return databases


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Each worker has its own copy of the migrated template; the application may not create databases."""
    databases.create(databases.worker_database)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    databases.drop(databases.worker_database)


@pytest.fixture(scope="session", autouse=True)
def plain_templates(django_test_environment: None) -> None:
    """No test asks Django which templates and words made a page; noting it down for each costs a tenth."""
    Template._render = PLAIN


@pytest.fixture
def fresh_database(
    django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A database of this test's own, where commits are real; gives its name.

    Django's connections and the TELEWARD_*DATABASE_URL variables point to it until the test ends.
    """
    with django_db_blocker.unblock(), databases.fresh() as name:
        yield name


@pytest.fixture
def owner_connection(request: pytest.FixtureRequest, databases: Databases) -> Iterator[psycopg.Connection]:
    """A connection as teleward_owner, committing by itself, to the database the test uses."""
    request.getfixturevalue(
        "fresh_database" if "fresh_database" in request.fixturenames else "django_db_setup"
    )
    with psycopg.connect(databases.owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of real browsers in this process: a second one beside it would not start."""
    with sync_playwright() as started:
        yield started

"""The stage of these tests needs Django set up, and this file is read before that is done."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from ground.database import Databases
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from rooms.records.chart import Chart


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("stage.visits")
    config.pluginmanager.import_plugin("stage.systems")
    config.pluginmanager.import_plugin("stage.bringing")


@pytest.fixture(scope="module")
def chart(
    django_db_setup: None, databases: Databases, django_db_blocker: DjangoDbBlocker
) -> Iterator["Chart"]:
    """A chart that is served for all tests of one file, with a database of its own."""
    from rooms.records.chart import served  # noqa: PLC0415 - Django has to be set up first

    with django_db_blocker.unblock(), databases.fresh(), served() as chart:
        yield chart

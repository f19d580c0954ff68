"""What the tests of the shell stand on: a client, troubled addresses; `stage.shell` needs Django set up."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from ground.browsers import launch_chromium
from playwright.sync_api import Browser, Playwright


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("stage.shell")


@pytest.fixture
def visitor() -> Client:
    """Somebody's browser, not signed in; shows what a person sees, whatever breaks."""
    return Client(headers={"host": "localhost", "accept": "text/html"}, raise_request_exception=False)


@pytest.fixture
def troubled() -> Iterator[None]:
    """`/trouble/<kind>/` goes wrong."""
    with override_settings(ROOT_URLCONF="stage.troubled"):
        yield


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch_chromium(playwright)
    yield browser
    browser.close()

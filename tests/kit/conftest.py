"""Browsers for the room's page, with fake devices, without them, and with a person who says no."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import override_settings
from ground.browsers import SAYS_NO, SAYS_YES, launch_chromium
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from .places import PATHS

PLAIN_STATIC = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
Open = Callable[..., Page]


def until(page: Page, expression: str) -> None:
    """Wait for an expression to hold; Playwright's own waiting is refused by the page's policy."""
    pause = "await new Promise(done => setTimeout(done, 20))"
    page.evaluate(f"async () => {{ while (!({expression})) {pause}; }}")


def _browser(playwright: Playwright, answer: tuple[str, ...], *, devices: bool = True) -> Browser:
    playwright.selectors.set_test_id_attribute("data-press")
    return launch_chromium(playwright, *answer, devices=devices)


@pytest.fixture(scope="package")
def willing(playwright: Playwright) -> Iterator[Browser]:
    """A browser with fake devices, whose person says yes."""
    browser = _browser(playwright, SAYS_YES)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def unwilling(playwright: Playwright) -> Iterator[Browser]:
    """A browser with fake devices, whose person says no."""
    browser = _browser(playwright, SAYS_NO)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def bare(playwright: Playwright) -> Iterator[Browser]:
    """A browser on a machine without camera and microphone."""
    browser = _browser(playwright, SAYS_YES, devices=False)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def server() -> Iterator[Any]:
    """The test server; its module needs Django ready, which it is not yet when this file is read."""
    made = import_module(".server", __package__).Server
    with override_settings(STORAGES=PLAIN_STATIC), made() as server:
        yield server


@pytest.fixture
def open_room(server: Any, willing: Browser) -> Iterator[Open]:
    """Opens the room page: `open_room(side="guest", language="en", mode="video", width=1280, browser=…)`."""
    contexts: list[BrowserContext] = []

    def open_room(side: str = "guest", *, browser: Browser | None = None, **how: Any) -> Page:
        size = {"width": how.get("width", 1280), "height": how.get("height", 800)}
        page = _new_page(browser or willing, size)
        contexts.append(page.context)
        return _go(page, server, side, **how)

    yield open_room
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def one_page(willing: Browser) -> Iterator[Page]:
    """A page with axe in it, used again and again: what it has compiled once, it need not compile anew."""
    page = _new_page(willing, {"width": 1280, "height": 800})
    page.add_init_script(AXE_SCRIPT)
    yield page
    page.context.close()


@pytest.fixture
def open_again(server: Any, one_page: Page) -> Open:
    """Opens the room page, as new, where the test before had it."""

    def open_again(side: str, *, language: str) -> Page:
        one_page.trouble.clear()
        one_page.set_viewport_size({"width": 1280, "height": 800})
        return _go(one_page, server, side, language=language)

    return open_again


def _new_page(browser: Browser, size: Any) -> Page:
    page = browser.new_context(viewport=size, reduced_motion="reduce").new_page()
    page.trouble = []
    page.on("console", lambda message: message.type == "error" and page.trouble.append(message.text))
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    return page


def _go(page: Page, server: Any, side: str, *, language: str = "en", mode: str = "video", **_: Any) -> Page:
    page.goto(f"{server.origin}{PATHS[side]}?language={language}&mode={mode}")
    until(
        page,
        "window.call?.asked.some(([name]) => name === 'open') && document.querySelector('[data-bound]')",
    )
    return page

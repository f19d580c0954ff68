"""Two or more calls in real browsers, over a tiny hub; on failure the event log of every page is printed."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from ground.browsers import SAYS_YES, launch_chromium, launch_firefox
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from .hub import Hub


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch_chromium(playwright, *SAYS_YES, "--ignore-certificate-errors")  # of the test's relay
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    browser = launch_firefox(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


class Side:
    """One person's page in a call."""

    def __init__(self, page: Page, room: str, role: str) -> None:
        self.page, self.room, self.role = page, room, role
        self.peer = secrets.token_hex(16)

    def begin(self, origin: str, **options: Any) -> None:
        self.page.goto(f"{origin}/page.html")
        self.page.wait_for_function("window.ready")
        self.options = {"room": self.room, "role": self.role, "peer": self.peer, **options}
        self.page.evaluate("options => begin(options)", self.options)

    def again(self) -> None:
        """A reload, as a browser does it: the same tab keeps its peer id, nothing else."""
        self.page.reload()
        self.page.wait_for_function("window.ready")
        self.page.evaluate("options => begin(options)", self.options)

    def until(self, condition: str, argument: Any = None, seconds: float = 20) -> Any:
        handle = self.page.wait_for_function(condition, arg=argument, timeout=seconds * 1000, polling=50)
        return handle.json_value()

    def sees(self, other: "Side", frames: int = 5, seconds: float = 20) -> None:
        """Pictures of the other arrive and are decoded; how many a second is up to the machine."""
        self.until("([peer, n]) => frames[peer]?.count >= n", [other.peer, frames], seconds)

    def hears(self, seconds: float = 20) -> None:
        self.until("() => energy().then((sum) => sum > 0)", seconds=seconds)

    def checks(self, other: "Side", state: str, seconds: float = 20) -> dict[str, Any]:
        """The verification of the other side, once it has come to this state."""
        test = "([peer, state]) => call.state.peers.get(peer)?.verification.state === state"
        self.until(test, [other.peer, state], seconds)
        return dict(self.page.evaluate("peer => call.state.peers.get(peer).verification", other.peer))


class Stage:
    """Opens pages and keeps them until the test is over."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.room = secrets.token_hex(8)
        self.contexts: list[BrowserContext] = []
        self.sides: list[Side] = []

    def context(self, browser: Browser) -> BrowserContext:
        context = browser.new_context()
        self.contexts.append(context)
        return context

    def side(self, where: Browser | BrowserContext, role: str, **options: Any) -> Side:
        context = where if isinstance(where, BrowserContext) else self.context(where)
        side = Side(context.new_page(), self.room, role)
        self.sides.append(side)
        side.begin(self.hub.origin, **options)
        return side

    def pair(self, one: Browser, other: Browser, **options: Any) -> tuple[Side, Side]:
        """A clinician and a patient who see each other."""
        clinician = self.side(one, "clinician", **options)
        patient = self.side(other, "patient", **options)
        if options.get("media", True):
            clinician.sees(patient)
            patient.sees(clinician)
        return clinician, patient

    def logs(self) -> str:
        return "\n".join(f"--- {side.role}\n{log_of(side.page)}" for side in self.sides)


def log_of(page: Page) -> str:
    try:
        view = json.dumps(page.evaluate("() => window.call && [view(), heard, frames]"))
        return "\n".join([*page.evaluate("() => window.call ? call.log : []"), view])
    except Exception as gone:  # noqa: BLE001 - a report about a failure must not hide it
        return f"no log: {gone}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def stage(hub: Hub, request: pytest.FixtureRequest) -> Iterator[Stage]:
    stage = Stage(hub)
    yield stage
    if request.node.stash.get(FAILED, False):
        print(stage.logs())  # noqa: T201
    for context in stage.contexts:
        context.close()
    if hub.server is None:
        hub.start()  # a test that stopped it may have failed before it went on

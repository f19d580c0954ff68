"""What journeys stand on: shared by the tests of one worker, so make your own people and visits.

`clinic`    a real `teleward up` with its own home and coturn, no demonstration data (journeys/clinic.py)
`chromium`  Debian's Chromium without windows, whose person always says yes; open a context per person
`windowed`  Chromium as people have it: grant a context ["camera", "microphone"], or not
`firefox`   Debian's Firefox ESR
`blue`      Chromium that can reach devices (fakes/peripherals.py)
`radio`     the devices near it
`room`      a call that stands for all tests of a module, until one fails in it (journeys/standing.py)
`coturn`    the relay the clinic uses: UDP, TCP, TLS (ground/relay.py)
"""

from collections.abc import Iterator
from typing import Any

import pytest
from fakes.peripherals import Radio, radio_of
from ground.browsers import BLUETOOTH, SAYS_YES, launch_chromium, launch_firefox
from ground.relay import RealRelay, real_relay
from journeys.clinic import Clinic
from journeys.last_seen import open_pages, stood_on
from journeys.standing import Room, Standing
from playwright.sync_api import Browser, Playwright


@pytest.fixture(scope="session")
def coturn() -> Iterator[RealRelay]:
    with real_relay() as relay:
        yield relay


@pytest.fixture(scope="session")
def clinic(coturn: RealRelay) -> Iterator[Clinic]:
    clinic = Clinic(coturn.environment)
    try:
        clinic.open()
        yield clinic
    finally:
        clinic.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.failed:
        given = getattr(item, "funcargs", {})
        report.sections += [("a page when it failed", stood_on(page)) for page in open_pages(given.values())]
        if clinic := given.get("clinic"):
            report.sections.append(
                ("what the clinic's server said last", clinic.up.output.read_text()[-6000:])
            )
        if standing := given.get("standing"):
            standing.fall()
    return report


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, coturn: RealRelay) -> Iterator[Browser]:
    browser = launch_chromium(playwright, coturn.chromium_flag, *SAYS_YES)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def windowed(playwright: Playwright, coturn: RealRelay) -> Iterator[Browser]:
    """With everything that asks a person."""
    browser = launch_chromium(playwright, coturn.chromium_flag, windows=True)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    browser = launch_firefox(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def blue(playwright: Playwright, coturn: RealRelay) -> Iterator[Browser]:
    browser = launch_chromium(playwright, coturn.chromium_flag, BLUETOOTH, *SAYS_YES)
    yield browser
    browser.close()


@pytest.fixture
def radio(blue: Browser) -> Iterator[Radio]:
    """What is near `blue`, switched on anew."""
    with radio_of(blue) as radio:
        yield radio


@pytest.fixture(scope="module")
def standing(clinic: Clinic, blue: Browser) -> Iterator[Standing]:
    standing = Standing(clinic, blue)
    yield standing
    standing.fall()


@pytest.fixture
def room(standing: Standing) -> Room:
    return standing.room()

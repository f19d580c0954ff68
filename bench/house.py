"""A real clinic and a real browser for the benches of the call: the same ones the journeys use."""

from collections.abc import Iterator
from contextlib import contextmanager

from ground.browsers import launch_chromium
from ground.environment import prepare_environment
from ground.relay import real_relay
from journeys.clinic import Clinic
from playwright.sync_api import Browser, sync_playwright


@contextmanager
def clinic_and_browser(*flags: str) -> Iterator[tuple[Clinic, Browser]]:
    """A served practice with its relay, and Chromium with an invented camera; `flags` for the browser."""
    prepare_environment()
    with real_relay() as relay, sync_playwright() as playwright:
        clinic = Clinic(relay.environment)
        browser = launch_chromium(playwright, relay.chromium_flag, *flags, windows=True)
        try:
            clinic.open()
            yield clinic, browser
        finally:
            browser.close()
            clinic.close()

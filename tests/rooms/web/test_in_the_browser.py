"""The public pages and every trouble in Chromium: for axe, for small screens, for the keyboard."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from journeys.looking import BARRIERS, BUT_COLOURS
from playwright.sync_api import Browser, Page, expect

PAGES = ("/", "/protection/", "/terms/", "/design/", "/design/?name=")
TROUBLES = (
    "/nowhere/",
    "/language/",
    *(f"/trouble/{kind}/" for kind in ("400", "401", "403", "413", "429", "500")),
)


@pytest.fixture(params=["de", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def screen(chromium: Browser, language: str) -> Iterator[Page]:
    """A page that collects what the browser complains about."""
    with chromium.new_context(locale=language, viewport={"width": 1280, "height": 800}) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def examined(chromium: Browser) -> Iterator[dict[str, Page]]:
    """A page in each language with axe in it, used again: what it has compiled once, it need not anew."""
    with ExitStack() as stack:
        contexts = {each: stack.enter_context(chromium.new_context(locale=each)) for each in ("de", "en")}
        for context in contexts.values():
            context.add_init_script(AXE_SCRIPT)
        yield {each: context.new_page() for each, context in contexts.items()}


def _complaints(page: Page) -> list[str]:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def _too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def _barriers(page: Page, width: int) -> list[str]:
    """What axe finds at this width."""
    page.set_viewport_size({"width": width, "height": 800})
    faults = page.evaluate(BARRIERS, {} if width == 360 else BUT_COLOURS)
    return [f"{fault['id']} {fault['nodes'][0]['html']}" for fault in faults]


@pytest.mark.parametrize("shown", PAGES)
def test_axe_finds_nothing_on_a_small_and_a_large_screen(
    examined: dict[str, Page], address: str, language: str, shown: str
) -> None:
    screen = examined[language]
    screen.goto(address + shown)
    assert screen.locator("html").get_attribute("lang") == language
    assert [_barriers(screen, width) for width in (360, 1280)] == [[], []]


@pytest.mark.parametrize("shown", TROUBLES)
def test_axe_finds_nothing_where_something_went_wrong(
    examined: dict[str, Page], address: str, language: str, shown: str
) -> None:
    screen = examined[language]
    screen.goto(address + shown)
    assert screen.locator("html").get_attribute("lang") == language
    assert _barriers(screen, 360) == []


def test_nothing_is_too_wide_for_the_smallest_screen_or_twice_the_size(screen: Page, address: str) -> None:
    wide = []
    for shown in (*PAGES, *TROUBLES):
        screen.goto(address + shown)
        for width in (320, 640):
            screen.set_viewport_size({"width": width, "height": 512})
            wide += [(shown, width)] if _too_wide(screen) else []
    assert wide == []


@pytest.mark.parametrize("shown", PAGES)
def test_the_browser_has_nothing_to_complain_about(screen: Page, address: str, shown: str) -> None:
    heard = _complaints(screen)
    asked: list[str] = []
    screen.on("request", lambda request: asked.append(request.url))
    screen.goto(address + shown)
    assert heard == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert len(asked) <= 8


def test_the_first_key_leads_past_the_header(screen: Page, address: str) -> None:
    screen.goto(address)
    screen.keyboard.press("Tab")
    screen.keyboard.press("Enter")
    expect(screen.locator("#main")).to_be_focused()


def test_what_is_wrong_with_a_form_has_the_focus_when_the_page_opens(screen: Page, address: str) -> None:
    screen.goto(f"{address}/design/?name=")
    expect(screen.locator(".tw-errors")).to_be_focused()


def test_a_press_changes_the_language_without_any_script(chromium: Browser, address: str) -> None:
    with chromium.new_context(locale="en", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/terms/")
        page.get_by_role("button", name="Deutsch").click()
        assert page.url == f"{address}/terms/"
        assert page.get_by_role("heading", level=1).inner_text() == "Nutzungsbedingungen und Datenschutz"


def test_every_focused_thing_shows_that_it_is(screen: Page, address: str) -> None:
    screen.goto(f"{address}/design/")
    for _step in range(12):
        screen.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement)"
        assert screen.evaluate(f"{style}.outlineStyle") == "solid"
        assert screen.evaluate(f"parseFloat({style}.outlineWidth)") >= 3

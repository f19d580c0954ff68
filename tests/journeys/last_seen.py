"""What stood on the pages of a journey when it failed, as its report tells it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from journeys.looking import Eye
from playwright.sync_api import Browser, BrowserContext, Error, Page

MOST = 1500  # letters of a page
STOOD = """() => {
  const main = document.querySelector('main') ?? document.body;
  const at = document.activeElement;
  return `focus: ${at?.localName} ${at?.id ?? ''}\\n${main.innerText.replace(/\\n{2,}/g, '\\n')}`;
}"""


@contextmanager
def told_if_it_fails(page: Page) -> Iterator[None]:
    """Whatever goes wrong meanwhile says what stood on this page."""
    try:
        yield
    except BaseException as wrong:
        wrong.add_note(stood_on(page))
        raise


def open_pages(given: Iterable[object]) -> list[Page]:
    """The pages that the fixtures of a test still have open."""
    pages: list[Page] = []
    for one in given:
        if isinstance(one, Eye):
            pages.append(one.page)
        elif isinstance(one, BrowserContext):
            pages += one.pages
        elif isinstance(one, Browser):
            pages += [page for context in one.contexts for page in context.pages]
    return list(dict.fromkeys(pages))


def stood_on(page: Page) -> str:
    """Address, focus and words; a page that is gone says so."""
    try:
        return f"{page.url}\n{page.evaluate(STOOD)[:MOST]}"
    except Error as gone:
        return f"no page: {gone.message}"

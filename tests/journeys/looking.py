"""A close look at a page: barriers, width, title, language, strangers, complaints of the browser."""

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import polib
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
ALBUM = ROOT / "docs" / "screenshots"
IS_FOR_THE_ALBUM = bool(os.environ.get("TELEWARD_SCREENSHOTS"))
SMALLEST = {"width": 320, "height": 720}  # CSS pixels, and a desktop window at 400 %
SIZES = ({"width": 360, "height": 740}, {"width": 1280, "height": 800})
WIDE = SIZES[-1]  # a page that is opened so need not be put back after a look
LONG_WORDS = "de"  # where barriers are looked for, at both widths: half of what a look costs, so not twice
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
BARRIERS = """async (rules) => {
  const fading = document.getAnimations().filter((each) => each instanceof CSSTransition);
  await Promise.allSettled(fading.map((each) => each.finished)); // half faded, a colour is none of the page's
  return (await axe.run({ reporter: 'no-passes', preload: false, rules: rules ?? {} })).violations;
}"""
BUT_COLOURS = {"color-contrast": {"enabled": False}}  # the same at each width, and most of what a look costs
LOADED = """() => [...document.querySelectorAll('[hx-trigger=load]')].every(
  (sheet) => ![...sheet.children].some((a) => a.getAttribute('href') === sheet.getAttribute('hx-get')))"""
IN_THE_ALBUM = {
    360: [
        "home",
        "join",
        "room-start",
        "room-check",
        "room-ready",
        "room-lobby",
        "room-guest-words",
        "room-guest",
        "room-guest-measured",
        "receipt",
        "window",
        "window-accesses",
        "reason",
        "emergency",
        "emergency-open",
        "window-emergencies",
    ],
    1280: [
        "home",
        "day",
        "patient",
        "visit",
        "visits-new",
        "link",
        "room-host-waiting",
        "room-host-words",
        "room-host",
        "room-host-measured",
        "room-guest-words",
        "window-accesses",
        "objections-one",
        "reason",
        "emergency",
        "emergency-open",
        "watch",
        "watch-case",
        "window-emergencies",
        "protection",
    ],
}
SHOWN = """() => [document.documentElement.scrollWidth, document.documentElement.lang, document.title]"""
LONG = 25  # letters from which a sentence is looked for inside others
SAID = """() => {
  const own = (node) => !node.parentElement?.closest('[lang]:not(html), script, style, pre, code');
  const said = [document.title];
  const take = (root) => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) { if (own(node)) said.push(node.data); continue; }
      if (node.localName === 'template') take(node.content);
      if (node.closest('[lang]:not(html)')) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
        if (node.hasAttribute(name)) said.push(node.getAttribute(name));
    }
  };
  take(document.body);
  return said.map((text) => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""


class Eye:
    """Watches one page from its first request on; `at` looks at it and remembers what is wrong.

    Barriers are looked for in the language with the longest words, or where it is said `for_barriers`.
    """

    def __init__(self, page: Page, language: str, *, for_barriers: bool = False) -> None:
        self.page = page
        self.language = language
        self.looks_for_barriers = for_barriers or language == LONG_WORDS
        self.found: list[str] = []
        self.expected: tuple[str, ...] = ()
        if self.looks_for_barriers:
            page.add_init_script(AXE)  # for the pages to come: cheaper than to bring it to each
        page.on("request", lambda request: self._asked(request.url))
        page.on("console", lambda line: line.type == "error" and self._complained(line.text))
        page.on("pageerror", lambda error: self._complained(str(error)))

    def goes(self, address: str, *, status: int = 200, name: str = "") -> None:
        """Opens a page, which answers so, and looks at it."""
        self.expected = (str(status),) if status >= 400 else ()
        answer = self.page.goto(address)
        if not self.page.evaluate(LOADED):  # asked first: to wait brings a large script to each page
            self.page.wait_for_function(LOADED)
        if answer is None or answer.status != status:
            self.found.append(f"{address}: answered {answer and answer.status}, not {status}")
        self.at(name or _name(address))

    def at(self, name: str) -> None:
        """Looks at the page as it is now."""
        before = self.page.viewport_size
        self._is_sound(name)
        for size in SIZES if self.looks_for_barriers or IS_FOR_THE_ALBUM else ():
            self._is(size)
            rules: Mapping[str, object] = BUT_COLOURS if size is WIDE else {}
            self._is_free_of_barriers(f"{name} at {size['width']}", rules)
            self._is_kept(name, size["width"])
        self._is(before or WIDE)
        if self.language == "de":
            self.found += [f"{name}: not in German: {text}" for text in self.untranslated()]

    def untranslated(self) -> list[str]:
        """English sentences of ours on the page whose German is another."""
        said: list[str] = self.page.evaluate(SAID)
        whole = " ¦ ".join(said)
        exact = {text for text in said if text in english()}
        return sorted(exact | {text for text in english() if len(text) >= LONG and text in whole})

    def _is(self, size: Mapping[str, int]) -> None:
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is one

    def _is_sound(self, name: str) -> None:
        """Asked at once and at the smallest size; a page that is on its way is waited for."""
        self.page.wait_for_load_state()
        self._is(SMALLEST)
        width, language, title = self.page.evaluate(SHOWN)
        if width > SMALLEST["width"]:
            self.found.append(f"{name}: {width} wide on a screen of {SMALLEST['width']}")
        if language != self.language:
            self.found.append(f"{name}: does not say that it is in {self.language}")
        if not title.strip():
            self.found.append(f"{name}: has no title")

    def _is_free_of_barriers(self, name: str, rules: Mapping[str, object]) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        faults: list[dict[str, Any]] = self.page.evaluate(BARRIERS, rules)
        self.found += [f"{name}: {fault['id']} {fault['nodes'][0]['html']}" for fault in faults]

    def _is_kept(self, name: str, width: int) -> None:
        if IS_FOR_THE_ALBUM and name in IN_THE_ALBUM[width]:
            ALBUM.mkdir(exist_ok=True)
            self.page.evaluate("window.scrollTo(0, 0)")
            path = ALBUM / f"{self.language}-{width}-{name}.png"
            self.page.screenshot(path=path, full_page=True, animations="disabled", scale="css")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.hostname not in {"localhost", None} and parts.scheme not in {"data", "blob"}:
            self.found.append(f"asked a stranger: {parts.hostname}")

    def _complained(self, text: str) -> None:
        if not any(f"status of {code}" in text for code in self.expected):
            self.found.append(f"{self.page.url}: the browser complains: {text}")


@cache
def english() -> frozenset[str]:
    """Our sentences as they are written in the code, where the German one differs from all English ones."""
    entries = [entry for path in _catalogues() for entry in polib.pofile(str(path)) if entry.msgstr]
    german = {entry.msgstr for entry in entries}
    ours = (entry.msgid for entry in entries if entry.msgid != entry.msgstr)
    return frozenset(text for text in ours if text not in german and not re.search(r"[%{<]", text))


def _catalogues() -> Iterable[Path]:
    return sorted((ROOT / "teleward").glob("*/locale/de/LC_MESSAGES/django.po"))


def _name(address: str) -> str:
    """/visits/0193…/note/ is “visits-note”."""
    path = re.sub(r"https?://[^/]+", "", address).partition("?")[0]
    return re.sub(r"/[0-9a-f]{8}-[0-9a-f-]+", "", path).strip("/").replace("/", "-") or "home"

"""Somebody without a mouse: where the focus is, and what a screen reader is told meanwhile."""

import pytest
from playwright.sync_api import Page

NAMED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  return (at.labels?.[0] ?? at).textContent.trim() || at.getAttribute('aria-label') || at.tagName;
}"""
LISTENS = """() => {
  const isListening = 'heard' in window;
  window.heard = [];
  if (isListening) return;
  const live = '[role=status], [role=alert], [aria-live]';
  new MutationObserver((changes) => {
    const near = changes.map(({ target }) => target.nodeType === 1 ? target : target.parentElement);
    for (const region of new Set(near.map((element) => element?.closest(live))))
      if (region?.checkVisibility() && region.getAttribute('aria-live') !== 'off')
        window.heard.push(region.textContent.trim());
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
FAR = 80  # more presses than any way in a page takes


class Keyboard:
    """Goes through a page by keys alone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(LISTENS)

    @property
    def heard(self) -> list[str]:
        """What the live regions said since."""
        return list(self.page.evaluate("window.heard"))

    def is_at(self, name: str) -> None:
        """The focus comes to be at what has this name."""
        self.page.wait_for_function(f"(name) => ({NAMED})()?.startsWith(name)", arg=name)

    def reaches(self, name: str, key: str = "Tab") -> None:
        """Goes on by this key until the focus is there; on the way it is never nowhere."""
        for _step in range(FAR):
            self.page.keyboard.press(key)
            at = self.page.evaluate(NAMED)
            assert at is not None
            if at.startswith(name):
                return
        pytest.fail(f"{name} is not reached by {key}")

    def presses(self, name: str, key: str = "Tab") -> None:
        """Goes to a button and presses it."""
        self.reaches(name, key)
        self.page.keyboard.press("Enter")

"""The patient's link at 400 kbit/s and 400 ms round trip, until the first page is usable, then the room.

The browser itself slows its network down (DevTools): every request waits 400 ms for its answer, all share the
bandwidth. Handshakes of TCP and TLS are not slowed by it. Usable: painted and complete; the room: its buttons
work. Floor: one bare HTML document of as many bytes over the same link. Medians, each round in a new profile.
"""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from journeys.clinic import Clinic
from journeys.people import person
from playwright.sync_api import Browser, Page

from bench.figures import Figure
from bench.house import clinic_and_browser
from bench.weight import Wire

ROUNDS = 3
LATENCY = 400  # milliseconds
THROUGHPUT = 400_000 / 8  # bytes a second
LINK = {
    "offline": False,
    "latency": LATENCY,
    "downloadThroughput": THROUGHPUT,
    "uploadThroughput": THROUGHPUT,
}
PAINTED = """() => performance.getEntriesByName('first-contentful-paint').length
  && performance.timing.domContentLoadedEventEnd > 0"""
USABLE = """() => Math.max(
  performance.getEntriesByName('first-contentful-paint')[0].startTime,
  performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart) / 1000"""
BOUND = "() => window.boundAt !== undefined"
WATCH = """() => new MutationObserver(() => {
  if (document.getElementById('room')?.dataset.bound) window.boundAt ??= performance.now();
}).observe(document, { childList: true, subtree: true, attributes: true })"""


def measure() -> list[Figure]:
    with clinic_and_browser() as (clinic, browser):
        rounds = [_round(clinic, browser) for _ in range(ROUNDS)]
    for one in rounds:
        print(" ".join(f"{name} {value:.2f}" for name, value in one.items()))
    middle = {name: median(one[name] for one in rounds) for name in rounds[0]}
    return [
        Figure(name="usable-seconds", value=middle["page"], unit="s", floor=middle["bare page"], goal="<=3"),
        Figure(
            name="room-usable-seconds", value=middle["room"], unit="s", floor=middle["bare room"], goal="<=3"
        ),
    ]


def _round(clinic: Clinic, browser: Browser) -> dict[str, float]:
    with person(browser) as page:
        page.add_init_script(f"({WATCH})()")
        wire = Wire(page, clinic.origin)
        wire.devtools.send("Network.emulateNetworkConditions", LINK)
        page.goto(clinic.visit().link, wait_until="commit")
        first = _usable(page)
        page_bytes = sum(wire.sizes.values())
        page.check("#mode-video")
        page.check("#id_agreed")
        began = float(page.evaluate("performance.timeOrigin + performance.now()"))
        page.get_by_role("main").get_by_role("button").last.click(no_wait_after=True)
        page.wait_for_url("**/visit/", wait_until="commit")
        page.wait_for_function(BOUND, polling=20)
        room = (float(page.evaluate("performance.timeOrigin + window.boundAt")) - began) / 1000
        room_bytes = sum(wire.sizes.values()) - page_bytes
    return {
        "page": first,
        "room": room,
        "page kB": page_bytes / 1000,
        "room kB": room_bytes / 1000,
        "bare page": _bare(browser, int(page_bytes)),
        "bare room": _bare(browser, int(room_bytes)),
    }


def _usable(page: Page) -> float:
    page.wait_for_function(PAINTED, polling=20)
    return float(page.evaluate(USABLE))


def _bare(browser: Browser, size: int) -> float:
    """Seconds until a document of so many bytes, and nothing else, is there."""
    with _serving(size) as address, person(browser) as page:
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", LINK)
        page.goto(address, wait_until="commit")
        return _usable(page)


class _Document(http.server.BaseHTTPRequestHandler):
    def __init__(self, size: int, *rest: object) -> None:
        self.size = size
        super().__init__(*rest)  # type: ignore[arg-type]  # what the server gives

    def do_GET(self) -> None:
        body = b'<!doctype html><title>-</title><link rel="icon" href="data:,"><p>' + b"x" * self.size
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing of this is worth a line."""


@contextmanager
def _serving(size: int) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Document, size)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()

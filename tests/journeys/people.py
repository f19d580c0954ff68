"""The people of a consultation, at their browsers. Journeys say what they do; here stands how to press it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from journeys.clinic import Booked, Clinic
from journeys.last_seen import told_if_it_fails
from playwright.sync_api import Browser, BrowserContext, Page, expect

PATIENCE = 20_000  # milliseconds that a condition may take on a busy machine
expect.set_options(timeout=PATIENCE)

SEEN = """() => {
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  const videos = [...document.querySelectorAll('[data-part="tiles"] video.tw-picture')];
  return sum(videos.filter((v) => !v.hidden).map((v) => v.getVideoPlaybackQuality().totalVideoFrames));
}"""
SPY = """() => {
  window.teleward = { connections: [], sockets: [], log: [] };
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); window.teleward.connections.push(this); }
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      window.teleward.socket = this;
      window.teleward.sockets.push(this);
    }
  };
}"""
HEARD = """async () => {
  let energy = 0;
  for (const pc of window.teleward.connections.filter((c) => c.connectionState === 'connected'))
    for (const report of (await pc.getStats()).values())
      if (report.type === 'inbound-rtp' && report.kind === 'audio') energy += report.totalAudioEnergy ?? 0;
  return energy;
}"""
BYTES = """async () => {
  let bytes = 0;
  for (const pc of window.teleward.connections)
    for (const report of (await pc.getStats()).values())
      if (report.type === 'inbound-rtp') bytes += report.bytesReceived ?? 0;
  return bytes;
}"""
PATHS = """async () => {
  const kinds = [];
  for (const pc of window.teleward.connections.filter((c) => c.connectionState === 'connected')) {
    const stats = await pc.getStats();
    for (const transport of stats.values())
      if (transport.type === 'transport' && transport.selectedCandidatePairId) {
        const local = stats.get(stats.get(transport.selectedCandidatePairId).localCandidateId);
        kinds.push([local.candidateType, local.relayProtocol ?? '']);
      }
  }
  return kinds;
}"""


@contextmanager
def person(browser: Browser, *, camera: bool = True, locale: str = "en-GB", **options: Any) -> Iterator[Page]:
    """A page in a browser profile of its own; with camera and microphone allowed, or asked and refused."""
    allowed = ["camera", "microphone"] if camera else []
    context: BrowserContext = browser.new_context(locale=locale, permissions=allowed, **options)
    context.add_init_script(f"({SPY})()")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    try:
        with told_if_it_fails(page):
            yield page
    finally:
        context.close()


class Someone:
    """What patient and clinician have in common once they are in the room."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str, *, within: str = "[data-section]:not([hidden])") -> None:
        """The visible button that does this (its data-press).

        A microphone that comes on shows how loud it is, which moves what is below: who presses waits for it.
        """
        button = self.page.locator(f"{within} [data-press={name}]:visible").first
        words = button.inner_text() if name == "microphone" else ""
        button.click()
        if words:
            expect(button).not_to_have_text(words.strip())

    @property
    def sentence(self) -> str:
        """The one sentence about the connection."""
        return self.page.locator("[data-part=sentence]").inner_text()

    def is_told(self, words: str) -> None:
        """The sentence about the connection says this, sooner or later."""
        expect(self.page.locator("[data-part=sentence]")).to_contain_text(words, timeout=PATIENCE)

    def is_in(self, section: str) -> None:
        """The room shows this section: check, lobby, call or over."""
        expect(self.page.locator(f"[data-section={section}]")).to_be_visible(timeout=PATIENCE)

    def sees_frames(self, more_than: int = 5) -> None:
        """The pictures of the others are decoded and go on."""
        begun = self.page.evaluate(SEEN)
        self.page.wait_for_function(f"() => ({SEEN})() > {begun + more_than}", timeout=PATIENCE)

    def hears(self) -> None:
        """Sound with energy arrives and goes on."""
        self.grows(HEARD)

    def receives(self) -> None:
        """Media arrives and goes on, whatever it shows."""
        self.grows(BYTES)

    def grows(self, measure: str) -> None:
        """The measure is larger soon than it is now."""
        begun = self.page.evaluate(measure)
        self.page.wait_for_function(
            f"async () => (await ({measure})()) > {json.dumps(begun)}", timeout=PATIENCE, polling=200
        )

    def path(self) -> list[list[str]]:
        """Kind of candidate and relay protocol of each connection in use."""
        return [list(kind) for kind in self.page.evaluate(PATHS)]

    def words(self) -> str:
        """What the panel of the verification words shows."""
        panel = self.page.locator("[data-verify][data-stand=compare]").first
        expect(panel).to_be_visible(timeout=PATIENCE)
        return panel.inner_text()

    def says_the_words_are(self, outcome: str) -> None:
        """Presses "the same" or "different"."""
        index = 0 if outcome == "same" else 1
        self.page.locator("[data-verify][data-stand=compare] .tw-actions button").nth(index).click()

    def writes(self, text: str) -> None:
        """Writes a line to the others."""
        if not self.page.locator("[data-part=talk]").is_visible():
            self.press("chat")
        self.page.locator("[data-part=talk] textarea, [data-part=talk] input[type=text]").first.fill(text)
        self.page.locator("[data-part=talk] form button").first.click()

    def reads(self, text: str) -> None:
        """The line of somebody else is there."""
        expect(self.page.locator("[data-part=talk]")).to_contain_text(text, timeout=PATIENCE)


class Clinician(Someone):
    """Signs in, opens the room, lets people in."""

    def sign_in(self, clinic: Clinic, visit: Booked) -> "Clinician":
        self.page.goto(clinic.sign_in_link(visit.host))
        self.page.get_by_role("main").get_by_role("button").first.click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return self

    def enter(self, clinic: Clinic, visit: Booked, *, camera: bool = True) -> "Clinician":
        """Opens the room and turns microphone and camera on."""
        self.page.goto(f"{clinic.origin}/visits/{visit.id}/room/")
        self.is_in("call")
        for key in ("microphone", "camera") if camera else ("microphone",):
            self.press(key)
        return self

    def opens(self, sheet: str) -> None:
        """Unfolds a sheet beside the call."""
        self.page.locator(f"#sheet-{sheet} > summary").click()

    def lets_in(self, name: str = "") -> None:
        """Admits who waits; one press."""
        row = self.page.locator("[data-part=waiting-list] li", has_text=name)
        row.locator("button").first.click()
        expect(row).to_have_count(0, timeout=PATIENCE)


class Patient(Someone):
    """Opens the link, chooses, waits."""

    def opens(self, link: str, *, mode: str = "video") -> "Patient":
        """Reads the first page, chooses a mode, agrees and goes on."""
        self.page.goto(link)
        self.page.check(f"#mode-{mode}")
        if self.page.locator("#id_agreed").count():  # asked once, whatever the device
            self.page.check("#id_agreed")
        self.goes_on()
        return self

    def goes_on(self) -> None:
        """The large button of the page."""
        self.page.get_by_role("main").get_by_role("button").last.click()

    def goes_to_the_waiting_room(self, *, camera: bool = True, microphone: bool = True) -> "Patient":
        """Skips the check, turns on what is wanted, and waits."""
        self.press("skip")
        if camera:
            self.press("camera")
            self.press("unveil")
        if microphone:
            self.press("microphone")
        self.press("arrive")
        self.is_in("lobby")
        return self


def third(page: Page, link: str) -> Patient:
    """Opens a link that is not the patient's, and waits."""
    page.goto(link)
    someone = Patient(page)
    someone.goes_on()
    someone.press("skip")
    someone.press("microphone")
    someone.press("arrive")
    someone.is_in("lobby")
    return someone


@contextmanager
def consultation(
    clinic: Clinic,
    browser: Browser,
    *,
    other: Browser | None = None,
    visit: Booked | None = None,
    **options: Any,
) -> Iterator[tuple[Clinician, Patient]]:
    """A clinician and a patient in one room, both with camera and microphone, connected."""
    visit = visit or clinic.visit()
    with person(browser, **options) as one, person(other or browser, **options) as two:
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(two).opens(visit.link).goes_to_the_waiting_room()
        clinician.lets_in(visit.patient.name)
        patient.is_in("call")
        yield clinician, patient


def both(people: tuple[Someone, ...], do: Callable[[Someone], None]) -> None:
    """The same for each."""
    for someone in people:
        do(someone)

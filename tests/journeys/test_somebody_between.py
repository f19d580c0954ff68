"""Somebody who owns the way to the server: both real rooms talk to them, media flow, and the words tell."""

import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from journeys.clinic import Booked, Clinic
from journeys.people import Clinician, Patient, Someone, both, person
from playwright.sync_api import Browser, Page, Route, WebSocketRoute

pytestmark = pytest.mark.journey
HERE = Path(__file__).parent.parent
PLACE = "http://localhost:9"  # nothing listens there: the page of the middle is given to the browser by hand
CALL = HERE.parent / "teleward" / "consult" / "static" / "consult"
TAKEN = {"offer", "answer", "candidate"}
# The socket of the middle's page is this test.
SOCKET = """() => {
  window.WebSocket = class extends EventTarget {
    constructor() {
      super();
      window.given = (data) => this.dispatchEvent(new MessageEvent('message', { data }));
      setTimeout(() => this.dispatchEvent(new Event('open')));
    }
    send(data) { void window.deliver(data); }
  };
}"""


class Between:
    """Sits on the sockets of two rooms and answers each side in the other's name."""

    def __init__(self, page: Page, visit: Booked) -> None:
        self.page = page
        self.sockets: dict[str, WebSocketRoute] = {}
        page.route(f"{PLACE}/**", self._serve)
        page.add_init_script(f"({SOCKET})()")
        page.expose_function("deliver", self._deliver)
        page.goto(f"{PLACE}/middle.html")
        page.wait_for_function("window.ready")
        page.evaluate("([visit, how]) => splice(visit, how)", [visit.id, "protocol"])

    def sits_on(self, page: Page) -> None:
        """Take over the way between this page and the clinic."""
        page.route_web_socket("**/live/**", self._take)

    def _take(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        known: dict[str, str] = {}

        def from_page(text: str | bytes) -> None:
            message: dict[str, Any] = json.loads(text)
            if message["type"] == "hello":
                known["peer"] = message["peer"]
                self.sockets[message["peer"]] = socket
            if message["type"] == "relay" and message["body"]["kind"] in TAKEN:
                given = {"from": known["peer"], "to": message["to"], "body": message["body"]}
                self.page.evaluate("(data) => given(data)", json.dumps(given))
            else:
                server.send(text)

        socket.on_message(from_page)

    def _deliver(self, text: str) -> None:
        message = json.loads(text)
        if message["type"] == "relay":
            forged = {
                "type": "relay",
                "from": message["as"],
                "id": secrets.randbits(32),
                "body": message["body"],
            }
            self.sockets[message["to"]].send(json.dumps(forged))

    @staticmethod
    def _serve(route: Route) -> None:
        name = route.request.url.removeprefix(PLACE)
        folder = CALL if name.startswith("/call/") else HERE / "engine" / "pages"
        route.fulfill(path=folder / name.removeprefix("/"))


def _read_aloud(someone: Someone) -> list[str]:
    someone.words()
    return sorted(someone.page.locator("[data-verify][data-stand=compare] dd").all_inner_texts())


def test_who_sits_between_two_rooms_carries_sound_and_picture_but_the_words_differ(
    clinic: Clinic, chromium: Browser
) -> None:
    visit = clinic.visit()
    with person(chromium) as one, person(chromium) as two, person(chromium, camera=False) as third:
        middle = Between(third, visit)
        middle.sits_on(one)
        middle.sits_on(two)
        clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(two).opens(visit.link).goes_to_the_waiting_room()
        clinician.lets_in(visit.patient.name)
        both((clinician, patient), Someone.sees_frames)
        assert len(middle.sockets) == len((clinician, patient))
        here, there = _read_aloud(clinician), _read_aloud(patient)
        assert here
        assert there
        assert here != there
        clinician.says_the_words_are("different")
        clinician.is_told("The words were different")

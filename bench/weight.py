"""Bytes on the wire and requests of the patient's way from the link to the call, in a fresh browser profile.

Counted by the browser itself (DevTools encodedDataLength: headers and compressed bodies), from opening the
link to the first picture of the clinician, with the choice of mode, the consent and the waiting room. What
comes from the browser's own cache went over no network and is not counted.

Then what measuring adds: on the patient's side from "Measure" to the first reading of a cuff on the other,
and there the sheet that shows it, with the curve that is loaded with the first wave. Other sheets beside the
call, which are looked at again meanwhile, are not counted.
"""

from fakes.peripherals import Radio, chooses, radio_of
from ground.browsers import BLUETOOTH
from journeys.measuring import MINE, Measures, cuff
from journeys.people import Clinician, Patient, person
from playwright.sync_api import Page

from bench.figures import Figure
from bench.house import clinic_and_browser

TUNED = "() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/call/quality'))"
CURVE = r"""async () => {
  const card = performance.getEntriesByType('resource').find(({ name }) => /host[/]card/.test(name)).name;
  const text = await (await fetch(card)).text();
  await import(new URL(/"([^"\s]*[/]curve[^"\s]*)"/.exec(text)[1], card));
}"""


class Wire:
    """What went over the network for one page."""

    def __init__(self, page: Page, origin: str) -> None:
        self.sizes: dict[str, float] = {}
        self.addresses: dict[str, str] = {}
        self.kept: set[str] = set()
        self.origin = origin
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.on("Network.requestWillBeSent", self._asked)
        self.devtools.on("Network.webSocketCreated", self._asked_socket)
        self.devtools.on("Network.requestServedFromCache", self._kept)
        self.devtools.on("Network.responseReceived", self._answered)
        self.devtools.on("Network.loadingFinished", self._finished)
        self.devtools.send("Network.enable")

    def _asked(self, event: dict[str, object]) -> None:
        if event.get("redirectResponse"):
            self.sizes[f"{event['requestId']} redirect"] = event["redirectResponse"]["encodedDataLength"]  # type: ignore[index]  # DevTools JSON
            self.addresses[f"{event['requestId']} redirect"] = "redirect"
        self.addresses[str(event["requestId"])] = str(event["request"]["url"])  # type: ignore[index]  # DevTools JSON

    def _asked_socket(self, event: dict[str, object]) -> None:
        self.addresses[str(event["requestId"])] = str(event["url"])

    def _kept(self, event: dict[str, object]) -> None:
        self.kept.add(str(event["requestId"]))

    def _answered(self, event: dict[str, object]) -> None:
        if event["response"]["fromDiskCache"] or event["response"]["fromPrefetchCache"]:  # type: ignore[index]  # DevTools JSON
            self._kept(event)

    def _finished(self, event: dict[str, object]) -> None:
        self.sizes[str(event["requestId"])] = float(str(event["encodedDataLength"]))

    @property
    def real(self) -> dict[str, str]:
        asked = ((key, url) for key, url in self.addresses.items() if key not in self.kept)
        return {key: url for key, url in asked if not url.startswith(("data:", "blob:"))}

    @property
    def strangers(self) -> list[str]:
        host = self.origin.split("//")[1]
        return [url for url in self.real.values() if url != "redirect" and host not in url]

    @property
    def kilobytes(self) -> float:
        return sum(size for key, size in self.sizes.items() if key not in self.kept) / 1000

    def kilobytes_of(self, part: str) -> float:
        return sum(self.sizes.get(key, 0) for key, url in self.real.items() if part in url) / 1000

    def show(self) -> None:
        for key, url in sorted(self.real.items(), key=lambda item: -self.sizes.get(item[0], 0)):
            print(f"{self.sizes.get(key, 0):8.0f}  {url.removeprefix(self.origin)[:90]}")


def measure() -> list[Figure]:
    with clinic_and_browser(BLUETOOTH) as (clinic, browser), radio_of(browser) as radio:
        visit = clinic.visit()
        with person(browser) as one, person(browser) as two:
            wire = Wire(two, clinic.origin)
            clinician = Clinician(one).sign_in(clinic, visit).enter(clinic, visit)
            patient = Patient(two).opens(visit.link).goes_to_the_waiting_room()
            clinician.lets_in()
            patient.sees_frames(more_than=0)
            wire.show()
            joined, requests = wire.kilobytes, len(wire.real)
            two.wait_for_function(TUNED)  # what the call itself loads later is none of measuring
            before, asked = wire.kilobytes, len(wire.real)
            beside = Wire(one, clinic.origin)
            _measures(clinician, patient, radio)
            wire.show()
            beside.show()
    shown = beside.kilobytes_of("/devices/")
    return [
        Figure(name="kilobytes", value=joined, unit="kB", goal="<=75"),
        Figure(name="requests", value=requests, unit="requests", goal="<=20"),
        Figure(name="third-parties", value=len(wire.strangers), unit="hosts", goal="0"),
        Figure(name="readings-kilobytes", value=wire.kilobytes - before, unit="kB", goal="<=40"),
        Figure(name="readings-requests", value=len(wire.real) - asked, unit="requests"),
        Figure(name="readings-beside-kilobytes", value=shown, unit="kB", goal="<=40"),
    ]


def _measures(clinician: Clinician, patient: Patient, radio: Radio) -> None:
    device, measures = cuff(radio), Measures(patient)
    chooses(patient.page)
    measures.chooses("blood-pressure").agrees().finds()
    device.notify(patient.page, "2A35", MINE)
    measures.says("Yes, this is mine")
    clinician.page.locator(".tw-live-number").first.wait_for()
    clinician.page.evaluate(CURVE)

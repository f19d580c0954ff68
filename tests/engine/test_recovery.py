"""What has to come back by itself; tests/js/call/recovery.test.js says how fast, on a clock of its own."""

from playwright.sync_api import Browser, CDPSession, Page

from .conftest import Side, Stage

OUTAGE_SECONDS = 8  # longer than browsers wait before they call it one; 25 s is the journeys' part
MENDS = "() => call.log.filter((line) => line.includes(' mend ')).length"


class Weather:
    """The network of one page. Set before its peer connection exists, or the browser ignores it for media."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.set(offline=False)

    def set(self, *, offline: bool, upload: int = -1) -> None:
        conditions = {"offline": offline, "latency": 1, "downloadThroughput": -1, "uploadThroughput": upload}
        self.session.send("Network.emulateNetworkConditions", {**conditions, "packetQueueLength": 1000})


def weathered(stage: Stage, browser: Browser, role: str) -> tuple[Side, Weather]:
    side = Side(stage.context(browser).new_page(), stage.room, role)
    stage.sides.append(side)
    weather = Weather(side.page)
    side.begin(stage.hub.origin)
    return side, weather


def now(side: Side) -> float:
    return float(side.page.evaluate("performance.now()"))


def sees_again(side: Side, other: Side, restored: float) -> None:
    """The pause in the pictures of the other ends after this moment."""
    side.until("([peer, since]) => frames[peer].gaps.find(([, to]) => to > since)", [other.peer, restored])
    side.sees(other, frames=side.page.evaluate("p => frames[p].count", other.peer) + 5)


def test_pictures_are_back_after_an_outage(stage: Stage, chromium: Browser) -> None:
    clinician = stage.side(chromium, "clinician")
    patient, weather = weathered(stage, chromium, "patient")
    clinician.sees(patient)
    patient.sees(clinician)
    weather.set(offline=True)
    clinician.until("peer => call.state.peers.get(peer).link === 'stalled'", patient.peer)
    patient.page.wait_for_timeout(OUTAGE_SECONDS * 1000)
    before = now(patient), now(clinician)
    weather.set(offline=False)
    sees_again(patient, clinician, before[0])
    sees_again(clinician, patient, before[1])
    clinician.until("peer => call.state.peers.get(peer).link === 'connected'", patient.peer)
    patient.until("() => call.state.phase === 'room'")


def test_a_killed_socket_is_replaced_and_the_connection_that_carries_media_is_left_alone(
    stage: Stage, chromium: Browser
) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    before = [side.page.evaluate(MENDS) for side in (clinician, patient)]
    stage.hub.kill_sockets(stage.room)
    for side, other in ((patient, clinician), (clinician, patient)):
        side.until("() => call.log.some((line) => line.includes('socket-lost'))")
        side.until("() => call.state.phase === 'room'")
        side.sees(other, frames=side.page.evaluate("p => frames[p].count", other.peer) + 5)
    assert [side.page.evaluate(MENDS) for side in (clinician, patient)] == before


def test_a_stopped_server_is_found_again(stage: Stage, chromium: Browser) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    stage.hub.stop()
    patient.until("() => call.state.phase === 'reconnecting'")
    seen = patient.page.evaluate("p => frames[p].count", clinician.peer)
    patient.sees(clinician, frames=seen + 10)
    stage.hub.start()
    patient.until("() => call.state.phase === 'room'")
    clinician.until("() => call.state.phase === 'room'")


def test_a_reload_of_the_patient_brings_both_back(stage: Stage, chromium: Browser) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    clinician.checks(patient, "ready")
    patient.again()
    patient.sees(clinician)
    clinician.page.evaluate("p => { frames[p].count = 0; }", patient.peer)
    clinician.sees(patient)


def test_a_reload_of_the_clinician_brings_both_back(stage: Stage, chromium: Browser) -> None:
    clinician, patient = stage.pair(chromium, chromium)
    patient.checks(clinician, "ready")
    clinician.again()
    clinician.sees(patient)
    patient.page.evaluate("p => { frames[p].count = 0; }", clinician.peer)
    patient.sees(clinician)

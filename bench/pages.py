"""Two real pages in a call, and a bare connection between them, over which their clocks are compared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from journeys.people import Clinician, Patient, person
from playwright.sync_api import Page

from bench.house import clinic_and_browser

CLOCK = "const clock = () => performance.timeOrigin + performance.now();"
BARE = f"""() => {{
  {CLOCK}
  const pc = new RTCPeerConnection();
  const pipe = pc.createDataChannel('bare', {{ negotiated: true, id: 0, ordered: false }});
  pipe.binaryType = 'arraybuffer';
  const gathered = new Promise((done) => {{
    pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done();
  }});
  const open = new Promise((done) => {{ pipe.onopen = done; }});
  window.bare = {{ pc, pipe, gathered, open, clock }};
}}"""
DESCRIBE = """async (theirs) => {
  if (theirs) await bare.pc.setRemoteDescription(theirs);
  await bare.pc.setLocalDescription();
  await bare.gathered;
  return bare.pc.localDescription.toJSON();
}"""
ECHO = "() => { bare.pipe.onmessage = () => bare.pipe.send(String(bare.clock())); }"
COMPARE = """async () => {
  await bare.open;
  let best = { taken: Infinity, ahead: 0 };
  for (let turn = 0; turn < 100; turn += 1) {
    const began = bare.clock();
    const theirs = await new Promise((done) => {
      bare.pipe.onmessage = ({ data }) => done(Number(data));
      bare.pipe.send('?');
    });
    const taken = bare.clock() - began;
    if (taken < best.taken) best = { taken, ahead: began + taken / 2 - theirs };
  }
  return best;
}"""


@contextmanager
def call(prepare: Callable[[Page, Page], object]) -> Iterator[tuple[Page, Patient]]:
    """The clinician's page and the patient, who see each other; `prepare` gets both pages while empty."""
    with clinic_and_browser() as (clinic, browser), person(browser) as host, person(browser) as guest:
        prepare(host, guest)
        visit = clinic.visit()
        clinician = Clinician(host).sign_in(clinic, visit).enter(clinic, visit)
        patient = Patient(guest).opens(visit.link).goes_to_the_waiting_room()
        clinician.lets_in()
        patient.sees_frames()
        yield host, patient


def compare(host: Page, guest: Page) -> tuple[float, float]:
    """By how many milliseconds the clinician's clock is ahead, and how long one way takes."""
    for page in (host, guest):
        page.evaluate(BARE)
    answer = guest.evaluate(DESCRIBE, host.evaluate(DESCRIBE, None))
    host.evaluate("(answer) => bare.pc.setRemoteDescription(answer)", answer)
    guest.evaluate(ECHO)
    best: dict[str, float] = host.evaluate(COMPARE)
    return best["ahead"], best["taken"] / 2

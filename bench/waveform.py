"""Three leads of 250 Hz for a minute in a running call, from the patient's page to the clinician's sheet.

Two real pages with picture and sound. The patient's drawer is opened and agrees; instead of a device, the
bench hands over 25 frames a second, each with the moment it was made. On the other side a frame counts when
our code has checked it and handed it to the curve that is being drawn. Floor: the same frames at the same
pace over a bare data channel between the same two pages, in the same minute, 20 ms apart. Clocks of the two
pages are compared over that channel by the quickest of 100 echoes.
"""

import json
import re
from itertools import pairwise
from typing import Any

from journeys.people import SEEN
from playwright.sync_api import Page, Route

from bench.figures import Figure
from bench.pages import CLOCK, call, compare

SECONDS = 60
FRAMES = SECONDS * 25
SHARED = re.compile(r'"([^"]*channel[^"]*\.js)"')
ADDRESS = "**/static/devices/patient/measure*.js"

INSTEAD_OF_A_DEVICE = """import { Channel } from "%s";
export async function begin(root, { call, page }) {
  const channel = new Channel(call, { visit: page.visit });
  const known = new Promise((done) =>
    channel.addEventListener('delivered', ({ detail }) => detail.t === 'state' && done()));
  const token = root.querySelector('[name=csrfmiddlewaretoken]').value;
  const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': token };
  const body = JSON.stringify({ kinds: ['ecg'], until: 'end' });
  const { sharing } = await (await fetch(page.urls.share, { method: 'POST', headers, body })).json();
  const pairing = crypto.randomUUID();
  channel.share({ sharing, kinds: ['ecg'], until: 'end' });
  channel.state({ sharing, pairing, kind: 'ecg', state: 'measuring' });
  await known;
  window.flows = (frame) => channel.wave({ sharing, pairing, frame });
}"""
WATCH = f"""() => {{
  {CLOCK}
  window.arrived = [];
  const add = RTCDataChannel.prototype.addEventListener;
  RTCDataChannel.prototype.addEventListener = function (type, act, ...rest) {{
    const timed = ({{ data }}) => {{
      act({{ data }});
      const frame = new DataView(data, 32);
      window.arrived.push([frame.getUint32(0, true), clock() - frame.getFloat64(4, true)]);
    }};
    return add.call(this, type, this.label === 'waves' && type === 'message' ? timed : act, ...rest);
  }};
}}"""
LISTEN = """() => {
  window.bareArrived = [];
  bare.pipe.onmessage = ({ data }) =>
    window.bareArrived.push(bare.clock() - new DataView(data).getFloat64(4, true));
  const drawn = (window.drawn = []);
  const tick = (at) => { drawn.push(at); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
MEASURES = """async (count) => {
  const made = (number) => {
    const frame = new DataView(new ArrayBuffer(76));
    frame.setUint32(0, number, true);
    frame.setUint8(12, 3);
    frame.setUint8(13, 10);
    frame.setUint16(14, 250, true);
    for (let place = 0; place < 30; place += 1) {
      const at = (number * 10 + (place % 10)) / 250;
      frame.setInt16(16 + 2 * place, 900 * Math.exp(-(((at % 0.85) - 0.4) ** 2) / 0.0004), true);
    }
    return frame;
  };
  const until = (moment) => new Promise((done) => setTimeout(done, moment - performance.now()));
  const sends = (frame, send) => {
    frame.setFloat64(4, bare.clock(), true);
    return send(frame);
  };
  const began = performance.now();
  let went = 0;
  for (let number = 0; number < count; number += 1) {
    await until(began + number * 40);
    went += sends(made(number), window.flows);
    await until(began + number * 40 + 20);
    sends(made(number), (frame) => bare.pipe.send(frame));
  }
  await until(performance.now() + 2000);
  return went;
}"""


def measure() -> list[Figure]:
    with call(_prepare) as (host, patient):
        patient.press("measure")
        patient.page.wait_for_function("() => window.flows")
        return _figures(host, patient.page)


def _prepare(host: Page, guest: Page) -> None:
    host.add_init_script(f"({WATCH})()")
    guest.route(ADDRESS, _instead)


def _instead(route: Route) -> None:
    """The patient's module as it is served, but with the bench where a device would be."""
    answer = route.fetch()
    channel = SHARED.findall(answer.text())[0]
    route.fulfill(response=answer, body=INSTEAD_OF_A_DEVICE % channel)


def _figures(host: Page, guest: Page) -> list[Figure]:
    ahead, one_way = compare(host, guest)
    print(f"clocks: {ahead:.3f} ms apart, within {one_way:.3f} ms")
    host.evaluate(LISTEN)
    pictures = host.evaluate(SEEN)
    went = guest.evaluate(MEASURES, FRAMES)
    pictures = host.evaluate(SEEN) - pictures
    arrived = host.evaluate("window.arrived")
    ours = sorted(taken - ahead for _number, taken in arrived)
    bare = sorted(taken - ahead for taken in host.evaluate("window.bareArrived"))
    _show(host, ours, bare, went, pictures)
    missing = FRAMES - len({number for number, _taken in arrived})
    return [
        Figure(name="p99-ms", value=_share(ours, 99), unit="ms", floor=_share(bare, 99), goal="<=10"),
        Figure(name="p50-ms", value=_share(ours, 50), unit="ms", floor=_share(bare, 50)),
        Figure(name="lost", value=missing * 30, unit="samples", floor=(FRAMES - len(bare)) * 30, goal="0"),
    ]


def _show(host: Page, ours: list[float], bare: list[float], went: int, pictures: int) -> None:
    drawn: list[float] = host.evaluate("window.drawn")
    gaps = [later - sooner for sooner, later in pairwise(drawn)]
    about: dict[str, Any] = {
        "sent": went,
        "ours": {share: round(_share(ours, share), 2) for share in (50, 90, 99, 100)},
        "bare": {share: round(_share(bare, share), 2) for share in (50, 90, 99, 100)},
        "drawn a second": round(len(gaps) / (sum(gaps) / 1000), 1),
        "drawn later than 50 ms": sum(gap > 50 for gap in gaps),
        "pictures a second": round(pictures / SECONDS, 1),
        "sheet": host.locator(".tw-live-gaps").inner_text(),
    }
    print(json.dumps(about))


def _share(ordered: list[float], share: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]

"""From the press of "Stop showing" to the last sample drawn on the clinician's side, by the pages' clocks.

Two real pages with picture and sound, and the patient's own drawer. In place of a radio, a device in the
patient's page hands over a frame of three leads every 40 ms and never stops by itself. Twenty times the
patient agrees, lets a second of the curve flow and presses Stop. Counted is the worst time from the press to
the last line that the clinician's page drew, and to the words there that it was stopped. Floor: one way
between the two pages over a bare data channel. The two clocks are compared as in `waveform`.
"""

from journeys.measuring import Measures
from journeys.people import Patient
from playwright.sync_api import Page

from bench.figures import Figure
from bench.pages import call, compare

ROUNDS = 20
DEVICE = """() => {
  const made = (number) => {
    const frame = new DataView(new ArrayBuffer(76));
    frame.setUint32(0, number, true);
    frame.setFloat64(4, Date.now(), true);
    frame.setUint8(12, 3);
    frame.setUint8(13, 10);
    frame.setUint16(14, 250, true);
    for (let place = 0; place < 30; place += 1)
      frame.setInt16(16 + 2 * place, (number * 37 + place) % 900, true);
    return frame;
  };
  class Characteristic extends EventTarget {
    uuid = '74656c65-7761-7264-8001-000000000001';
    properties = { notify: true };
    async startNotifications() {
      let number = 0;
      setInterval(() => {
        this.value = made(number++);
        this.dispatchEvent(new Event('characteristicvaluechanged'));
      }, 40);
      return this;
    }
  }
  class Device extends EventTarget {
    name = 'Bench';
    id = crypto.randomUUID();
    gatt = {
      connected: true,
      connect: async () => this.gatt,
      disconnect: () => undefined,
      getPrimaryService: async (uuid) => {
        if (typeof uuid === 'number') throw new DOMException('', 'NotFoundError');
        const mine = [new Characteristic()];
        return { getCharacteristics: async () => mine };
      },
    };
  }
  const bluetooth = { requestDevice: async () => new Device() };
  Object.defineProperty(Navigator.prototype, 'bluetooth', { value: bluetooth, configurable: true });
}"""
WATCH = """() => {
  const stroke = CanvasRenderingContext2D.prototype.stroke;
  CanvasRenderingContext2D.prototype.stroke = function () {
    window.drawn = bare.clock();
    return stroke.call(this);
  };
  [window.stops, window.isTold] = [0, false];
  new MutationObserver(() => {
    const isTold = document.querySelector('.tw-live [data-part="going"]')?.textContent.includes('Stopped');
    if (isTold && !window.isTold) [window.stops, window.told] = [window.stops + 1, bare.clock()];
    window.isTold = isTold;
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
PRESS = """() => {
  const pressed = bare.clock();
  document.querySelector('.tw-button-stop').click();
  return pressed;
}"""


def measure() -> list[Figure]:
    with call(lambda _host, guest: guest.add_init_script(f"({DEVICE})()")) as (host, patient):
        return _figures(host, patient)


def _figures(host: Page, patient: Patient) -> list[Figure]:
    ahead, one_way = compare(host, patient.page)
    host.evaluate(WATCH)
    rounds = [_stopped(host, patient) for _ in range(ROUNDS)]
    drawn = sorted(last - ahead - pressed for pressed, last, _told in rounds)
    told = sorted(said - ahead - pressed for pressed, _last, said in rounds)
    middle = ROUNDS // 2
    print(f"last drawn after {drawn[middle]:.1f} ms, worst {drawn[-1]:.1f}; told after {told[middle]:.1f}")
    return [
        Figure(name="stop-ms", value=max(0.0, drawn[-1]), unit="ms", floor=one_way, goal="<=1000"),
        Figure(name="stop-told-ms", value=told[-1], unit="ms", floor=one_way, goal="<=1000"),
    ]


def _stopped(host: Page, patient: Patient) -> tuple[float, float, float]:
    """When it was pressed, when the last line was drawn two seconds later, when the words stood there."""
    measures = Measures(patient).agrees_to("ecg")
    patient.page.locator("[data-act=find]").click()
    measures.is_in("measuring")
    begun = host.evaluate("window.drawn ?? 0")
    host.wait_for_function(f"() => window.drawn > {begun} + 1000")
    before = host.evaluate("window.stops")
    pressed: float = patient.page.evaluate(PRESS)
    host.wait_for_function(f"() => window.stops > {before}")
    host.wait_for_timeout(2000)  # whatever is drawn late is seen
    last, told = host.evaluate("[window.drawn, window.told]")
    return pressed, last, told

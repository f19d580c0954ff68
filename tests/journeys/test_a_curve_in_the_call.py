"""Heart currents in the call: drawn, told in words, kept to the last sample, stopped, over with the call."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from fakes.peripherals import Radio, chooses
from journeys.clinic import Booked, Clinic
from journeys.instruments import SAMPLES, heart_monitor, heartbeats
from journeys.measuring import Measures, ends, strap
from journeys.people import Clinician, both, consultation
from playwright.sync_api import Browser, expect
from stage.live import until

pytestmark = pytest.mark.journey
PRESSES = """async ([uuid, count]) => {
  for (let number = 0; number < count; number += 1) {
    if (number === count / 2) document.querySelector('.tw-button-stop').click();
    await window.listened.get(uuid).readValue().catch(() => undefined);
  }
}"""
LEAVING = """() => {
  window.left = [];
  const send = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (data) {
    const isOurs = ['readings', 'waves'].includes(this.label);
    if (isOurs) window.left.push(typeof data === 'string' ? JSON.parse(data).t : 'wave');
    return send.call(this, data);
  };
  const press = ({ target }) => target.closest('.tw-button-stop') && window.left.push('pressed');
  addEventListener('click', press, { capture: true });
}"""
DRAWING = """() => {
  window.seen = [];
  const stroke = CanvasRenderingContext2D.prototype.stroke;
  CanvasRenderingContext2D.prototype.stroke = function () {
    window.seen.push('drawn');
    return stroke.call(this);
  };
  const tell = () => document.body.textContent.includes('Stopped by the patient') && window.seen.push('told');
  const watch = new MutationObserver(tell);
  watch.observe(document.querySelector('#sheet-live'), { childList: true, subtree: true });
}"""
IN_WORDS = "Heart currents as a moving curve, 3 leads. A curve cannot be read aloud."
TWO_PICTURES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
INK = """() => {
  const paper = document.querySelector('.tw-live-curve');
  const { width, height } = paper;
  const pen = paper.getContext('2d');
  const ink = (top) => pen.getImageData(0, top, width, height / 3).data.some((one) => one > 0);
  return [0, height / 3, (2 * height) / 3].map((top) => ink(Math.round(top)));
}"""


def test_a_curve_is_drawn_kept_to_the_last_sample_stopped_at_once_and_over_with_the_call(
    clinic: Clinic, blue: Browser, radio: Radio
) -> None:
    visit, monitor, _strap = clinic.visit(), heart_monitor(radio), strap(radio)
    with consultation(clinic, blue, visit=visit) as (clinician, patient):
        page, measures = patient.page, Measures(patient)
        chooses(page)
        page.evaluate(LEAVING)
        clinician.page.evaluate(DRAWING)

        measures.adds("ecg")
        told = clinician.page.locator(".tw-live-card")
        expect(told).to_contain_text("Device connected")  # before that nobody is sent a curve
        frames, leads = heartbeats(4)
        monitor.streams(page, SAMPLES, frames)
        paper = clinician.page.locator(".tw-live-curve")
        expect(paper).to_have_attribute(
            "aria-label", "Heart currents as a moving curve, 3 leads. A curve cannot be read aloud."
        )
        expect(told).to_contain_text("3 leads, 250 values a second, 25 mm/s, 10 mm/mV.")
        expect(told).to_contain_text("othing is missing.")  # also where the curve has ended
        clinician.page.wait_for_function(f"() => ({INK})().every(Boolean)")
        measures.shown.first.get_by_role("button", name="Keep the newest 10 seconds").click()
        expect(measures.shown.first).to_contain_text("Kept in your record.")
        assert strip(clinic, visit) == leads

        monitor.streams(page, SAMPLES, heartbeats(4)[0], how=PRESSES)
        expect(clinician.page.locator(".tw-live")).to_contain_text("Stopped by the patient")
        clinician.page.evaluate(TWO_PICTURES)
        assert after("pressed", page.evaluate("window.left")) == {"stop"}
        assert after("told", clinician.page.evaluate("window.seen")) == set()
        expect(clinician.page.locator("[data-part=dropped]")).to_be_hidden()

        measures.adds("heart-rate", until="stop")  # at the latest until the call ends
        measures.adds("ecg", until="end")
        monitor.streams(page, SAMPLES, heartbeats(1)[0])
        ends_the_call(clinician)
        both((clinician, patient), lambda one: one.is_in("over"))
        expect(measures.bar).to_be_hidden()
        until(lambda: ends(clinic, visit) == ["stopped", "ended", "ended"])


def ends_the_call(clinician: Clinician) -> None:
    clinician.opens("ending")
    clinician.page.get_by_label("Everything was settled").check()
    clinician.page.get_by_role("button", name="End the consultation").click()


def after(what: str, order: Sequence[str]) -> set[str]:
    """What happened later than this."""
    return set(order[order.index(what) + 1 :])


def strip(clinic: Clinic, visit: Booked) -> list[list[int]]:
    """Thousandths of a millivolt of each lead, as another program reads them in the chart."""
    headers = {"authorization": f"Bearer {clinic.ask('key', scopes='system/*.rs')['key']}"}
    found: list[dict[str, Any]] = []

    def look() -> bool:
        about = {"patient": f"Patient/{visit.patient.id}"}
        answer = chart.post("/Observation/_search", data=about).raise_for_status().json()
        found.extend(entry["resource"] for entry in answer.get("entry", ()))
        return bool(found)

    with httpx.Client(base_url=f"{clinic.origin}/fhir", headers=headers, timeout=30) as chart:
        until(look)
    (kept,) = found
    assert kept["code"]["text"] == "ECG"
    return [samples(each["valueSampledData"]) for each in kept["component"]]


def samples(data: dict[str, Any]) -> list[int]:
    assert (data["period"], data["origin"]["unit"]) == (4, "mV")
    return [round(float(each) * data["factor"] * 1000) for each in data["data"].split()]

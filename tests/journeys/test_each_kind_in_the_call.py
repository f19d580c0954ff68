"""Each kind of device in one call: what it measured, as the clinician sees it, and what becomes of it."""

from datetime import timedelta

import pytest
from fakes.peripherals import Radio
from journeys import instruments
from journeys.clinic import Clinic
from journeys.instruments import Meter, after_a_meal, sugar
from journeys.looking import Eye
from journeys.measuring import BEATS, FASTER, MINE, Measures, cuff, ends, strap
from journeys.people import Someone, person, third
from journeys.standing import Room
from playwright.sync_api import Browser, Locator, expect
from stage.live import until

pytestmark = pytest.mark.journey
NEXT = bytes.fromhex("0C8E0058007800480001")  # 142/88, user 1
OF_ANOTHER_VISIT = """() => {  // the next reading alone
  const send = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (data) {
    const isReading = typeof data === 'string' && data.includes('"t":"reading"');
    if (!isReading) return send.call(this, data);
    RTCDataChannel.prototype.send = send;
    return send.call(this, data.replace(/"visit":"[^"]*"/, `"visit":"${crypto.randomUUID()}"`));
  };
}"""


def test_what_is_measured_once_is_seen_with_its_unit_its_age_and_what_the_display_showed(
    room: Room, radio: Radio
) -> None:
    _visit, clinician, patient = room
    page, measures = patient.page, Measures(patient)
    warm = instruments.thermometer(radio)
    measures.adds("thermometer")
    warm.notify(page, "2A1C", instruments.FEVER)
    shows(clinician, "Thermometer", "Body temperature", "38.00 °C")
    says(clinician, "Thermometer", "the device showed 100.4 °F", "in the mouth", "not kept")

    heavy = instruments.scale(radio)
    measures.adds("weight")
    heavy.notify(page, "2A9D", instruments.HEAVY)
    expect(measures.question).to_contain_text("user 1")
    expect(card(clinician, "Scale").locator("dd")).to_have_count(0)
    measures.says("Yes, this is mine")
    shows(clinician, "Scale", "Body weight", "75.00 kg")
    shows(clinician, "Scale", "Body mass index", "24.5 kg/m²")
    says(clinician, "Scale", "the device showed 165.35 lb / 68.9 in", "user 1 of the device")

    meter = Meter(radio)
    measures.adds("glucose")
    newest = sugar(7, tenths_of_mmol=62, ago=timedelta(minutes=2), more=True)
    older = sugar(6, milligrams=95, ago=timedelta(hours=20))
    meter.hands_out(page, newest, after_a_meal(7), older)
    sweet = "Blood sugar meter"
    shows(clinician, sweet, "Blood sugar", "112 mg/dL")
    says(clinician, sweet, "the device showed 6.2 mmol/L", "after a meal", "by the device's own clock")
    expect(measures.shown.first).to_contain_text("6.2 mmol/L")
    expect(page.locator("[data-piece=stored]")).to_contain_text("95 mg/dL")
    expect(card(clinician, sweet)).not_to_contain_text("95")
    page.get_by_role("button", name="Show this one").click()
    card(clinician, sweet).locator("summary").click()
    expect(card(clinician, sweet).locator("tbody tr td:nth-child(2)")).to_have_text(["112 mg/dL", "95 mg/dL"])
    shows(clinician, sweet, "Blood sugar", "112 mg/dL")
    for someone, name in ((clinician, "room-host-measured"), (patient, "room-guest-measured")):
        eye = Eye(someone.page, "en", for_barriers=True)
        eye.at(name)
        assert eye.found == []
    measures.stops()
    says(clinician, sweet, "Stopped")


def test_what_goes_on_is_seen_with_its_newest_values_and_each_time_between_beats(
    room: Room, radio: Radio
) -> None:
    _visit, clinician, patient = room
    page, measures = patient.page, Measures(patient)
    finger = instruments.oximeter(radio)
    measures.adds("pulse-oximeter")
    for number, frame, percent, pulse in (
        ("2A5E", instruments.FINGER, "97 %", "64 per minute"),
        ("2A5F", instruments.RUNNING, "96 %", "66 per minute"),
    ):
        finger.notify(page, number, frame)
        shows(clinician, "Pulse oximeter", "Oxygen in the blood", percent)
        shows(clinician, "Pulse oximeter", "Pulse", pulse)

    beating = strap(radio)
    measures.adds("heart-rate")
    beating.notify(page, "2A37", instruments.BEAT_BY_BEAT)
    shows(clinician, "Heart rate sensor", "Heart rate", "80 per minute")
    shows(clinician, "Heart rate sensor", "Time between two beats", "750.00 ms")
    card(clinician, "Heart rate sensor").locator("summary").click()
    expect(card(clinician, "Heart rate sensor").locator("tbody tr")).to_have_count(2)

    skin = instruments.sensor(radio)
    measures.adds("continuous-glucose")
    skin.notify(page, "2AA7", instruments.SENSOR)
    shows(clinician, "Glucose sensor", "Sugar under the skin", "120 mg/dL")
    measures.stops()


def test_a_cuff_lost_while_it_measures_is_found_again_and_nothing_of_the_first_try_is_a_value(
    room: Room, radio: Radio
) -> None:
    _visit, clinician, patient = room
    page, measures = patient.page, Measures(patient)
    squeezing = cuff(radio)
    measures.adds("blood-pressure")
    squeezing.notify(page, "2A36", instruments.FILLING)
    measures.is_in("measuring")
    squeezing.leaves()
    measures.is_in("out-of-range")
    says(clinician, "Blood pressure monitor", "Device out of range", "No value yet")
    squeezing.returns()
    measures.is_in("connected")
    measures.is_measured(squeezing)
    shows(clinician, "Blood pressure monitor", "Upper value", "138 mmHg")
    measures.stops()


def test_who_comes_back_sees_what_stands_and_what_comes_never_another_visits_and_the_end_of_it(
    clinic: Clinic, room: Room, radio: Radio
) -> None:
    visit, clinician, patient = room
    page, measures = patient.page, Measures(patient)
    squeezing, beating = cuff(radio), strap(radio)
    measures.adds("blood-pressure").is_measured(squeezing)
    measures.adds("heart-rate")
    beating.notify(page, "2A37", BEATS)
    shows(clinician, "Heart rate sensor", "Heart rate", "72 per minute")
    clinician.page.reload()
    clinician.is_in("call")
    shows(clinician, "Heart rate sensor", "Heart rate", "72 per minute")
    shows(clinician, "Blood pressure monitor", "Upper value", "138 mmHg")
    expect(clinician.page.locator(".tw-live-card")).to_have_count(2)
    squeezing.notify(page, "2A35", NEXT)
    shows(clinician, "Blood pressure monitor", "Upper value", "142 mmHg")

    expect(measures.shown.first).to_contain_text(f"It reached {visit.host.name}.")  # it is not said again
    page.evaluate(OF_ANOTHER_VISIT)
    squeezing.notify(page, "2A35", MINE)
    expect(measures.shown.first).to_contain_text("did not show this reading")
    expect(clinician.page.locator("[data-part=dropped]")).to_contain_text("1 (visit)")
    shows(clinician, "Blood pressure monitor", "Upper value", "142 mmHg")

    measures.stops()
    for kind in ("Heart rate sensor", "Blood pressure monitor"):
        says(clinician, kind, "Stopped")
    until(lambda: set(ends(clinic, visit)) == {"stopped"})


def test_a_colleague_who_comes_later_sees_it_when_the_patient_says_so_and_not_before(
    clinic: Clinic, blue: Browser, room: Room, radio: Radio
) -> None:
    visit, clinician, patient = room
    measures, beating = Measures(patient), strap(radio)
    measures.adds("heart-rate")
    beating.notify(patient.page, "2A37", BEATS)
    link = clinic.third(visit, "clinician", "Dr. Emil Rand")
    with person(blue) as page:
        colleague = third(page, link)
        clinician.lets_in("Dr. Emil Rand")
        expect(measures.bar).to_contain_text("Dr. Emil Rand has come in and sees none of it.")
        expect(page.locator(".tw-live")).to_have_count(0)
        measures.bar.get_by_role("button", name="Show it to them too").click()
        shows(colleague, "Heart rate sensor", "Heart rate", "72 per minute")
        beating.notify(patient.page, "2A37", FASTER)
        for someone in (clinician, colleague):
            shows(someone, "Heart rate sensor", "Heart rate", "73 per minute")
        expect(measures.shown.first).to_contain_text(f"It reached {visit.host.name} and Dr. Emil Rand.")
        measures.stops()
        says(colleague, "Heart rate sensor", "Stopped")


def card(clinician: Someone, kind: str) -> Locator:
    return clinician.page.locator(".tw-live-card", has=clinician.page.get_by_role("heading", name=kind))


def says(clinician: Someone, kind: str, *words: str) -> None:
    for word in words:
        expect(card(clinician, kind)).to_contain_text(word)


def shows(clinician: Someone, kind: str, what: str, value: str) -> None:
    """The large number of this quantity."""
    row = card(clinician, kind).locator(".tw-live-value", has_text=what)
    expect(row.locator(".tw-live-number")).to_have_text(value)

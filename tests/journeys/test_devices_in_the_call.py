"""What a patient's own devices measure in the call: agreed to, seen, kept, stopped; never somebody else's."""

from pathlib import Path
from typing import Any

import pytest
from fakes.peripherals import Peripheral, Radio
from journeys.clinic import Booked, Clinic
from journeys.keyboard import Keyboard
from journeys.looking import AXE, BARRIERS
from journeys.measuring import ANOTHERS, BEATS, FASTER, HIDDEN, MINE, Measures, cuff, ends, strap
from journeys.people import Clinician
from journeys.standing import Room
from kit.pictures import jpeg_with_a_place
from playwright.sync_api import Locator, expect
from stage.live import until

pytestmark = pytest.mark.journey
JPEG = """async () => {
  const canvas = new OffscreenCanvas(64, 48);
  canvas.getContext('2d').fillRect(0, 0, 40, 30);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
  return [...new Uint8Array(await blob.arrayBuffer())];
}"""
REMEMBERS = """() => {
  const address = URL.createObjectURL;
  URL.createObjectURL = (blob) => { window.newest = blob; return address.call(URL, blob); };
}"""
NEWEST = "async () => [...new Uint8Array(await window.newest.arrayBuffer())]"


@pytest.fixture
def device(radio: Radio) -> Peripheral:
    """The patient's cuff: the only one nearby."""
    return cuff(radio)


def test_a_cuff_is_paired_read_seen_kept_and_stopped_although_the_server_is_away(
    clinic: Clinic, room: Room, device: Peripheral
) -> None:
    visit, clinician, patient = room
    page, measures = patient.page, Measures(patient)
    measures.chooses("blood-pressure")
    expect(page.locator("[data-piece=consent-whom]")).to_have_text(visit.host.name)
    expect(measures.bar).to_be_hidden()
    keys = Keyboard(page)
    measures.agrees().finds()
    keys.is_at("Blood pressure monitor")
    expect(measures.bar).to_contain_text(f"You are showing Blood pressure monitor to {visit.host.name}.")
    device.notify(page, "2A35", MINE)
    expect(measures.question).to_contain_text("user 1")
    expect(card(clinician).locator("dd")).to_have_count(0)
    assert barriers(measures) == []
    measures.says("Yes, this is mine")
    keys.is_at("Blood pressure monitor")
    expect(card(clinician)).to_contain_text("138")
    expect(measures.shown.first).to_contain_text(f"It reached {visit.host.name}.")
    measures.shown.first.get_by_role("button", name="Keep in my record").click()
    expect(measures.shown.first).to_contain_text("Kept in your record.")
    until(lambda: kinds_kept(clinic, visit) == ["Device", "Observation", "Provenance"])
    page.route("**/stop/", lambda route: route.abort())
    measures.stops()
    expect(measures.bar).to_contain_text("Stopped. Nothing more is shown.")
    expect(clinician.page.locator(".tw-live")).to_contain_text("Nothing more comes")
    page.unroute("**/stop/")
    until(lambda: ends(clinic, visit) == ["stopped"])


def test_somebody_elses_reading_is_asked_about_and_thrown_away_unseen(room: Room, device: Peripheral) -> None:
    _visit, clinician, patient = room
    measures = Measures(patient).chooses("blood-pressure").agrees().finds()
    before = measures.shown.count()
    device.notify(patient.page, "2A35", ANOTHERS)
    measures.says("No, throw it away")
    expect(measures.bar).to_contain_text("Thrown away. Nobody has seen it.")
    device.notify(patient.page, "2A35", ANOTHERS)
    measures.is_measured(device)
    expect(measures.shown.first).to_contain_text("It reached")
    assert measures.shown.count() == before + 1
    assert "75" not in card(clinician).locator("dl").inner_text()
    measures.stops()


def test_a_strap_that_gets_lost_is_out_of_range_then_found_its_value_old_not_invented(
    room: Room, radio: Radio
) -> None:
    _visit, clinician, patient = room
    device, measures = strap(radio), Measures(patient)
    measures.chooses("heart-rate").agrees().finds()
    device.notify(patient.page, "2A37", BEATS)
    measures.is_in("measuring")
    expect(card(clinician, "Heart rate sensor")).to_contain_text("72")
    device.leaves()
    measures.is_in("out-of-range")
    expect(card(clinician, "Heart rate sensor")).to_contain_text("out of range")
    expect(card(clinician, "Heart rate sensor")).to_have_attribute("data-stale", "true")
    expect(card(clinician, "Heart rate sensor")).to_contain_text("Old value")
    device.returns()
    measures.is_in("connected")
    device.notify(patient.page, "2A37", FASTER)
    expect(card(clinician, "Heart rate sensor")).to_contain_text("73")
    expect(card(clinician, "Heart rate sensor")).to_have_attribute("data-stale", "false")
    measures.stops()


def test_without_bluetooth_values_are_typed_with_a_photo_of_the_display(room: Room, tmp_path: Path) -> None:
    _visit, clinician, patient = room
    page, measures = patient.page, Measures(patient)
    page.evaluate(HIDDEN)
    clinician.page.evaluate(REMEMBERS)
    measures.chooses("blood-pressure").agrees()
    expect(page.locator("[data-piece=typed-why]")).to_contain_text("cannot connect to your device")
    measures.types("blood-pressure", upper_value="1380", lower_value="88")
    wrong = page.locator("[data-typed=blood-pressure] .tw-field-wrong")
    expect(wrong).to_contain_text("between 40 and 300 mmHg")
    assert page.locator("[data-code='8462-4'] input").input_value() == "88"
    display = tmp_path / "display.jpg"
    display.write_bytes(jpeg_with_a_place(bytes(page.evaluate(JPEG))))
    page.set_input_files("[data-piece=photo-file]", display)
    expect(page.get_by_alt_text("Your photo of the display")).to_be_visible()
    assert barriers(measures) == []
    measures.types("blood-pressure", upper_value="138", lower_value="88")
    for words in (
        "typed",
        "with a photo of the display",
        "The photo of the display has arrived. It is not kept",
    ):
        expect(measures.shown.first).to_contain_text(words)
    expect(card(clinician)).to_contain_text("typed by the patient")
    picture = card(clinician).get_by_alt_text("Photo of the display: 138 mmHg, 88 mmHg").first
    expect(picture).to_be_visible()
    arrived = bytes(clinician.page.evaluate(NEWEST))
    assert arrived.startswith(b"\xff\xd8\xff")
    assert b"GPS" not in arrived
    picture.click()
    large = clinician.page.get_by_role("dialog")
    assert (
        large.locator("img").evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") == 64
    )
    clinician.page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(clinician.page.locator("[data-part=log]")).not_to_contain_text("photo")
    measures.stops()


def test_by_keyboard_alone_the_focus_is_where_the_next_thing_is_and_each_state_is_said_once(
    room: Room,
) -> None:
    visit, _clinician, patient = room
    page, keys = patient.page, Keyboard(patient.page)
    page.evaluate(HIDDEN)
    Measures(patient).opens()
    opener = page.locator("[data-press=measure]")
    opener.click()
    opener.focus()
    page.keyboard.press("Enter")
    keys.is_at("What would you like to measure?")
    keys.presses("Blood pressure monitor")
    keys.is_at("May this be shown?")
    keys.presses("Yes, show it")
    keys.is_at("Type what you read: Blood pressure monitor")
    keys.reaches("Upper value")
    page.keyboard.type("141")
    keys.reaches("Lower value")
    page.keyboard.type("92")
    page.keyboard.press("Enter")
    expect(page.locator("[data-piece=typed-said]")).to_have_text("Shown, marked as typed.")
    keys.is_at("Lower value")
    keys.presses("Keep in my record")
    keys.is_at("Kept in your record.")
    keys.presses("Stop showing", "Shift+Tab")
    keys.is_at("Stopped. Nothing more is shown.")
    keys.reaches("Heart rate sensor")
    page.keyboard.press("Escape")
    expect(page.locator("[data-part=measure]")).to_be_hidden()
    expect(opener).to_be_focused()
    for once in ("Shown, marked as typed.", f"You are showing Blood pressure monitor to {visit.host.name}."):
        assert keys.heard.count(once) == 1
    assert "Stopped. Nothing more is shown." not in keys.heard  # the focus reads it


def card(clinician: Clinician, kind: str = "Blood pressure monitor") -> Locator:
    """What the clinician sees of the newest device of this kind."""
    return clinician.page.locator(".tw-live-card", has_text=kind).last


def barriers(measures: Measures) -> list[str]:
    """What is in the way of somebody; also on a small phone."""
    page = measures.page
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    faults: list[dict[str, Any]] = page.evaluate(BARRIERS)
    page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is one
    return [f"{fault['id']} {fault['nodes'][0]['html']}" for fault in faults] + ["too wide"] * (wide > 320)


def kinds_kept(clinic: Clinic, visit: Booked) -> list[str]:
    """The kinds of resources in the patient's chart that a device brought."""
    with clinic.database() as connection:
        asked = (
            "SELECT DISTINCT type FROM records_resource WHERE patient = %s AND type = ANY(%s) ORDER BY type"
        )
        found = connection.execute(asked, [visit.patient.id, ["Device", "Observation", "Provenance"]])
        return [row[0] for row in found.fetchall()]

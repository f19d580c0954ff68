"""Two installations are each other's practice system: an appointment goes one way, its note the other."""

import base64
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from ground.processes import free_port
from journeys.clinic import Clinic, Someone
from journeys.people import Clinician, Patient, person
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.journey
CARD = {"system": "http://fhir.de/sid/gkv/kvid-10", "value": "A123456780"}
NOTE = "Knie links geschwollen.\nKühlen, in einer Woche wieder."
SCOPES = "system/Patient.rs system/Encounter.crus system/DocumentReference.crus"
PATIENCE = 40.0  # seconds: two servers and their jobs on a busy machine


@dataclass(frozen=True)
class Neighbours:
    """`house` keeps the patient's chart, `calls` holds the consultation and listens at the port `hl7`."""

    house: Clinic
    calls: Clinic
    hl7: int


@pytest.fixture
def neighbours() -> Iterator[Neighbours]:
    """Both are started at once."""
    port = free_port()
    both = Neighbours(Clinic({}), Clinic({"TELEWARD_HL7_LISTEN": f"127.0.0.1:{port}"}), port)
    clinics = (both.house, both.calls)
    try:
        with ThreadPoolExecutor() as threads:
            list(threads.map(Clinic.open, clinics))
        yield both
    finally:
        with ThreadPoolExecutor() as threads:
            list(threads.map(Clinic.close, clinics))


def comes(look: Callable[[], Any], *clinics: Clinic) -> Any:
    """What there is once there is something."""
    until = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > until:
            raise AssertionError([clinic.ask("tries") for clinic in clinics])
        time.sleep(0.1)
    return found


def sends_appointments(house: Clinic, calls: Clinic, port: int) -> tuple[Someone, Someone]:
    """Both sides are set up; gives the doctor whom both know by one name, as each side has them."""
    there, here = calls.staff("Dr. Rosa Lindqvist"), house.staff("Dr. Rosa Lindqvist")
    known = {"known_by": "127.0.0.1", "application": "TELEWARD", "facility": "HOUSE"}
    calls.ask("sender", person=there.id, called="Lindqvist, Dr. Rosa", **known)
    settings = {"application": "TELEWARD", "own_facility": "HOUSE"}
    house.ask(
        "system",
        kind="mllp",
        name="Calls",
        address=f"mllp://127.0.0.1:{port}",
        sends=["Appointment"],
        settings=settings,
    )
    return here, there


def sends_back(calls: Clinic, house: Clinic) -> None:
    """The keys are registered by their address, and the name is entered on the other side."""
    made = calls.ask(
        "system",
        kind="fhir",
        name="House",
        address=f"{house.origin}/fhir",
        sends=["Encounter", "DocumentReference"],
        settings={"scopes": SCOPES},
    )
    keys = f"{calls.origin}/systems/{made['id']}/keys/"
    client = house.ask("program", name="Calls", keys_url=keys, scopes=SCOPES)
    calls.ask("named_there", connection=made["id"], client=client["id"])


def holds_consultation(page: Page, link: str, visit: str) -> None:
    """The doctor calls on the telephone, writes the note beside it and says how it ended."""
    page.goto(link)
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(f"/visits/{visit}/")
    page.get_by_role("button", name="I am calling the patient now").click()
    page.goto(f"/visits/{visit}/room/")
    host = Clinician(page)
    page.locator("form[action$='/note/'] textarea").fill(NOTE)
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()
    host.opens("ending")
    page.get_by_label("Everything was settled").check()
    page.get_by_role("button", name="End the consultation").click()
    host.is_in("over")


def test_an_appointment_made_here_is_held_there_and_its_note_is_read_here(
    neighbours: Neighbours, chromium: Browser
) -> None:
    house, calls = neighbours.house, neighbours.calls
    doctor, who_calls = sends_appointments(house, calls, neighbours.hl7)
    sends_back(calls, house)
    patient = house.patient("Jonas Ebbing")
    house.ask("number", patient=patient.id, **CARD)
    house.visit(doctor, patient, begins_in=30)
    (visit,) = comes(lambda: calls.ask("visits")["ids"], house, calls)
    with person(chromium, base_url=calls.origin) as page:
        Patient(page).opens(calls.ask("link", visit=visit)["url"], mode="phone")
        holds_consultation(page, calls.sign_in_link(who_calls), visit)
    headers = {"authorization": f"Bearer {house.ask('key', scopes='system/*.rs')['key']}"}
    with httpx.Client(base_url=f"{house.origin}/fhir", headers=headers, timeout=30) as chart:
        note = comes(lambda: only(chart, "DocumentReference", patient), house, calls)
        encounter = only(chart, "Encounter", patient)
    assert encounter["status"] == "finished"
    assert note["context"]["encounter"][0]["reference"] == f"Encounter/{encounter['id']}"
    text, paper = (base64.b64decode(part["attachment"]["data"]) for part in note["content"])
    assert text.decode() == NOTE
    assert paper.startswith(b"%PDF-")
    assert note["meta"]["source"].startswith(calls.origin)


def only(chart: httpx.Client, kind: str, patient: Someone) -> Any:
    """The one resource of a type that came from there, if it is there."""
    bundle = chart.post(f"/{kind}/_search", data={"patient": f"Patient/{patient.id}"}).json()
    found = [entry["resource"] for entry in bundle.get("entry", ())]
    came = [each for each in found if "source" in each["meta"]]
    return came[0] if came else None

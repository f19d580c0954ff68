"""From a cuff on the kitchen table to the chart: the real server, the real gateway, the real `bleak`."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from blackbox.browser import Browser, found
from fakes.bluez import Bluez
from fakes.gateways import Gateway, open_gateway
from fakes.peripheral import cuff, pressure
from journeys.clinic import Booked, Clinic

from teleward.kernel.clock import now

pytestmark = pytest.mark.journey
PATIENCE = 60.0  # seconds
OUR_PAGE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def visit(clinic: Clinic) -> Booked:
    return clinic.visit()


@pytest.fixture
def doctor(clinic: Clinic, visit: Booked) -> Iterator[Browser]:
    browser = Browser(clinic.origin)
    browser.press(clinic.sign_in_link(visit.host))
    yield browser
    browser.close()


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    with Bluez(tmp_path) as bluez:
        made = open_gateway(tmp_path, bluez)
        yield made
        if made.process is not None:
            made.kill()
            made.ends()


def pressures(doctor: Browser, visit: Booked) -> list[dict[str, Any]]:
    """Blood pressures in the chart, oldest first."""
    search = f"/fhir/Observation?patient={visit.patient.id}&code=85354-9&_sort=date"
    answer = doctor.get(search, **OUR_PAGE)
    assert answer.status_code == 200, answer.text
    return [entry["resource"] for entry in answer.json().get("entry", [])]


def charted(doctor: Browser, visit: Booked, *, many: int) -> list[dict[str, Any]]:
    """Once there are so many."""
    deadline = time.monotonic() + PATIENCE
    while len(there := pressures(doctor, visit)) < many:
        assert time.monotonic() < deadline, f"{len(there)} of {many}"
        time.sleep(0.1)
    return there


def by_the_cuff() -> datetime:
    """What its display shows: the hour of the place."""
    return now().astimezone().replace(tzinfo=None)


def systolic(observation: dict[str, Any]) -> float:
    by_code = {part["code"]["coding"][0]["code"]: part for part in observation["component"]}
    return float(by_code["8480-6"]["valueQuantity"]["value"])


def test_a_pressure_measured_at_home_is_in_the_chart_once_with_its_device_until_the_pairing_ends(
    clinic: Clinic, doctor: Browser, visit: Booked, gateway: Gateway
) -> None:
    page = f"/devices/patients/{visit.patient.id}/pairings/"
    shown = doctor.post(page, loaded_for=visit.patient.id).text
    code = found(r">\s*([0-9A-Z]{5} [0-9A-Z]{5})\s*<", shown)
    assert gateway.run("pair", clinic.origin, code, "--name", "kitchen") == 0
    device = cuff()
    gateway.own(device, user=1)
    gateway.start()

    device.measure("2A35", pressure(138, 88, user=1, at=by_the_cuff()))
    [first] = charted(doctor, visit, many=1)
    assert systolic(first) == 138
    assert first["subject"]["reference"] == f"Patient/{visit.patient.id}"
    made_by = doctor.get(f"/fhir/{first['device']['reference']}", **OUR_PAGE).json()
    assert (made_by["resourceType"], made_by["manufacturer"]) == ("Device", "Example Instruments")

    clinic.kill()
    device.measure("2A35", *(pressure(140 + n, 90, minute=-n, user=1, at=by_the_cuff()) for n in (1, 2)))
    clinic.restart()
    assert sorted(map(systolic, charted(doctor, visit, many=3))) == [138, 141, 142]

    end = found(r'action="([^"]+/end/)"', doctor.get(page).text)
    doctor.post(end, loaded_for=visit.patient.id)
    device.measure("2A35", pressure(150, 95, user=1, at=by_the_cuff()))
    assert gateway.ends() == 77
    assert gateway.said[-1].startswith("The practice ended this pairing")
    assert len(pressures(doctor, visit)) == 3

"""A patient reads which device measured, and what they called the gateway; never the name of a program."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from joserfc.jwk import ECKey
from rooms.devices.test_marked_as_wrong import own, was_kept
from stage.noon import HOUR, MINUTE, NOON
from stage.visits import HERE, Stage
from stage.window import account, patient

from teleward.access.grants import Action
from teleward.access.models import Patient, Person
from teleward.devices.models import HomeReading
from teleward.devices.operations.disowning import disown
from teleward.devices.operations.pairing import Claim, claim, make_code
from teleward.devices.queries.instruments import NEWEST, Instrument, called, instruments
from teleward.devices.queries.pairings import gateway_names
from teleward.devices.queries.readings import CONTEXT
from teleward.devices.readings import DeviceFacts, Reading, Value, encode
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
SignIn = Callable[[Person], Client]
MARKING, PAIRINGS = "/window/readings/wrong/?date=2026-11-22", "/window/devices/"
CUFF, SCALE = DeviceFacts(maker="Norda", model="Cuff 2"), DeviceFacts(maker="Norda", model="Scale 1")
VALUES = {
    "blood-pressure": [Value(code="8480-6", unit="mm[Hg]", value="128")],
    "weight": [Value(code="29463-7", unit="kg", value="72.5")],
}
_numbers = count(1)


def measured(stage: Stage, pairing: UUID, device: DeviceFacts, kind: str, at: datetime) -> HomeReading:
    number, whose = next(_numbers), stage.patient.id
    said = Reading(id=uuid4(), kind=kind, source="device", received_at=at, values=VALUES[kind], device=device)
    with connection.cursor() as cursor:
        cursor.execute("SELECT devices_month(%s)", [now().date()])
    return HomeReading.objects.create(
        pairing=pairing,
        sequence=number,
        received_at=now(),
        organisation=stage.practice.id,
        patient=whose,
        kind=kind,
        at=at,
        sealed=seal(patient=whose, plaintext=encode(said), context=CONTEXT.format(pairing, number)),
    )


@pytest.fixture(autouse=True)
def treated(noon: object, stage: Stage) -> None:
    stage.visit_now()


@pytest.fixture
def kitchen(stage: Stage, treated: None) -> UUID:
    """The gateway, as it was called when it was paired."""
    code = make_code(grant=stage.of_patient(Action.PAIRING_CHANGE)).code
    key = ECKey.generate_key("P-256", private=True).as_dict(private=False)
    said = Claim(code=code, public_key=key, name="Küche", software="teleward-gateway 1")
    return claim(said=said, circumstances=HERE)


@pytest.fixture
def browser(stage: Stage, signed_in: SignIn) -> Client:
    who = account(Patient.objects.get(id=stage.patient.id))
    return signed_in(Person.objects.get(id=who.id))


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


@pytest.mark.parametrize(
    ("maker", "model", "said"),
    [
        ("Norda", "Cuff 2", "Norda Cuff 2"),
        ("Norda", "NORDA Cuff 2", "NORDA Cuff 2"),
        ("Norda", "", "Norda"),
        ("", "Cuff 2", "Cuff 2"),
        (" ", " ", ""),
    ],
)
def test_a_device_is_called_by_maker_and_model(maker: str, model: str, said: str) -> None:
    assert called(DeviceFacts(maker=maker, model=model)) == said


def test_what_measured_last_is_known_for_each_gateway_and_kind(stage: Stage, kitchen: UUID) -> None:
    other = uuid4()
    measured(stage, kitchen, DeviceFacts(maker="Alt"), "blood-pressure", NOON - 99 * HOUR)
    for minute in range(NEWEST):
        measured(stage, kitchen, CUFF, "blood-pressure", NOON - minute * MINUTE)
    measured(stage, other, SCALE, "weight", NOON)
    found = instruments(grant=stage.of_patient(Action.READING_READ))
    assert found == {
        kitchen: (Instrument(kind="blood-pressure", name="Norda Cuff 2"),),
        other: (Instrument(kind="weight", name="Norda Scale 1"),),
    }


def test_devices_and_gateways_of_somebody_else_are_none(stage: Stage, kitchen: UUID) -> None:
    measured(stage, kitchen, CUFF, "weight", NOON)
    theirs = replace(stage, patient=patient(stage.practice, "Kwame"))
    measured(theirs, uuid4(), SCALE, "weight", NOON)
    make_code(grant=stage.of_patient(Action.PAIRING_CHANGE))  # of which nobody is known yet
    found = instruments(grant=stage.of_patient(Action.READING_READ))
    assert found == {kitchen: (Instrument(kind="weight", name="Norda Cuff 2"),)}
    assert gateway_names(grant=own(stage)) == {kitchen: "Küche"}


def test_the_patients_list_names_what_measures_and_no_program(
    stage: Stage, kitchen: UUID, browser: Client, signed_in: SignIn
) -> None:
    measured(stage, kitchen, CUFF, "blood-pressure", NOON)
    measured(stage, kitchen, DeviceFacts(), "weight", NOON)
    page = text(browser, PAIRINGS)
    assert "Küche" in page
    assert "Measured last with Norda Cuff 2 (Blood pressure monitor), Scale" in page
    assert "gateway" not in page
    staff = text(signed_in(stage.doctor), f"/devices/patients/{stage.patient.id}/pairings/")
    assert "teleward-gateway 1" in staff  # who is asked for help has to know
    assert "Norda" not in staff


def test_each_reading_that_can_be_marked_says_which_device_and_which_gateway(
    stage: Stage, kitchen: UUID, browser: Client, signed_in: SignIn
) -> None:
    cuff = measured(stage, kitchen, CUFF, "blood-pressure", NOON - HOUR)
    measured(stage, kitchen, DeviceFacts(), "weight", NOON - HOUR)
    page = text(browser, MARKING)
    assert "128 mmHg · Norda Cuff 2 (Küche)" in page
    assert "72.5 kg · Küche" in page
    disown(grant=own(stage), names=[(cuff.pairing, cuff.sequence)], why="not-me")
    assert re.search(r"Wrong: [^·]+· [^·]+128 mmHg · Norda Cuff 2 \(Küche\)", text(browser, MARKING))
    staff = text(signed_in(stage.doctor), f"/devices/patients/{stage.patient.id}/trend/1/?date=2026-11-22")
    assert "128 mmHg · Norda Cuff 2 Somebody else measured." in staff
    assert "Küche" not in staff


def test_a_reading_whose_device_says_nothing_of_itself_ends_with_its_value(
    stage: Stage, browser: Client
) -> None:
    was_kept(stage, stage.visit(starts_at=now() + timedelta(days=1)).id, "70")
    assert re.search(r" · [^·]*Pulse 70 [^·]*What is wrong", text(browser, MARKING))

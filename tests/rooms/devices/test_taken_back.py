"""A patient who marked a reading as wrong was wrong about that: it counts again, and both stay to be seen."""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from rooms.devices.test_marked_as_wrong import HOUR, NOON, name, observation, own, shown, told, was_kept
from stage.deliveries import deliver_all
from stage.home_readings import PULSE, comes
from stage.visits import HERE, Stage
from stage.window import account, patient

from teleward.access.grants import Action, Actor, ActorKind, Grant, authorise
from teleward.access.models import Patient, Person
from teleward.access.queries.patients import patient_subject
from teleward.devices.models import Alert, Disowned, Kept, Reowned
from teleward.devices.operations.alerts import weigh
from teleward.devices.operations.by_itself import grant_for_readings, grant_to_chart
from teleward.devices.operations.charting_home import chart_hour
from teleward.devices.operations.disowning import NothingTakenBack, disown, own_again
from teleward.devices.operations.thresholds import Wanted, set_threshold
from teleward.devices.tasks import sum_up_days
from teleward.devices.weighing import Said
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id
from teleward.records.models import Resource

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
SPANS = (1, 7, 30, 365)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def told_again() -> None:
    deliver_all(Event.READINGS_REOWNED)


def test_it_is_in_every_trend_again_at_once_and_may_be_marked_once_more(
    stage: Stage, noon: time_machine.Traveller
) -> None:
    comes(stage, "60", "190", at=NOON - 3 * HOUR)
    disown(grant=own(stage), names=[name(1)], why="wrong")
    noon.shift(HOUR)
    sum_up_days(0)
    assert [shown(stage, days)[2] for days in SPANS] == ["60"] * 4
    assert own_again(grant=own(stage), names=[name(1)]) == 1
    assert [shown(stage, days)[2] for days in SPANS] == ["190"] * 4
    noon.shift(HOUR)
    sum_up_days(0)
    assert [shown(stage, days)[2] for days in SPANS] == ["190"] * 4
    assert disown(grant=own(stage), names=[name(1)], why="not-me") == 1
    assert [shown(stage, days)[2] for days in SPANS] == ["60"] * 4
    assert (Disowned.objects.count(), Reowned.objects.count()) == (2, 1)


def test_an_alert_that_ended_with_the_mark_is_raised_again(stage: Stage) -> None:
    stage.visit_now()
    set_threshold(
        grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=Wanted(code=PULSE, high=Decimal(100))
    )
    comes(stage, "150", at=NOON - HOUR)
    reading = grant_for_readings(patient=stage.patient.id)
    weigh(grant=reading, said=[Said(code=PULSE, value=Decimal(150), at=NOON - HOUR)])
    disown(grant=own(stage), names=[name(0)], why="wrong")
    told()
    assert not Alert.objects.filter(closed_at=None).exists()
    own_again(grant=own(stage), names=[name(0)])
    told_again()
    assert Alert.objects.filter(closed_at=None).count() == 1


def test_the_chart_has_a_version_more_for_each_and_the_older_ones_stay(stage: Stage) -> None:
    visit = stage.visit_now()
    was_kept(stage, visit.id, "150")
    kept = Kept.objects.get().id
    publish(Event.READING_KEPT, visit=visit.id, kept=kept)
    deliver_all(Event.READING_KEPT)
    disown(grant=own(stage), names=[(kept, 0)], why="wrong")
    told()
    own_again(grant=own(stage), names=[(kept, 0)])
    told_again()
    found = observation(stage)
    assert (found["status"], found["meta"]["versionId"], found.get("note", [])) == ("final", "3", [])
    assert found["valueQuantity"]["value"] == 150
    assert Resource.objects.filter(type="Observation", logical_id=kept).count() == 3


def test_an_hour_is_told_with_it_again(stage: Stage) -> None:
    comes(stage, "60", "190", at=NOON - 2 * HOUR)
    charting, hour = grant_to_chart(patient=stage.patient.id), NOON - 2 * HOUR
    disown(grant=own(stage), names=[name(1)], why="wrong")
    chart_hour(grant=charting, kind="heart-rate", hour=hour)
    assert observation(stage)["valueSampledData"]["data"] == "60"
    own_again(grant=own(stage), names=[name(1)])
    chart_hour(grant=charting, kind="heart-rate", hour=hour)
    assert json.dumps(observation(stage)["valueSampledData"]["data"]) == '"60 190"'


def test_what_a_device_said_a_person_takes_back_and_no_device_what_anybody_said(stage: Stage) -> None:
    comes(stage, "60", at=NOON - HOUR)
    for who, why in (("device", "device"), ("patient", "wrong")):
        disown(grant=own(stage), names=[name(0)], why="wrong")
        Disowned.objects.update(who=who, why=why)
        with pytest.raises(NothingTakenBack):
            own_again(grant=sent(stage), names=[name(0)])
        assert own_again(grant=own(stage), names=[name(0)]) == 1
        assert shown(stage, 1) == (1, "60", "60")
    assert set(Reowned.objects.values_list("who", flat=True)) == {"patient"}


def sent(stage: Stage) -> Grant:
    """A gateway of the patient."""
    actor = Actor(
        kind=ActorKind.DEVICE,
        id=new_id(),
        organisation=stage.practice.id,
        patient=stage.patient.id,
        roles=frozenset({"device"}),
    )
    subject = patient_subject(patient=stage.patient.id)
    return authorise(actor=actor, action=Action.READING_WRITE, subject=subject, circumstances=HERE)


def test_only_what_is_marked_of_the_patients_own_is_taken_back(stage: Stage) -> None:
    comes(stage, "60", at=NOON - HOUR)
    comes(stage, "70", at=NOON - 2 * HOUR, whose=patient(stage.practice, "Kwame").id)
    marked = {"organisation": stage.practice.id, "patient": Patient.objects.get(given_name="Kwame").id}
    source, number = name(0)
    Disowned.objects.create(**marked, by=new_id(), who="patient", why="wrong", source=source, sequence=number)
    for chosen in (name(0), name(1)):
        with pytest.raises(NothingTakenBack):
            own_again(grant=own(stage), names=[chosen])
    assert not Reowned.objects.exists()


def test_the_patient_presses_a_button_and_both_sides_see_both(stage: Stage, signed_in: SignIn) -> None:
    stage.visit_now()
    comes(stage, "190", at=NOON - HOUR)
    who = account(Patient.objects.get(id=stage.patient.id))
    browser, doctor = signed_in(Person.objects.get(id=who.id)), signed_in(stage.doctor)
    disown(grant=own(stage), names=[name(0)], why="wrong")
    address = "/window/readings/wrong/"
    source, number = name(0)
    assert "It was right" in browser.get(address).content.decode()
    Disowned.objects.update(who="device", why="device")
    page = re.sub(r"<[^>]+>", "", browser.get(address).content.decode())
    assert "it is wrong. Said on 22 Nov 2026, 12:00. If it was right, say so: your word counts." in page
    answer = browser.post(f"{address}back/?date=2026-11-22", {"reading": f"{source}.{number}"})
    assert (answer.status_code, answer["Location"]) == (302, f"{address}?date=2026-11-22&sent")
    for page in (browser.get(address), doctor.get(f"/devices/patients/{stage.patient.id}/trend/7/")):
        said = page.content.decode()
        assert "Marked once, and taken back" in said
        assert "taken back on" in said
        assert "It was right" not in said
    assert browser.post(f"{address}back/?date=2026-11-22", {"reading": "x"}).status_code == 400

"""A patient says that a reading is wrong: it stays, and nothing more is made of it."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from stage.deliveries import deliver_all
from stage.home_readings import BERLIN, PULSE, comes
from stage.noon import HOUR, NOON, TODAY
from stage.visits import HERE, Stage
from stage.window import account, patient

from teleward.access.grants import Action, Grant, authorise
from teleward.access.models import Patient
from teleward.access.operations.standings import tie_to_alert
from teleward.access.queries.patients import patient_subject
from teleward.consult.operations.category import keep_visit_closer
from teleward.devices.models import Alert, DayInShort, Disowned, HomeReading, Kept, Sharing
from teleward.devices.operations.alerts import weigh
from teleward.devices.operations.by_itself import grant_for_readings, grant_to_chart
from teleward.devices.operations.charting_home import chart_hour, chart_named
from teleward.devices.operations.disowning import MOST, NothingMarked, disown
from teleward.devices.operations.thresholds import Wanted, set_threshold
from teleward.devices.queries.alerts import alerts_of
from teleward.devices.queries.history import left_out_closer
from teleward.devices.queries.sharings import CONTEXT as KEPT
from teleward.devices.queries.trends import trends
from teleward.devices.queries.wrong import Name
from teleward.devices.readings import Reading, Value, encode
from teleward.devices.tasks import sum_up_days
from teleward.devices.weighing import Said
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.events import Event, publish
from teleward.records.queries.resources import newest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def own(stage: Stage) -> Grant:
    """The patient, who is signed in."""
    whose = Patient.objects.get(id=stage.patient.id)
    subject = patient_subject(patient=whose.id)
    return authorise(actor=account(whose), action=Action.READING_WRITE, subject=subject, circumstances=HERE)


def name(value: int) -> Name:
    """The reading that came as this one of those of today."""
    row = HomeReading.objects.order_by("at")[value]
    return row.pairing, row.sequence


def shown(stage: Stage, days: int) -> tuple[int, str, str]:
    reading = grant_for_readings(patient=stage.patient.id)
    first = TODAY - timedelta(days=days - 1)
    (found,) = trends(grant=reading, codes=(PULSE,), first=first, days=days, zone=BERLIN)
    return found.n, found.lowest, found.highest


def told() -> None:
    """What the presses set going; done again, it changes nothing."""
    deliver_all(Event.READINGS_DISOWNED)


def test_a_marked_reading_leaves_every_trend_at_once_and_stays_in_the_history(
    stage: Stage, noon: time_machine.Traveller
) -> None:
    comes(stage, "60", "190", "72", at=NOON - 3 * HOUR)
    noon.shift(HOUR)
    sum_up_days(0)
    assert DayInShort.objects.exists()
    assert [shown(stage, days)[2] for days in (1, 7, 365)] == ["190", "190", "190"]
    assert disown(grant=own(stage), names=[name(1)], why="not-me") == 1
    assert [shown(stage, days) for days in (1, 7, 30, 365)] == [(2, "60", "72")] * 4
    noon.shift(HOUR)
    sum_up_days(0)
    assert [shown(stage, days) for days in (1, 7, 30, 365)] == [(2, "60", "72")] * 4
    assert HomeReading.objects.count() == 3
    assert disown(grant=own(stage), names=[name(1)], why="wrong") == 0  # said once
    assert Disowned.objects.get().who == "patient"


def test_nobody_marks_what_is_not_theirs(stage: Stage) -> None:
    comes(stage, "60", at=NOON - HOUR, whose=patient(stage.practice, "Kwame").id)
    with pytest.raises(NothingMarked):
        disown(grant=own(stage), names=[name(0)], why="wrong")
    comes(stage, "61", at=NOON)
    for names, why in (
        ([name(1)], "because"),
        ([name(1)] + [(uuid4(), 0) for _each in range(MOST)], "wrong"),
    ):
        with pytest.raises(NothingMarked):
            disown(grant=own(stage), names=names, why=why)
    assert not Disowned.objects.exists()


def test_an_alert_holds_what_is_left_and_ends_where_nothing_is(stage: Stage) -> None:
    stage.visit_now()
    set_threshold(
        grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=Wanted(code=PULSE, high=Decimal(100))
    )
    comes(stage, "150", "70", "120", at=NOON - HOUR)
    reading = grant_for_readings(patient=stage.patient.id)
    came = ((0, Decimal(150)), (2, Decimal(120)))
    begun = NOON - HOUR
    said = [Said(code=PULSE, value=value, at=begun + timedelta(minutes=minute)) for minute, value in came]
    weigh(grant=reading, said=said)
    disown(grant=own(stage), names=[name(0)], why="wrong")
    told()
    (left,) = alerts_of(grant=reading)
    assert left.outside is not None
    assert left.state == "raised"
    assert {left.outside.first.value, left.outside.highest.value} == {Decimal(120)}
    disown(grant=own(stage), names=[name(2)], why="wrong")
    told()
    assert Alert.objects.get().closed_at == now()


def test_the_chart_says_who_said_so_and_an_hour_is_told_without_it(stage: Stage) -> None:
    comes(stage, "60", "190", at=NOON - 2 * HOUR)
    charting = grant_to_chart(patient=stage.patient.id)
    chart_hour(grant=charting, kind="heart-rate", hour=NOON - 2 * HOUR)
    disown(grant=own(stage), names=[name(1)], why="not-me")
    told()
    chart_hour(grant=charting, kind="heart-rate", hour=NOON - 2 * HOUR)
    assert observation(stage)["valueSampledData"]["data"] == "60"
    assert observation(stage)["status"] == "final"
    disown(grant=own(stage), names=[name(0)], why="not-me")
    chart_hour(grant=charting, kind="heart-rate", hour=NOON - 2 * HOUR)
    found = observation(stage)
    assert found["status"] == "entered-in-error"
    assert found["note"][-1]["authorReference"] == {"reference": f"Patient/{stage.patient.id}"}
    chart_named(grant=charting, names=[name(0)])  # told again


def observation(stage: Stage) -> dict[str, Any]:
    versions = newest(grant=grant_to_chart(patient=stage.patient.id), kind="Observation")
    (found,) = (json.loads(each.body) for each in versions)
    return dict(found)


def test_what_was_kept_leaves_trend_and_alert_at_once_when_its_visit_is_kept_closer(
    stage: Stage, noon: time_machine.Traveller
) -> None:
    visit = stage.visit_now()
    wanted = Wanted(code=PULSE, high=Decimal(100))
    set_threshold(grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=wanted)
    comes(stage, "60", at=NOON - HOUR)
    was_kept(stage, visit.id, "150")
    publish(Event.READING_KEPT, visit=visit.id, kept=Kept.objects.get().id)
    deliver_all(Event.READING_KEPT)
    noon.shift(HOUR)
    sum_up_days(0)
    assert [shown(stage, days)[2] for days in (1, 7, 365)] == ["150"] * 3
    closer = stage.grant(Action.NOTE_WRITE, visit)
    keep_visit_closer(grant=closer, visit=visit.id, category="mental-health")
    assert shown(stage, 1) == (1, "60", "60")
    assert [shown(stage, days)[0] for days in (7, 365)] == [0, 0]  # until the day is summed up anew
    deliver_all(Event.CATEGORY_CHANGED, visit=visit.id)
    assert [shown(stage, days) for days in (1, 7, 365)] == [(1, "60", "60")] * 3
    assert Alert.objects.get().closed_at == now()
    told_of = [left_out(stage.of_patient(Action.READING_READ)), left_out(alerted(stage))]
    assert told_of == [1, 0]  # whoever may know of the visit reads that one is missing
    keep_visit_closer(grant=closer, visit=visit.id, category="")
    deliver_all(Event.CATEGORY_CHANGED, visit=visit.id)
    assert [shown(stage, days)[2] for days in (1, 7, 365)] == ["150"] * 3


def left_out(grant: Grant) -> int:
    return left_out_closer(grant=grant, since=NOON - 9 * HOUR, until=NOON + 9 * HOUR)


def alerted(stage: Stage) -> Grant:
    """A colleague with nothing but an alert of the patient's device."""
    alert = Alert.objects.get()
    tie_to_alert(grant=grant_for_readings(patient=stage.patient.id), alert=alert.id, staff=[stage.second.id])
    return stage.of_patient(Action.READING_READ, by=stage.second)


def was_kept(stage: Stage, visit: UUID, value: str) -> None:
    whose = {"organisation": stage.practice.id, "patient": stage.patient.id}
    sharing = Sharing.objects.create(**whose, visit=visit, kinds=["heart-rate"], until="end")
    said = Reading(
        id=uuid4(),
        kind="heart-rate",
        source="device",
        received_at=NOON - HOUR / 2,
        values=[Value(code=PULSE, unit="/min", value=value)],
    )
    kept = uuid4()
    sealed = seal(patient=stage.patient.id, plaintext=encode(said), context=KEPT.format(kept))
    Kept.objects.create(id=kept, sharing=sharing, pairing=uuid4(), reading=sealed)

"""The pages of limits and alerts: a clinician sets, looks, takes care; nobody else gets in."""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from stage.deliveries import deliver_all
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Person
from teleward.devices.models import Threshold
from teleward.devices.operations.alerts import weigh
from teleward.devices.operations.by_itself import grant_for_readings
from teleward.devices.operations.thresholds import Wanted, set_threshold
from teleward.devices.queries.alerts import open_alerts
from teleward.devices.weighing import Said
from teleward.kernel.clock import now
from teleward.kernel.events import Event

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
SYSTOLIC = "8480-6"


@pytest.fixture
def doctor(stage: Stage, signed_in: SignIn) -> Client:
    stage.visit_now()
    return signed_in(stage.doctor)


@pytest.fixture
def alert(stage: Stage, doctor: Client) -> UUID:
    set_threshold(
        grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=Wanted(code=SYSTOLIC, high=Decimal(135))
    )
    said = [Said(code=SYSTOLIC, value=Decimal(150), at=now())]
    (made,) = weigh(grant=grant_for_readings(patient=stage.patient.id), said=said)
    deliver_all(Event.ALERT_RAISED, alert=made)
    return made


def limits(stage: Stage) -> str:
    return f"/devices/patients/{stage.patient.id}/limits/"


def sent(stage: Stage, **said: str) -> dict[str, str]:
    return {"loaded_for": str(stage.patient.id), **said}


def test_limits_are_set_shown_and_ended_on_one_page(stage: Stage, doctor: Client) -> None:
    told = sent(stage, code=SYSTOLIC, low="90", high="135", silent_days="7", urgent="on", why="New tablets")
    assert doctor.post(limits(stage), told).status_code == 302
    page = doctor.get(limits(stage)).content.decode()
    assert "90 to 135 mmHg" in page
    assert "told after 7 days without readings" in page
    assert "New tablets" in page
    row = Threshold.objects.get()
    doctor.post(f"{limits(stage)}{row.id}/end/", sent(stage, why="Stable"))
    assert "Nobody is told about readings of this patient." in doctor.get(limits(stage)).content.decode()


def test_a_form_that_means_nothing_comes_back_with_what_was_typed(stage: Stage, doctor: Client) -> None:
    answer = doctor.post(limits(stage), sent(stage, code=SYSTOLIC, low="140", high="90", why="x"))
    assert answer.status_code == 422
    assert "The lower limit has to be below the upper one" in answer.content.decode()
    assert 'value="140"' in answer.content.decode()


def test_an_alert_stands_on_the_list_is_taken_care_of_by_one_press_and_closed_with_a_reason(
    stage: Stage, doctor: Client, alert: UUID
) -> None:
    page = doctor.get("/devices/alerts/").content.decode()
    assert stage.patient.name in page
    assert "last 150 mmHg" in page
    address = f"/devices/alerts/{alert}/"
    assert doctor.post(address, sent(stage, do="close", why="")).status_code == 422
    assert doctor.post(address, sent(stage, do="acknowledge", why="")).status_code == 302
    page = doctor.get(address).content.decode()
    assert f"{stage.doctor.name} takes care of it" in page
    assert "I take care of it" not in page
    assert doctor.post(address, sent(stage, do="close", why="Called, is fine")).status_code == 302
    assert "Called, is fine" in doctor.get(address).content.decode()


def test_who_has_nothing_to_do_with_the_patient_sees_an_empty_list_and_no_alert(
    stage: Stage, signed_in: SignIn, alert: UUID
) -> None:
    other = signed_in(stage.second)
    assert "Nothing waits" in other.get("/devices/alerts/").content.decode()
    assert other.get(f"/devices/alerts/{alert}/").status_code in {401, 403}
    assert other.post(limits(stage), sent(stage, code=SYSTOLIC, high="1")).status_code in {401, 403}
    assert signed_in(stage.desk).get("/devices/alerts/").status_code in {401, 403}


def test_the_list_asks_for_its_rows_once_however_many_they_are(stage: Stage, alert: UUID) -> None:
    asked = {}
    for code in ("8867-4", "59408-5"):
        set_threshold(
            grant=stage.of_patient(Action.THRESHOLD_CHANGE), wanted=Wanted(code=code, high=Decimal(70))
        )
        grant = stage.grant(Action.ALERT_LIST)
        with CaptureQueriesContext(connection) as queries:
            listed = open_alerts(grant=grant)
        asked[len(listed)] = len([each for each in queries if "devices_alert" in each["sql"]])
        weigh(
            grant=grant_for_readings(patient=stage.patient.id),
            said=[Said(code=code, value=Decimal(90), at=now())],
        )
    assert asked == {1: 1, 2: 1}


def test_a_practice_changes_its_quiet_hours(stage: Stage, doctor: Client) -> None:
    address, said = "/devices/alerts/quiet/", {"begins": "21:30", "ends": "06:15"}
    assert doctor.post(address, said).status_code == 422
    too_long = doctor.post(address, {"begins": "12:00", "ends": "06:15", "why": "On holiday"})
    assert "12 hours at most" in too_long.content.decode()
    assert doctor.post(address, {**said, "why": "Evening rota since May"}).status_code == 302
    assert "Between 21:30 and 06:15" in doctor.get("/devices/alerts/").content.decode()
    assert f"{stage.doctor.name}: Evening rota since May" in doctor.get(address).content.decode()

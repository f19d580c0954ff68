"""The trend pages: who sees them, what stands there without a script, files and minutes."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from fakes.members import listening
from stage.home_readings import comes
from stage.noon import HOUR, NOON
from stage.visits import Stage

from teleward.access.grants import Action
from teleward.access.models import Patient, Person
from teleward.access.operations.teams import join_team
from teleward.devices.csv_file import harmless, lines
from teleward.devices.models import MinuteSpent
from teleward.devices.operations.by_itself import grant_for_readings
from teleward.devices.operations.thresholds import Wanted, set_threshold
from teleward.devices.queries.days import counted
from teleward.kernel.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
SignIn = Callable[[Person], Client]


@pytest.fixture
def doctor(stage: Stage, signed_in: SignIn) -> Client:
    stage.visit_now()
    return signed_in(stage.doctor)


@pytest.fixture
def patient(stage: Stage, signed_in: SignIn) -> Client:
    account = Person.objects.create(organisation=stage.practice, name="Ayşe Demir", email="ayse@x.example")
    Patient.objects.filter(id=stage.patient.id).update(person=account)
    return signed_in(account)


def trend(stage: Stage, days: int = 7) -> str:
    return f"/devices/patients/{stage.patient.id}/trend/{days}/"


def drawn(page: str, code: str = "8867-4") -> dict[str, Any]:
    found = re.search(rf'<script id="d{code}" type="application/json">(.*?)</script>', page)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_without_a_script_there_are_a_sentence_and_a_table(stage: Stage, doctor: Client) -> None:
    comes(stage, "60", "72", at=NOON - HOUR)
    comes(stage, "90", at=NOON - timedelta(days=2))
    page = doctor.get(trend(stage)).content.decode()
    assert "3 values: lowest 60, highest 90, last 72 per minute" in page
    assert page.count("<tr><td") == 2
    assert "Usual for adults:" in page
    assert "AHA" in page


def test_a_plot_has_an_empty_place_where_nothing_was_measured(stage: Stage, doctor: Client) -> None:
    comes(stage, "60", "61", at=NOON - 5 * HOUR)
    comes(stage, "70", at=NOON - 2 * HOUR)
    hours = drawn(doctor.get(trend(stage)).content.decode())
    assert hours["mean"] == [60.0, None, 70.0]
    single = drawn(doctor.get(trend(stage, 1)).content.decode())
    assert single["mean"] == [60.0, 61.0, None, 70.0]
    assert single["single"]


def test_the_limits_of_the_patient_take_the_place_of_what_is_usual(stage: Stage, doctor: Client) -> None:
    set_threshold(
        grant=stage.of_patient(Action.THRESHOLD_CHANGE),
        wanted=Wanted(code="8867-4", high=Decimal(110)),
    )
    comes(stage, "60", at=NOON - HOUR)
    page = doctor.get(trend(stage)).content.decode()
    assert "Limits of this patient:" in page
    assert f"set by {stage.doctor.name}" in page
    assert drawn(page)["band"] == [None, 110.0]


@pytest.mark.parametrize("days", [1, 7, 30, 365])
def test_each_length_of_time_can_be_looked_at_and_printed(stage: Stage, doctor: Client, days: int) -> None:
    comes(stage, "60", at=NOON - HOUR)
    for address in (
        trend(stage, days),
        f"{trend(stage, days)}?date=2026-11-21",
        f"{trend(stage, days)}?print",
    ):
        assert doctor.get(address).status_code == 200
    assert doctor.get(trend(stage, 8)).status_code == 404


def test_who_has_nothing_to_do_with_the_patient_sees_no_reading(stage: Stage, signed_in: SignIn) -> None:
    comes(stage, "60", at=NOON - HOUR)
    for somebody in (stage.second, stage.desk):
        assert signed_in(somebody).get(trend(stage)).status_code in {403, 401}


def test_a_patient_sees_their_own_and_reads_that_this_is_no_emergency_service(
    stage: Stage, patient: Client
) -> None:
    comes(stage, "60", at=NOON - HOUR)
    page = patient.get("/window/readings/7/").content.decode()
    assert "One value: 60 per minute" in page
    assert "call 112" in page
    assert stage.practice.telephone in page
    assert "spent" not in page


def test_a_file_is_an_entry_of_its_own_and_holds_the_whole_table(
    stage: Stage, patient: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    comes(stage, "60", "72", at=NOON - HOUR)
    answer = patient.post("/window/readings/1/8867-4.csv")
    assert answer.status_code == 200
    (head, *rows) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:2] == ["When", "Values"]
    assert [(row[0], row[4], row[6]) for row in rows] == [
        ("2026-11-22T11:01:00+01:00", "72", "8867-4"),
        ("2026-11-22T11:00:00+01:00", "60", "8867-4"),
    ]
    assert Action.WINDOW_EXPORT in [entry.action for entry in heard]


@pytest.mark.parametrize("cell", ["=1+1", "+1-1", "-cmd", "@SUM(A1)", "\t=1", "-1+1|x"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("-3.5") == "-3.5"
    assert lines([[cell, 'a"b']]).decode("utf-8-sig").startswith(("'", "\"'"))


def minute(at: datetime) -> str:
    return str(int(at.timestamp()) // 60)


def spend(stage: Stage, client: Client, minutes: list[datetime]) -> None:
    page = client.get(trend(stage)).content.decode()
    stay = re.search(r'name="stay" value="([^"]+)"', page)
    assert stay
    address = f"/devices/patients/{stage.patient.id}/spent/"
    told = {"stay": stay[1], "minutes": ",".join(minute(each) for each in minutes)}
    assert client.post(address, told).status_code == 204


def test_minutes_count_once_and_only_between_the_opening_of_the_page_and_now(
    stage: Stage, doctor: Client, noon: time_machine.Traveller
) -> None:
    spend(stage, doctor, [NOON, NOON, NOON - HOUR, NOON + HOUR])
    spend(stage, doctor, [NOON])
    assert list(MinuteSpent.objects.values_list("minute", "person")) == [(NOON, stage.doctor.id)]


def test_minutes_told_with_the_word_of_another_person_or_page_are_none(
    stage: Stage, doctor: Client, signed_in: SignIn
) -> None:
    page = doctor.get(trend(stage)).content.decode()
    stay = re.search(r'name="stay" value="([^"]+)"', page)
    assert stay
    join_team(grant=stage.of_patient(Action.TEAM_CHANGE), staff=stage.second.id)
    address = f"/devices/patients/{stage.patient.id}/spent/"
    signed_in(stage.second).post(address, {"stay": stay[1], "minutes": minute(NOON)})
    doctor.post(address, {"stay": "made-up", "minutes": minute(NOON)})
    assert not MinuteSpent.objects.exists()


def test_days_with_readings_and_minutes_are_counted_by_patient_and_month(
    stage: Stage, doctor: Client
) -> None:
    comes(stage, "60", "61", at=NOON - HOUR)
    comes(stage, "62", at=NOON - timedelta(days=3))
    comes(stage, "63", at=NOON - timedelta(days=40))
    spend(stage, doctor, [NOON])
    found = counted(grant=grant_for_readings(patient=stage.patient.id), month=now().date())
    assert found.days == (date(2026, 11, 19), date(2026, 11, 22))
    assert (found.minutes, found.total_minutes) == ({stage.doctor.id: 1}, 1)


def test_a_patient_marks_a_reading_and_staff_see_it_struck_through_with_who_said_so(
    stage: Stage, doctor: Client, patient: Client
) -> None:
    comes(stage, "191", at=NOON - HOUR)
    comes(stage, "60", at=NOON - 3 * HOUR)
    own = patient.get("/window/readings/").content.decode()
    assert 'href="/window/readings/wrong/?until=2026-11-22"' in own
    page = patient.get("/window/readings/wrong/").content.decode()
    (wrong,) = re.findall(r'value="([^"]+\.0)"[^>]*>\s*<span><span[^>]*>[^<]*191', page)
    address = "/window/readings/wrong/mark/?date=2026-11-22"
    assert patient.post(address, {"readings": [wrong]}).status_code == 422  # nobody said why
    assert patient.post(address, {"readings": ["nobodys.0"], "why": "not-me"}).status_code == 422
    answer = patient.post(address, {"readings": [wrong], "why": "not-me"})
    assert answer["Location"] == "/window/readings/wrong/?date=2026-11-22&sent"
    assert "Done. Your practice sees it." in patient.get(answer["Location"]).content.decode()
    assert "Done." not in patient.get("/window/readings/wrong/").content.decode()
    assert "You said so on 22 Nov 2026, 12:00." in patient.get("/window/readings/").content.decode()
    for address in (trend(stage), f"{trend(stage, 1)}?print"):
        shown = doctor.get(address).content.decode()
        assert re.search(r"<s>[^<]* 191 [^<]*</s>", shown)
        assert "Somebody else measured. The patient said so on 22 Nov 2026, 12:00." in shown
        assert drawn(shown)["high"] == [60]
        assert ".." not in re.sub(r"<[^>]+>", " ", shown)  # no sentence ends with "a.m.."
    assert doctor.get("/window/readings/wrong/").status_code == 403

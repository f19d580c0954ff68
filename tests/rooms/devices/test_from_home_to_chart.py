"""What came from home stands in the chart: single measurements one by one, continuous ones by the hour."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from stage.deliveries import deliver_again, deliver_all, do_what_waits
from stage.home import Gateway, Home, instant

from teleward.access.grants import Action
from teleward.access.operations.erasing import erase_identity
from teleward.devices.charting.hours import Sample, hour_of, in_the_hour
from teleward.devices.operations.charting_home import CHART_HOUR, chart_batch
from teleward.devices.operations.erasing import erase_readings
from teleward.devices.queries.readings import raw, readings_of_batch
from teleward.kernel.clock import now
from teleward.kernel.envelope import KeyDestroyed
from teleward.kernel.errors import NotFound
from teleward.kernel.events import Event
from teleward.records.store.revealing import opened

TAG = {"system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-tags", "code": "patient-supplied"}
BODIES = """SELECT r.type, r.logical_id, r.version, r.organisation, r.patient, r.deed, r.last_updated, r.body,
    k.wrapped FROM records_current c JOIN records_resource r ON r.id = c.newest
    JOIN kernel_patientkey k ON k.patient = r.patient WHERE r.type = %s ORDER BY r.last_updated"""


def charted(kind: str) -> list[dict[str, Any]]:
    """Every resource of this type in the chart, the newest version of each."""
    with connection.cursor() as cursor:
        cursor.execute(BODIES, [kind])
        return [json.loads(version.body) for version in opened(cursor.fetchall())]


def batch_of(home: Home, gateway: Gateway) -> UUID:
    ((batch,),) = home.owner.execute(
        "SELECT id FROM devices_batch WHERE pairing_id = %s ORDER BY received_at DESC LIMIT 1",
        [gateway.pairing],
    ).fetchall()
    return UUID(str(batch))


def from_device(gateway: Gateway, serial: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    (device,) = [each["id"] for each in charted("Device") if each.get("serialNumber") == serial]
    return [each for each in found if each["device"]["reference"] == f"Device/{device}"]


def test_a_single_measurement_is_one_observation_with_its_device_and_where_it_came_from(
    home: Home, gateway: Gateway
) -> None:
    gateway.answers(gateway.reading(device={"maker": "Waage GmbH", "model": "W1", "serial": "A-1"}))
    deliver_all(Event.READINGS_TAKEN, batch=batch_of(home, gateway))
    deliver_again(Event.READINGS_TAKEN, batch=batch_of(home, gateway))
    (found,) = from_device(gateway, "A-1", charted("Observation"))
    assert found["valueQuantity"]["value"] == 72.5
    assert found["meta"]["tag"] == [TAG]
    assert found["meta"]["versionId"] == "1"
    assert found["category"][0]["coding"][0]["code"] == "vital-signs"
    assert found["subject"] == {"reference": f"Patient/{home.stage.patient.id}"}
    targets = [each["target"] for each in charted("Provenance")]
    assert [{"reference": f"Observation/{found['id']}"}] in targets


def test_what_is_measured_all_the_time_is_one_observation_an_hour(home: Home, gateway: Gateway) -> None:
    hour = hour_of(now()) - timedelta(hours=3)
    device = {"maker": "Gurt AG", "model": "G", "serial": "B-2"}
    for minute, rate in ((1, "61"), (2, "64"), (4, "70")):
        at = instant(hour + timedelta(minutes=minute))
        values = [{"code": "8867-4", "value": rate, "unit": "/min"}]
        changes = {"measured_at": at, "received_at": at, "values": values, "device": device}
        gateway.answers(gateway.reading(kind="heart-rate", **changes))
        deliver_all(Event.READINGS_TAKEN, batch=batch_of(home, gateway))
    do_what_waits(CHART_HOUR, kind="heart-rate")
    (found,) = from_device(gateway, "B-2", charted("Observation"))
    assert found["valueSampledData"]["data"] == "61 64 E 70"
    assert found["valueSampledData"]["period"] == 60_000
    assert "valueQuantity" not in found


def test_an_hour_of_a_sensor_is_charted_with_its_trend_and_quality(home: Home, gateway: Gateway) -> None:
    hour = hour_of(now()) - timedelta(hours=4)
    at = instant(hour + timedelta(minutes=6))
    said = [("99504-3", "120", "mg/dL"), ("8418008", "-2.4", "mg/dL/min"), ("glucose-quality", "99.7", "%")]
    values = [{"code": code, "value": value, "unit": unit} for code, value, unit in said]
    changes = {"measured_at": at, "received_at": at, "values": values, "device": {"serial": "C-3"}}
    gateway.answers(gateway.reading(kind="continuous-glucose", flags=["start-unknown"], **changes))
    deliver_all(Event.READINGS_TAKEN, batch=batch_of(home, gateway))
    do_what_waits(CHART_HOUR, kind="continuous-glucose")
    found = from_device(gateway, "C-3", charted("Observation"))
    sampled = {each["code"]["text"]: each["valueSampledData"]["data"] for each in found}
    assert sampled == {
        "Glucose, interstitial fluid": "120",
        "Glucose trend": "-2.4",
        "Quality of the glucose measurement": "99.7",
    }


def test_what_was_told_a_meter_is_charted_with_the_measurement(home: Home, gateway: Gateway) -> None:
    values = [{"code": "41653-7", "value": "138", "unit": "mg/dL"}]
    told = ["capillary-whole-blood", "fasting", "exercise"]
    gateway.answers(gateway.reading(kind="glucose", values=values, flags=told, device={"serial": "D-4"}))
    chart_batch(grant=home.grant(Action.RECORD_WRITE), batch=batch_of(home, gateway))
    (found,) = from_device(gateway, "D-4", charted("Observation"))
    assert [part["valueCodeableConcept"]["text"] for part in found["component"]] == ["fasting"]


def test_an_hour_is_charted_when_it_is_over_and_once_for_many_batches(home: Home, gateway: Gateway) -> None:
    for _time in range(3):
        values = [{"code": "8867-4", "value": "61", "unit": "/min"}]
        gateway.answers(gateway.reading(kind="heart-rate", values=values))
        batch = batch_of(home, gateway)
        chart_batch(grant=home.grant(Action.RECORD_WRITE), batch=batch)
        assert len(readings_of_batch(grant=home.grant(Action.READING_READ), batch=batch)) == 1
    jobs = home.owner.execute(
        "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [CHART_HOUR]
    ).fetchall()
    assert len(jobs) == 1
    assert jobs[0][0] > now()


def test_a_curve_from_home_stands_by_itself_and_waits_for_no_hour(home: Home, gateway: Gateway) -> None:
    curve = {"hertz": 250, "factor": "1", "unit": "uV", "leads": [[1, 2, 3]]}
    gateway.answers(gateway.reading(kind="ecg", values=[], waveform=curve, device={"serial": "E-5"}))
    deliver_all(Event.READINGS_TAKEN, batch=batch_of(home, gateway))
    (found,) = from_device(gateway, "E-5", charted("Observation"))
    assert found["component"][0]["valueSampledData"]["data"] == "1 2 3"


def test_no_time_is_moved_by_more_than_a_second() -> None:
    begun = datetime(2026, 11, 22, 10, tzinfo=UTC)
    gone = [timedelta(seconds=each) for each in (0, 58.9, 121.3, 180)]
    samples = [Sample(at=begun + each, value=str(number)) for number, each in enumerate(gone)]
    found = in_the_hour({"resourceType": "Observation"}, samples, unit="/min")["valueSampledData"]
    pace = timedelta(milliseconds=int(found["period"]))
    places = [place for place, said in enumerate(found["data"].split()) if said != "E"]
    away = [abs(pace * place - each) for place, each in zip(places, gone, strict=True)]
    assert max(away) <= timedelta(seconds=1)
    assert found["data"].replace("E", "").split() == ["0", "1", "2", "3"]


def test_a_batch_of_somebody_else_is_not_there(home: Home, gateway: Gateway) -> None:
    gateway.answers(gateway.reading())
    home.owner.execute(
        "UPDATE devices_batch SET patient = gen_random_uuid() WHERE pairing_id = %s", [gateway.pairing]
    )
    with pytest.raises(NotFound):
        chart_batch(grant=home.grant(Action.RECORD_WRITE), batch=batch_of(home, gateway))


def test_what_is_erased_is_gone_and_what_was_sealed_stays_closed(home: Home, gateway: Gateway) -> None:
    gateway.answers(gateway.reading())
    patient, grant = home.stage.patient.id, home.grant(Action.ERASURE_ANSWER, kind="Erasure")
    before = home.owner.execute("SELECT * FROM devices_homereading WHERE patient = %s", [patient]).fetchall()
    assert before
    erase_identity(grant=grant)
    reading = home.grant(Action.READING_READ)
    since, until = now() - timedelta(days=1), now() + timedelta(days=1)
    with pytest.raises(KeyDestroyed):
        raw(grant=reading, patient=patient, code="29463-7", since=since, until=until)
    assert gateway.send(gateway.reading()).status_code == 410
    erase_readings(grant=home.grant(Action.ERASURE_ANSWER, kind="Erasure"))
    for table in ("homereading", "batch", "pairing", "devicekey", "dirtyday"):
        rows = home.owner.execute(f"SELECT count(*) FROM devices_{table}").fetchone()
        assert rows == (0,), table
    assert gateway.send(gateway.reading()).status_code == 401

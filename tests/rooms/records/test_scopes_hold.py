"""What narrows the scopes of a program narrows all it does: changes, older versions, everybody's records."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from rooms.records.chart import CATEGORY, Chart
from stage.programs import allows, connects, holds

from teleward.access.grants import Action
from teleward.access.models import Person
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.records.api import exporting
from teleward.records.api.exchange import Exchange

LABORATORY = [{"coding": [{"system": CATEGORY, "code": "laboratory"}]}]
PATCH = {"content-type": "application/json-patch+json"}


@pytest.fixture
def laboratory(chart: Chart) -> str:
    """The address of a result from the laboratory."""
    with chart.client() as client:
        made = client.post("/Observation", json=chart.observation(category=LABORATORY)).json()
    return f"/Observation/{made['id']}"


def app_of(chart: Chart, who: Person, scopes: str, **given: Any) -> httpx.Client:
    program = connects(chart.stage.practice, scopes=scopes)
    key = holds(program, allows(program, who, **given))
    return httpx.Client(base_url=f"{chart.url}/fhir", headers={"authorization": f"Bearer {key}"}, timeout=60)


def somebody_else(chart: Chart) -> UUID:
    """A patient whom nobody of the stage treats."""
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=chart.stage.practice.id)
    named = {"given_name": "Otto", "family_name": "Anders", "born_on": date(1970, 1, 1), "language": "de"}
    return register_patient(grant=creating, **named).id  # type: ignore[arg-type]  # as named


def test_what_is_outside_of_its_scopes_no_program_changes_removes_or_asks_about(
    chart: Chart, laboratory: str
) -> None:
    looks = [{"op": "test", "path": "/valueQuantity/value", "value": value} for value in (72, 73)]
    body = chart.observation(id=laboratory.rpartition("/")[2])
    bundle = {"type": "transaction", "entry": [{"resource": body, "request": {"method": "PUT"}}]}
    bundle["entry"][0]["request"]["url"] = laboratory[1:]  # type: ignore[index]  # just made
    with chart.client("system/Observation.cruds?category=vital-signs") as narrow, chart.client() as client:
        seen = [narrow.patch(laboratory, json=[look], headers=PATCH) for look in looks]
        seen += [narrow.put(laboratory, json=body), narrow.delete(laboratory)]
        seen += [narrow.post("/", json={"resourceType": "Bundle", **bundle})]
        assert [answer.status_code for answer in seen] == [404] * 5
        assert seen[0].content == seen[1].content
        assert client.get(laboratory).json()["meta"]["versionId"] == "1"


def test_an_older_version_that_is_outside_of_its_scopes_stays_closed(chart: Chart, laboratory: str) -> None:
    with chart.client("system/Observation.rs?category=vital-signs") as narrow, chart.client() as client:
        assert client.put(laboratory, json=chart.observation()).status_code == 200
        assert narrow.get(laboratory).status_code == 200
        assert narrow.get(f"{laboratory}/_history/2").status_code == 200
        assert narrow.get(f"{laboratory}/_history/1").status_code == 404
        assert narrow.get(f"{laboratory}/_history").json()["total"] == 1
        assert client.get(f"{laboratory}/_history").json()["total"] == 2


def test_what_an_app_may_for_one_patient_it_may_not_for_others(chart: Chart, laboratory: str) -> None:
    stage = chart.stage
    stage.visit_now()
    other = somebody_else(chart)
    scopes = "user/Patient.r patient/Observation.cruds user/Observation.cruds?category=vital-signs"
    for opened_for, finds in ((stage.patient.id, True), (other, False)):
        with app_of(chart, stage.doctor, scopes, patient_id=opened_for) as app:
            wanted = {"category": "laboratory", "patient": chart.patient}
            assert bool(app.get("/Observation", params=wanted).json()["total"]) is finds
            assert bool(app.get("/Observation?_summary=count", params=wanted).json()["total"]) is finds
            assert (app.get(laboratory).status_code == 200) is finds
            everything = app.get(f"/{chart.patient}/$everything?_type=Observation")
            assert ("laboratory" in everything.text) is finds
            made = app.post("/Observation", json=chart.observation(category=LABORATORY))
            assert made.status_code == (201 if finds else 403)
            vital = app.post("/Observation", json=chart.observation())
            assert vital.status_code == 201


def test_who_may_change_and_not_read_learns_nothing_by_a_patch(chart: Chart, laboratory: str) -> None:
    looks = {"op": "test", "path": "/valueQuantity/value", "value": 72}
    with chart.client("system/Observation.cu") as blind, chart.client() as client:
        seen = [blind.patch(laboratory, json=patch, headers=PATCH) for patch in ([], [looks])]
        assert [answer.status_code for answer in seen] == [403, 403]
        assert client.patch(laboratory, json=[looks], headers=PATCH).status_code == 200


def test_what_points_to_two_people_is_put_into_the_record_of_neither(chart: Chart) -> None:
    said = {"resourceType": "Provenance", "recorded": "2026-01-01T00:00:00Z"}
    said |= {"agent": [{"who": {"display": "KIS"}}]}  # type: ignore[dict-item]  # FHIR
    with chart.client() as client:
        theirs = chart.observation(subject={"reference": f"Patient/{somebody_else(chart)}"})
        place = f"Observation/{client.post('/Observation', json=theirs).json()['id']}"
        for targets, status in (([chart.patient], 201), ([chart.patient, place], 422)):
            sent = {**said, "target": [{"reference": each} for each in targets]}
            assert client.post("/Provenance", json=sent).status_code == status


def test_that_there_is_a_further_page_tells_nothing_of_whom_the_gate_hides(chart: Chart) -> None:
    other = somebody_else(chart)
    chart.stage.visit_now()
    coded = {"resourceType": "Condition", "code": {"coding": [{"system": "urn:oid:1.2.3", "code": "B24"}]}}
    with chart.client() as client, app_of(chart, chart.stage.doctor, "user/*.rs") as app:
        for subject in (chart.patient, *[f"Patient/{other}"] * 7):
            assert client.post("/Condition", json={**coded, "subject": {"reference": subject}}).is_success
        for more in (
            "",
            f"&patient={other},{chart.stage.patient.id}",
            f"&subject=Patient/{other},{chart.patient}",
        ):
            for order in ("_id", "-_id"):
                page = app.get(f"/Condition?code=B24&_count=1&_sort={order}{more}").json()
                assert [link["relation"] for link in page["link"]] == ["self"], (more, order)
                assert page["total"] == 1


def test_a_program_that_is_ended_reads_no_further_in_a_file_that_is_under_way(
    chart: Chart, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = connects(chart.stage.practice, kind="backend", scopes="system/Observation.crs")
    pieces: list[list[Any]] = []
    key, piece_of = holds(program), exporting._piece

    async def piece(x: Exchange, *asked: Any) -> list[Any]:
        pieces.append(await piece_of(x, *asked))
        ends = "UPDATE access_apptoken SET revoked_at = now() WHERE client_id = $1::uuid RETURNING 1"
        await x.session.ask(ends, [program.id])
        return pieces[-1]

    monkeypatch.setattr(exporting, "PIECE", 1)
    monkeypatch.setattr(exporting, "AGAIN", timedelta())
    monkeypatch.setattr(exporting, "_piece", piece)
    asked = {"authorization": f"Bearer {key}", "prefer": "respond-async"}
    with httpx.Client(base_url=f"{chart.url}/fhir", headers=asked, timeout=60) as reader:
        for _thrice in range(3):
            assert reader.post("/Observation", json=chart.observation()).is_success
        place = reader.get("/$export?_type=Observation").headers["content-location"]
        while reader.get(place).status_code == 202:
            pass
        with pytest.raises(httpx.RemoteProtocolError):
            reader.get(f"{place}/Observation")
    assert len(pieces) == 1

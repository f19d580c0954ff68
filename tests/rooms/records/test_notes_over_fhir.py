"""A note of a visit stays a note in the FHIR API, whatever a program tries to make of its document."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from rooms.records.chart import Chart
from rooms.records.documents.test_notes_in_the_chart import note_in_the_chart
from stage.programs import allows, connects, holds

from teleward.access.grants import Action
from teleward.consult.operations.category import keep_visit_closer
from teleward.records.api import writing
from teleward.records.models import Resource
from teleward.records.queries.revealed import kept

KIND = "DocumentReference"
NOTE = "http://loinc.org|11488-4"
REMOVES = [{"op": "replace", "path": "/status", "value": "superseded"}]


@pytest.fixture(scope="module")
def note(chart: Chart) -> str:
    return str(note_in_the_chart(chart.stage))


@pytest.fixture
def app(chart: Chart) -> Iterator[httpx.Client]:
    """An app that the second physician opened, who may read the record and no notes."""
    client = connects(chart.stage.practice, scopes="openid user/*.cruds", per_minute=100_000)
    headers = {"authorization": f"Bearer {holds(client, allows(client, chart.stage.second))}"}
    with httpx.Client(base_url=f"{chart.url}/fhir", headers=headers, timeout=60) as asking:
        yield asking


def document(chart: Chart, **changes: Any) -> dict[str, Any]:
    usual = {
        "resourceType": KIND,
        "status": "current",
        "subject": {"reference": chart.patient},
        "content": [{"attachment": {"contentType": "text/plain", "data": "QQ=="}}],
    }
    return {**usual, **changes}


def seen(app: httpx.Client, chart: Chart, note: str) -> dict[str, httpx.Response]:
    """Every address where the note could stand."""
    own, patient = chart.patient, chart.stage.patient.id
    batch = {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [
            {"request": {"method": "GET", "url": url}}
            for url in (f"{KIND}/{note}", f"{KIND}/{note}/_history/1", f"{KIND}?_id={note}")
        ],
    }
    paths = (
        f"/{KIND}/{note}",
        f"/{KIND}/{note}/_history",
        f"/{KIND}/{note}/_history/1",
        f"/{KIND}/{note}/_history/2",
        f"/{KIND}/{note}/_history/3",
        f"/{KIND}?patient={patient}",
        f"/{KIND}?_id={note}",
        f"/{KIND}?patient={patient}&_include={KIND}:*",
        f"/Patient?_id={patient}&_revinclude={KIND}:patient",
        f"/AuditEvent?patient={patient}",
        "/$export",
        f"/Provenance?patient={patient}&_include=Provenance:target",
        f"/{own}/$everything",
        f"/{own}/$everything?_type={KIND}",
        f"/{KIND}?patient={patient}&_summary=count",
        f"/{KIND}?patient={patient}&_count=1&_total=accurate",
        f"/Patient?_has:{KIND}:patient:type={NOTE}&_id={patient}",
        f"/Patient?_has:{KIND}:patient:_id={note}&_id={patient}",
    )
    prefer = {"prefer": "respond-async"}
    return {path: app.get(path, headers=prefer) for path in paths} | {"batch": app.post("/", json=batch)}


def test_no_program_replaces_changes_or_removes_a_note(chart: Chart, note: str) -> None:
    place, patch = f"/{KIND}/{note}", {"content-type": "application/json-patch+json"}
    binary = Resource.objects.filter(type="Binary").latest("last_updated").logical_id
    with chart.client() as program:
        answers = [
            program.put(place, json=document(chart, id=note)),
            program.put(f"/{KIND}?_id={note}", json=document(chart)),
            program.patch(place, json=REMOVES, headers=patch),
            program.delete(place),
            program.delete(f"/{KIND}?_id={note}"),
            program.delete(f"/Binary/{binary}"),
        ]
        assert [answer.status_code for answer in answers] == [405] * 6
        assert program.get(place).json()["meta"]["versionId"] == "1"


@pytest.mark.parametrize("was_replaced", [False, True], ids=["as-it-was-made", "replaced-by-a-program"])
def test_who_reads_no_notes_finds_none_and_learns_of_none(
    chart: Chart, note: str, app: httpx.Client, monkeypatch: pytest.MonkeyPatch, *, was_replaced: bool
) -> None:
    if was_replaced:  # as every program could, before the address was closed to them
        with monkeypatch.context() as open_once, chart.client() as program:
            open_once.setattr(writing, "MADE_HERE", frozenset())
            assert program.put(f"/{KIND}/{note}", json=document(chart, id=note)).status_code == 200
            assert program.delete(f"/{KIND}/{note}").status_code == 204
            assert program.put(f"/{KIND}/{note}", json=document(chart, id=note)).status_code == 200
    for path, answer in seen(app, chart, note).items():
        assert f"{KIND}/{note}" not in answer.text, path
        assert "Panikattacken" not in answer.text, path
        if f"_id={note}" in path or NOTE in path:
            assert answer.json()["total"] == 0, path
        elif path.startswith(f"/{KIND}?"):
            assert answer.json().get("total") in {None, 1}, path
    assert app.get(f"/{KIND}?patient={chart.stage.patient.id}").text.count("Augenklinik") == 2


def test_an_address_of_a_note_answers_like_one_of_nothing(chart: Chart, note: str, app: httpx.Client) -> None:
    nothing = app.get(f"/{KIND}/{chart.stage.patient.id}").json()["issue"]
    for path in ("", "/_history", "/_history/1", "/_history/9"):
        answer = app.get(f"/{KIND}/{note}{path}")
        assert (answer.status_code, answer.json()["issue"]) == (404, nothing)


def test_what_the_chart_has_of_a_visit_is_hidden_as_soon_as_that_is_kept_closer(
    chart: Chart, note: str, app: httpx.Client
) -> None:
    stage, visit = chart.stage, chart.stage.visit_now()
    of_it = chart.observation(encounter={"reference": f"Encounter/{visit.id}"})
    with chart.client() as program:
        place = f"/Observation/{program.post('/Observation', json=of_it).json()['id']}"
        other = f"/Observation/{program.post('/Observation', json=chart.observation()).json()['id']}"
        listed = f"/Observation?patient={stage.patient.id}"
        counted = f"{listed}&_summary=count"
        assert (app.get(place).status_code, app.get(listed).text.count(place)) == (200, 1)
        nothing = app.get(f"/Observation/{stage.patient.id}")
        saying = stage.grant(Action.NOTE_WRITE, visit)
        keep_visit_closer(grant=saying, visit=visit.id, category="mental-health")
        for path in (place, f"{place}/_history", f"{place}/_history/1"):
            answer = app.get(path)
            assert (answer.status_code, answer.json()["issue"]) == (404, nothing.json()["issue"]), path
        for path in (listed, f"/Patient/{stage.patient.id}/$everything", f"{listed}&encounter={visit.id}"):
            assert place not in app.get(path).text, path
        assert other in app.get(listed).text
        assert "total" not in app.get(counted).json()
        assert app.get(f"/Patient?_has:Observation:patient:encounter={visit.id}").json()["total"] == 0
        assert program.get(place).status_code == 200  # by the practice's own connection
        reading = stage.of_patient(Action.RECORD_READ, by=stage.second)
        assert [each.id for each in kept(grant=reading, kinds=["Observation"], most=9)] == [UUID(other[-36:])]
        reading = stage.of_patient(Action.RECORD_READ)
        assert len(kept(grant=reading, kinds=["Observation"], most=9)) == 2  # the host has a tie of their own
        keep_visit_closer(grant=saying, visit=visit.id, category="")
        assert app.get(place).status_code == 200

"""The ledger is searched as FHIR says it, and by what a consumer of IHE BALP has to be able to ask."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from rooms.records.chart import Chart
from stage.programs import allows, connects, holds
from stage.visits import person

from teleward.access.grants import Action
from teleward.access.models import Patient
from teleward.access.operations.identifiers import add_identifiers
from teleward.access.operations.people import system_grant
from teleward.kernel.fence import serving

REST = "http://terminology.hl7.org/CodeSystem/audit-event-type|rest"
HL7_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
HELD = [
    "date=ge2020-01-01&date=lt2999",
    "date=gt2020",
    "date=ne2020-01-01",
    "date=sa2020-01-01",
    "date=eb2999-01-01",
    "date:missing=false",
    "_lastUpdated=ge2020-01-01",
    "_sort=-date",
    f"type={quote(REST)}",
    "type=rest",
    "type:not=nothing",
    "action=C,R,E",
    "outcome=0",
    "entity-role=1",
    f"entity-role={quote(HL7_ROLE + '|1')}",
    "entity-type=1",
    "agent-name:missing=true",
    "policy:missing=true",
    "address=127.0.0.1",
    "address:contains=27.0",
    "address:exact=127.0.0.1",
    "source.identifier={origin}",
    "patient:missing=false",
    "agent.identifier={origin}",
    "source:identifier={origin}",
    "entity=Patient/{patient}",
    "entity:Patient={patient}",
    "agent=Device/{program}",
    "agent={program}",
]
NOT_HELD = [
    "date=lt2020-01-01",
    "date=le2020",
    "date=2020",
    "date:missing=true",
    "_lastUpdated=le2020",
    "type=login",
    "type:not=rest",
    "action=D",
    "outcome=8",
    "agent=Practitioner/{patient}",
    "agent:Practitioner={program}",
    "agent-name=A",
    "policy=http://example.org",
    "address=10.0.0.1",
    "address:exact=127.0.0",
    "entity.identifier=urn:nobody|1",
    "source.identifier=urn:ietf:rfc:3986|http://elsewhere.example",
]
REFUSED = [
    "nothing=1",
    "date=soon",
    "date:exact=2020",
    "type:in=a",
    "address:text=1",
    "_sort=date",
    "_include=AuditEvent:agent",
    "agent.name=x",
    "_has:Observation:patient:code=1",
]


@pytest.fixture(scope="module")
def app(chart: Chart) -> Iterator[httpx.Client]:
    """An app of the patient's, after a system kept, read and searched something of theirs."""
    with chart.client() as program:
        made = program.post("/Observation", json=chart.observation()).json()["id"]
        program.get(f"/Observation/{made}")
        program.get(f"/Observation?patient={chart.patient}")
    account = person(chart.stage.practice, "Ayşe Demir")
    Patient.objects.filter(id=chart.stage.patient.id).update(person=account)
    client = connects(
        chart.stage.practice, scopes="patient/AuditEvent.rs patient/Patient.rs", per_minute=100_000
    )
    headers = {
        "authorization": f"Bearer {holds(client, allows(client, account, patient_id=chart.stage.patient.id))}"
    }
    with httpx.Client(base_url=f"{chart.url}/fhir", headers=headers, timeout=60) as asking:
        yield asking


@pytest.fixture(scope="module")
def made(chart: Chart, app: httpx.Client) -> dict[str, Any]:
    """The entry of what the system kept."""
    return dict(app.get(f"/AuditEvent?patient={chart.patient}&action=C").json()["entry"][0]["resource"])


def asks(app: httpx.Client, chart: Chart, made: dict[str, Any], asked: str) -> httpx.Response:
    (who,) = [each["who"]["reference"] for each in made["agent"] if each["requestor"]]
    names = {
        "patient": str(chart.stage.patient.id),
        "program": who.partition("/")[2],
        "origin": f"urn:ietf:rfc:3986|{chart.url}/fhir",
    }
    return app.get(f"/AuditEvent?patient={chart.patient}&_id={made['id']}&{asked.format(**names)}")


@pytest.mark.parametrize("asked", HELD)
def test_an_entry_is_found_by_what_it_says(
    app: httpx.Client, chart: Chart, made: dict[str, Any], asked: str
) -> None:
    bundle = asks(app, chart, made, asked).json()
    assert [each["resource"]["id"] for each in bundle["entry"]] == [made["id"]]


@pytest.mark.parametrize("asked", NOT_HELD)
def test_and_not_by_what_it_does_not_say(
    app: httpx.Client, chart: Chart, made: dict[str, Any], asked: str
) -> None:
    answer = asks(app, chart, made, asked)
    assert (answer.status_code, answer.json().get("total")) == (200, 0)


@pytest.mark.parametrize("asked", REFUSED)
def test_what_cannot_be_asked_is_said_and_not_passed_over(
    app: httpx.Client, chart: Chart, made: dict[str, Any], asked: str
) -> None:
    answer = asks(app, chart, made, asked)
    assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")


def test_less_of_an_entry_a_number_alone_and_whose_by_a_number_of_theirs(
    app: httpx.Client, chart: Chart, made: dict[str, Any]
) -> None:
    (less,) = asks(app, chart, made, "_elements=recorded").json()["entry"]
    needed = {"resourceType", "id", "meta", "type", "agent", "source"}
    assert less["resource"].keys() == needed | {"recorded"}
    numbers = [asks(app, chart, made, each).json() for each in ("_summary=count", "_count=0", "action=D")]
    assert [(each["total"], "entry" in each) for each in numbers] == [(1, False), (1, False), (0, False)]
    assert app.get("/AuditEvent?action=C").status_code == 400
    grant = system_grant(action=Action.PATIENT_CREATE, organisation=chart.stage.practice.id)
    with serving():
        add_identifiers(grant=grant, patient=chart.stage.patient.id, numbers=[("urn:oid:1.2.3", "77")])
    with chart.client() as program:
        assert program.get(f"/{chart.patient}").status_code == 200
    assert app.get("/AuditEvent?patient.identifier=urn:oid:1.2.3|nobody").status_code == 404
    assert app.get("/AuditEvent?patient.identifier=urn:oid:1.2.3|77&action=C").json()["total"] >= 1


def test_a_program_whose_scopes_name_only_some_entries_gets_no_others(
    chart: Chart, app: httpx.Client
) -> None:
    account = Patient.objects.get(id=chart.stage.patient.id).person
    narrow = connects(chart.stage.practice, scopes="patient/AuditEvent.rs?type=rest", per_minute=100_000)
    key = holds(narrow, allows(narrow, account, patient_id=chart.stage.patient.id))
    assert app.get(f"/Observation?patient={chart.patient}").status_code == 403  # an entry of another type
    others = app.get(f"/AuditEvent?patient={chart.patient}&type:not=rest").json()["entry"]
    app.headers, usual = {"authorization": f"Bearer {key}"}, app.headers
    only = app.get(f"/AuditEvent?patient={chart.patient}").json()["entry"]
    hidden = app.get(f"/AuditEvent/{others[0]['resource']['id']}?patient={chart.patient}")
    app.headers = usual
    assert {each["resource"]["type"]["code"] for each in only} == {"rest"}
    assert hidden.status_code == 404

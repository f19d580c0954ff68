"""Whole records: all of a patient, all of a practice, the ledger of both, a new one, and nothing any more."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from rooms.records.chart import Chart
from stage.programs import allows, connects, holds
from stage.visits import person

from teleward.access.grants import SYSTEM, Action, Circumstances, Subject, authorise
from teleward.access.models import Patient, Person
from teleward.access.operations.identifiers import add_identifiers
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.audit.queries import of_patient
from teleward.kernel.envelope import destroy_key
from teleward.kernel.fence import serving
from teleward.kernel.ids import new_id
from teleward.records.operations.erasing import erase_traces

LABORATORY = [{"coding": [{"code": "laboratory"}]}]
VITAL = "http://hl7.org/fhir/StructureDefinition/vitalsigns"


@pytest.fixture
def client(chart: Chart) -> Iterator[httpx.Client]:
    with chart.client() as client:
        yield client


def kept(client: httpx.Client, chart: Chart, **changes: Any) -> str:
    return str(client.post("/Observation", json=chart.observation(**changes)).json()["id"])


def test_everything_of_a_patient_comes_in_pages(client: httpx.Client, chart: Chart) -> None:
    made = {kept(client, chart) for _ in range(3)}
    bundle = client.get(f"/{chart.patient}/$everything?_count=2").json()
    found = [entry["resource"] for entry in bundle["entry"]]
    while following := [link["url"] for link in bundle["link"] if link["relation"] == "next"]:
        bundle = client.get(following[0]).json()
        found += [entry["resource"] for entry in bundle.get("entry", [])]
    ids = [each["id"] for each in found]
    assert len(ids) == len(set(ids))
    assert {*made, str(chart.stage.patient.id)} <= set(ids)
    only = client.get(f"/{chart.patient}/$everything?_type=Patient").json()
    assert [entry["resource"]["resourceType"] for entry in only["entry"]] == ["Patient"]


def test_everything_is_only_what_the_scopes_reach(client: httpx.Client, chart: Chart) -> None:
    kept(client, chart)
    with chart.client("system/Patient.r system/Observation.r?category=laboratory") as narrow:
        bundle = narrow.get(f"/{chart.patient}/$everything").json()
        assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {"Patient"}


def test_a_resource_is_checked_and_not_kept(client: httpx.Client, chart: Chart) -> None:
    before = client.get("/Observation?_summary=count").json()["total"]
    good, other = chart.observation(), chart.observation(category=LABORATORY)
    asked = [("", good), ("", {**good, "status": "bogus"}), ("", other), (f"?profile={VITAL}", other)]
    said = [client.post(f"/Observation/$validate{of}", json=body).json()["issue"][0] for of, body in asked]
    assert [each["severity"] for each in said] == ["information", "error", "information", "error"]
    assert client.get("/Observation?_summary=count").json()["total"] == before


def test_what_claims_a_profile_is_held_to_it(client: httpx.Client, chart: Chart) -> None:
    claims = chart.observation(meta={"profile": [VITAL]})
    assert client.post("/Observation", json=claims).status_code == 201
    assert client.post("/Observation", json=claims | {"category": LABORATORY}).status_code == 422


def test_an_export_is_begun_counted_fetched_and_given_up(client: httpx.Client, chart: Chart) -> None:
    first = kept(client, chart)
    begun = client.get("/$export?_type=Observation,Condition", headers={"prefer": "respond-async"})
    assert begun.status_code == 202
    place = begun.headers["content-location"]
    seen = []
    while (look := client.get(place)).status_code == 202:
        seen.append(look.headers["x-progress"])
    assert seen == ["1 of 2 types counted", "2 of 2 types counted"]
    late = kept(client, chart)
    (file,) = [each for each in look.json()["output"] if each["type"] == "Observation"]
    lines = client.get(file["url"])
    assert lines.headers["content-type"] == "application/fhir+ndjson"
    ids = [json.loads(line)["id"] for line in lines.text.splitlines()]
    assert len(ids) == file["count"]
    assert first in ids
    assert late not in ids
    entry = of_patient(patient=chart.stage.patient.id, most=2)[0].facts
    assert (entry["action"], entry["outcome"]) == ("records:resource:read", "listed")
    assert client.delete(place).status_code == 202
    assert client.get(place).status_code == 404


def test_an_export_belongs_to_the_program_that_began_it(client: httpx.Client, chart: Chart) -> None:
    place = client.get("/$export?_type=Observation", headers={"prefer": "respond-async"}).headers[
        "content-location"
    ]
    with chart.client("system/Observation.rs") as other:
        assert other.get(place).status_code == 404
    with chart.client("system/Condition.rs") as none:
        assert none.get(place).status_code == 404


def somebody_new(chart: Chart) -> UUID:
    grant = system_grant(action=Action.PATIENT_CREATE, organisation=chart.stage.practice.id)
    named = {"given_name": "Vera", "family_name": "Verschwunden", "born_on": date(1950, 1, 1)}
    return register_patient(grant=grant, language="de", **named).id  # type: ignore[arg-type]  # as named


def test_what_was_erased_is_found_nowhere_and_stays_closed(client: httpx.Client, chart: Chart) -> None:
    person = somebody_new(chart)
    kept(client, chart)
    place = f"/Observation/{kept(client, chart, subject={'reference': f'Patient/{person}'})}"
    assert client.get(f"/Observation?patient={person}").json()["total"] == 1
    about = Subject(kind="Erasure", id=new_id(), organisation=chart.stage.practice.id, patient=person)
    here = Circumstances(request_id=str(new_id()), client_address="", via="command")
    with serving():
        grant = authorise(actor=SYSTEM, action=Action.ERASURE_ANSWER, subject=about, circumstances=here)
        erase_traces(grant=grant)
    destroy_key(patient=person)
    assert client.get(f"/Observation?patient={person}").json()["total"] == 0
    assert client.get("/Patient?family=Verschwunden").json()["total"] == 0
    assert client.get(place).status_code == 410
    assert client.get(f"{place}/_history/1").status_code == 410
    export = client.get("/$export", headers={"prefer": "respond-async"}).headers["content-location"]
    while (files := client.get(export)).status_code == 202:
        pass
    lines = "".join(client.get(each["url"]).text for each in files.json()["output"])
    assert chart.patient in lines
    assert str(person) not in lines


def test_a_patients_app_reads_who_saw_the_record_and_cannot_write_there(
    client: httpx.Client, chart: Chart
) -> None:
    stage = chart.stage
    account = person(stage.practice, "Ayşe Demir")
    Patient.objects.filter(id=stage.patient.id).update(person=account)
    program = connects(stage.practice, scopes="patient/AuditEvent.rs")
    token = holds(program, allows(program, account, patient_id=stage.patient.id))
    kept(client, chart)
    with httpx.Client(base_url=f"{chart.url}/fhir", headers={"authorization": f"Bearer {token}"}) as app:
        bundle = app.get(f"/AuditEvent?patient={chart.patient}&_count=2").json()
        assert [entry["resource"]["resourceType"] for entry in bundle["entry"]] == ["AuditEvent"] * 2
        (following,) = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        older = app.get(following).json()["entry"]
        assert {each["resource"]["id"] for each in older}.isdisjoint(
            e["resource"]["id"] for e in bundle["entry"]
        )
        one = bundle["entry"][0]["resource"]
        assert app.get(f"/AuditEvent/{one['id']}?patient={chart.patient}").json() == one
        assert app.get(f"/AuditEvent?patient=Patient/{new_id()}").status_code == 404
        assert app.post("/AuditEvent", json=one).status_code == 405
    assert client.get(f"/AuditEvent?patient={chart.patient}").status_code == 403


BORN = {"resourceType": "Patient", "name": [{"family": "Neu", "given": ["Nora"]}], "birthDate": "1990-05-06"}
KVNR = {"system": "http://fhir.de/sid/gkv/kvid-10", "value": "A123456780"}


def test_a_connected_system_enters_a_patient_with_numbers(chart: Chart) -> None:
    sent = {
        **BORN,
        "identifier": [KVNR],
        "gender": "female",
        "telecom": [{"system": "phone", "value": "030"}],
    }
    with chart.client() as client:
        made = client.post("/Patient", json=sent)
        found = client.get("/Patient", params={"identifier": f"{KVNR['system']}|{KVNR['value']}"}).json()
        told = client.post("/Patient", json=sent, headers={"prefer": "return=OperationOutcome"}).json()
    assert made.status_code == 201, made.text
    assert made.json()["name"][0]["family"] == "Neu"
    assert made.json()["identifier"][0]["value"] == KVNR["value"]
    assert [each["resource"]["id"] for each in found["entry"]] == [made.json()["id"]]
    assert told["issue"][0]["diagnostics"] == "Not kept here: gender."
    (registered,) = Patient.objects.filter(id=made.json()["id"])
    assert (registered.family_name, registered.born_on.isoformat()) == ("Neu", "1990-05-06")
    actions = {entry.facts["action"] for entry in of_patient(patient=registered.id)}
    assert "access:patient:create" in actions


def test_who_is_known_by_a_number_is_not_entered_again(chart: Chart) -> None:
    own, here = {"system": "urn:oid:1.2.3", "value": "4711"}, chart.stage.practice
    known = Patient.objects.create(  # whom the chart has not met yet
        organisation=here, given_name="Nora", family_name="Neu", born_on=date(1990, 5, 6), language="de"
    )
    grant = system_grant(action=Action.PATIENT_CREATE, organisation=here.id)
    add_identifiers(grant=grant, patient=known.id, numbers=[(own["system"], own["value"])])
    condition = {"if-none-exist": f"identifier={own['system']}|{own['value']}"}
    with chart.client() as client:
        answer = client.post("/Patient", json={**BORN, "identifier": [own]}, headers=condition)
    assert (answer.status_code, answer.json()["id"]) == (200, str(known.id))


REFUSED = {
    "without a family name": ({"name": [{"given": ["Nora"]}]}, "records:owner-missing"),
    "born in a year": ({"birthDate": "1990"}, "records:owner-missing"),
    "born tomorrow": ({"birthDate": "2099-01-01"}, "access:birth-date-impossible"),
    "with no address": ({"telecom": [{"system": "email", "value": "nora@"}]}, "records:invalid"),
    "with a wrong check digit": (
        {"identifier": [{**KVNR, "value": "A123456789"}]},
        "access:identifier-wrong",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_patient_that_cannot_be_entered_is_refused(chart: Chart, name: str) -> None:
    changes, code = REFUSED[name]
    before = Patient.objects.count()
    with chart.client() as client:
        answer = client.post("/Patient", json={**BORN, **changes})
    assert 400 <= answer.status_code < 500
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == code
    assert Patient.objects.count() == before


def test_a_program_without_the_scope_enters_nobody(chart: Chart) -> None:
    before = Patient.objects.count()
    with chart.client("system/Patient.rs system/Observation.cruds") as client:
        assert client.post("/Patient", json=BORN).status_code == 403
    assert Patient.objects.count() == before


def of_a_colleague(chart: Chart, who: Person) -> httpx.Client:
    """An app of somebody of the practice, with all that they may."""
    program = connects(chart.stage.practice, scopes="user/*.cruds")
    key = holds(program, allows(program, who))
    return httpx.Client(base_url=f"{chart.url}/fhir", headers={"authorization": f"Bearer {key}"}, timeout=60)


def test_whom_the_gate_hides_is_not_counted_and_nothing_is_asked_through_them(chart: Chart) -> None:
    chart.stage.visit_now()
    patient = {"reference": chart.patient}
    through = "/Schedule?actor:Patient.family=Demir"
    with chart.client() as client:
        assert client.get(f"/{chart.patient}").status_code == 200
        sent = {"Device": {"patient": patient}, "Schedule": {"actor": [patient]}}
        made = [client.post(f"/{kind}", json={"resourceType": kind} | sent[kind]) for kind in sent]
        assert [each.status_code for each in made] == [201, 201]
        assert client.get("/Device?_summary=count").json()["total"] == 1
    with (
        of_a_colleague(chart, chart.stage.doctor) as treating,
        of_a_colleague(chart, chart.stage.second) as curious,
    ):
        assert [len(app.get(through).json().get("entry", [])) for app in (treating, curious)] == [1, 0]
        assert "total" not in curious.get("/Device?_summary=count").json()
        assert curious.get("/Schedule?_summary=count").json()["total"] == 1
        assert "total" not in curious.get(f"/Device?patient={chart.patient},x&_summary=count").json()


def test_that_two_share_a_number_is_said_to_who_may_see_both(chart: Chart) -> None:
    practice, system = chart.stage.practice, "urn:oid:1.2.3"
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=practice.id)
    said = {"given_name": "Nora", "family_name": "Alt", "born_on": date(1990, 5, 6), "language": "de"}
    for _twice in range(2):
        one = Patient.objects.create(organisation=practice, **said)
        add_identifiers(grant=creating, patient=one.id, numbers=[(system, "0815")])
    condition = {"if-none-exist": f"identifier={system}|0815"}
    nobody = {"if-none-exist": f"identifier={system}|0816"}
    with chart.client() as client, of_a_colleague(chart, chart.stage.second) as curious:
        told = client.post("/Patient", json=BORN, headers=condition)
        hidden, nothing = [curious.post("/Patient", json=BORN, headers=each) for each in (condition, nobody)]
    assert (told.status_code, code_of(told)) == (412, "records:several-match")
    assert of_patient(patient=one.id, most=1)[0].facts["outcome"] == "listed"
    assert (hidden.status_code, hidden.content) == (nothing.status_code, nothing.content)
    assert code_of(hidden) == "access:refused"


def test_why_it_is_not_changed_is_said_after_the_gate_and_stands_in_the_ledger(
    client: httpx.Client, chart: Chart
) -> None:
    body = chart.observation(id=kept(client, chart))
    own = client.get(f"/{chart.patient}").json()
    older = {"if-match": 'W/"99"'}
    seen = []
    with of_a_colleague(chart, chart.stage.second) as curious:
        for program in (client, curious):
            for change in (body, own):
                place = f"/{change['resourceType']}/{change['id']}"
                answer = program.put(place, json=change, headers=older)
                (last,) = of_patient(patient=chart.stage.patient.id, most=1)
                seen.append((code_of(answer), last.facts["action"], last.facts["outcome"]))
    write = "records:resource:write"
    assert seen == [
        ("records:changed-meanwhile", write, "allow"),
        ("records:kept-elsewhere", write, "allow"),
        ("records:unknown", write, "deny"),
        ("records:unknown", write, "deny"),
    ]


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["issue"][0]["details"]["coding"][0]["code"])

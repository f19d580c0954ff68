"""Searching the chart: what is found, in what order, in which pages, and what of it is in the ledger."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from ground.database import Databases
from rooms.records.chart import UCUM, Chart
from stage.deliveries import deliver_all
from stage.visits import HERE

from teleward.access.grants import SYSTEM, Action, authorise
from teleward.access.operations.identifiers import give_identifier, withdraw_identifier
from teleward.access.operations.merging import merge, unmerge
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.audit.queries import of_patient
from teleward.kernel.events import Event

DAYS = range(10, 15)
PULSE = {"unit": "/min", "system": UCUM, "code": "/min"}
Bundle = dict[str, Any]


@pytest.fixture(scope="module")
def filled(chart: Chart) -> Chart:
    """Five pulses on five days, one of them amended, and one Condition."""
    with chart.client() as client:
        for day in DAYS:
            body = chart.observation(
                effectiveDateTime=f"2026-11-{day}T10:00:00Z",
                valueQuantity={"value": 60 + day, **PULSE},
                status="amended" if day == 12 else "final",
            )
            assert client.post("/Observation", json=body).status_code == 201
        about = {"subject": {"reference": chart.patient}, "code": {"text": "Knie"}}
        assert client.post("/Condition", json={"resourceType": "Condition", **about}).status_code == 201
        assert client.get(f"/{chart.patient}").status_code == 200
    return chart


@pytest.fixture
def client(filled: Chart) -> Iterator[httpx.Client]:
    with filled.client() as client:
        yield client


def found(client: httpx.Client, query: str, kind: str = "Observation") -> Bundle:
    answer = client.get(f"/{kind}?{query}")
    assert answer.status_code == 200, answer.text
    bundle: Bundle = answer.json()
    return bundle


def test_a_patient_is_found_by_a_number_given_at_the_desk_and_not_by_one_taken_back(
    client: httpx.Client, chart: Chart
) -> None:
    about = patient_subject(patient=chart.stage.patient.id)
    grant = authorise(actor=SYSTEM, action=Action.PATIENT_CHANGE, subject=about, circumstances=HERE)
    system, own = "http://fhir.de/sid/gkv/kvid-10", chart.stage.patient.id
    given = give_identifier(grant=grant, patient=own, system=system, value="x110 411 675")
    deliver_all(Event.PATIENT_CHANGED, patient=own)
    (patient,) = resources(found(client, f"identifier={system}|X110411675", kind="Patient"))
    (sort,) = patient["identifier"][0]["type"]["coding"]
    assert (patient["identifier"][0]["value"], sort["code"]) == ("X110411675", "KVZ10")
    assert found(client, f"identifier:of-type={sort['system']}|KVZ10|x110411675", "Patient")["total"] == 1
    withdraw_identifier(grant=grant, identifier=given)
    deliver_all(Event.PATIENT_CHANGED, patient=own)
    assert resources(found(client, f"identifier={system}|X110411675", kind="Patient")) == []


def test_two_files_of_one_person_say_so_in_the_chart_and_no_longer_after_it_was_taken_back(
    client: httpx.Client, chart: Chart
) -> None:
    practice, kept = chart.stage.practice.id, chart.stage.patient.id
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=practice)
    said = {"given_name": "Elif", "family_name": "Kaya", "language": "de"}
    gone = register_patient(grant=creating, born_on=date(1979, 5, 3), **said).id
    subject = patient_subject(patient=kept)
    grant = authorise(actor=SYSTEM, action=Action.PATIENT_MERGE, subject=subject, circumstances=HERE)
    files = {"kept": kept, "gone": gone}
    merge(grant=grant, why="message", **files)
    assert projected(client, gone) == (False, [("replaced-by", f"Patient/{kept}")])
    assert projected(client, kept) == (True, [("replaces", f"Patient/{gone}")])
    unmerge(grant=grant, **files)
    assert [projected(client, each) for each in (gone, kept)] == [(True, []), (True, [])]


def projected(client: httpx.Client, patient: UUID) -> tuple[bool, list[tuple[str, str]]]:
    """Whether the chart's Patient is in use, and to which it leads."""
    deliver_all(Event.PATIENT_CHANGED, patient=patient)
    body = client.get(f"/Patient/{patient}").json()
    return body["active"], [(each["type"], each["other"]["reference"]) for each in body.get("link", [])]


def resources(bundle: Bundle) -> list[Bundle]:
    return [entry["resource"] for entry in bundle.get("entry", [])]


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ("code=8867-4", 5),
        ("code=http://loinc.org|8867-4", 5),
        ("code=http://loinc.org|", 5),
        ("code=|8867-4", 0),
        ("code=8480-6,8867-4", 5),
        ("code:not=8867-4", 0),
        ("category=vital-signs&status=final", 4),
        ("status=final,amended", 5),
        ("status:not=final", 1),
        ("date=2026-11-12", 1),
        ("date=2026-11", 5),
        ("date=ge2026-11-12&date=lt2026-11-14", 2),
        ("date=gt2026-11-12", 2),
        ("date=le2026-11-12", 3),
        ("date=ne2026-11-12", 4),
        ("date=sa2026-11-13", 1),
        ("date=eb2026-11-11", 1),
        ("date=2026-11-12T10:00:00Z", 1),
        ("date=2026-11-12T11:00:00%2B01:00", 1),
        ("value-quantity=72", 1),
        ("value-quantity=gt72||/min", 2),
        (f"value-quantity=le72|{UCUM}|/min", 3),
        ("value-quantity=72||kg", 0),
        ("_lastUpdated=gt2020", 5),
        ("encounter:missing=true", 5),
        ("encounter:missing=false", 0),
        ("patient.family=demir", 5),
        ("subject:Patient.name=Ays", 5),
        ("patient.birthdate=1979-05-03", 5),
        ("patient.family=Nobody", 0),
    ],
)
def test_parameters_prefixes_modifiers_and_chains_find_what_they_say(
    client: httpx.Client, filled: Chart, query: str, many: int
) -> None:
    assert found(client, f"patient={filled.patient}&{query}")["total"] == many
    assert found(client, query)["total"] == many


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ("family=Demir", 1),
        ("family=dem", 1),
        ("family=emir", 0),
        ("family:exact=Demir", 1),
        ("family:exact=demir", 0),
        ("name=AYSE", 1),
        ("given=Ayşe&birthdate=1979", 1),
        ("phone=%2B49 30-765", 1),
        ("email=AYSE@example.org", 1),
        ("_has:Observation:patient:code=8867-4", 1),
        ("_has:Observation:patient:code=8480-6", 0),
    ],
)
def test_people_are_found_by_names_and_ways_to_reach_them(
    client: httpx.Client, query: str, many: int
) -> None:
    assert found(client, query, "Patient")["total"] == many


@pytest.mark.parametrize(
    "query",
    [
        "bogus=1",
        "date=yesterday",
        "value-quantity=much",
        "code:above=1",
        "code:in=http://x",
        "value-string:contains=x",
        "code:of-type=a|b|c",
        "date:exact=2026",
        "value-quantity:not=5",
        "_id:not=1",
        "_lastUpdated:bogus=2026",
        "code-value-quantity=8867-4$gt5",
        "_sort=name",
        "_count=many",
        "_summary=some",
        "_cursor=nothing",
        "patient:missing=perhaps",
        "status.x=1",
        "_include=Observation",
        "_include=Observation:nothing",
        "_has:Observation:patient:code=1",
    ],
)
def test_what_is_not_understood_is_not_ignored(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/Observation?{query}")
    assert answer.status_code == 400
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "records:search"


def test_a_search_has_no_more_values_than_can_be_asked_for(client: httpx.Client) -> None:
    form = {"date": ",".join(["ge2020"] * 40_000)}
    assert client.post("/Observation/_search", data=form).status_code == 400


def test_a_form_finds_the_same_and_keeps_it_out_of_the_address(client: httpx.Client, filled: Chart) -> None:
    answer = client.post(
        "/Observation/_search", data={"patient": filled.patient, "code": "8867-4", "_count": "2"}
    )
    assert len(resources(answer.json())) == 2
    (following,) = [link["url"] for link in answer.json()["link"] if link["relation"] == "next"]
    assert str(filled.stage.patient.id) not in following


@pytest.mark.parametrize("order", ["date", "-date", "_id", "-_lastUpdated"])
def test_pages_stay_as_they_are_while_rows_are_added(client: httpx.Client, filled: Chart, order: str) -> None:
    bundle = found(
        client, f"patient={filled.patient}&date=lt2026-11-16&_sort={order}&_count=2&_total=accurate"
    )
    total, seen = bundle["total"], resources(bundle)
    late = filled.observation(effectiveDateTime="2026-11-01T10:00:00Z", status="unknown")
    added = client.post("/Observation", json=late).json()["id"]
    while following := [link["url"] for link in bundle["link"] if link["relation"] == "next"]:
        bundle = client.get(following[0]).json()
        seen += resources(bundle)
    client.delete(f"/Observation/{added}")
    ids = [each["id"] for each in seen if each["id"] != added]
    assert len(ids) == len(set(ids)) == total
    dates = [each["effectiveDateTime"] for each in seen]
    assert order.strip("-") != "date" or dates == sorted(dates, reverse=order == "-date")


def test_a_page_is_for_who_asked_for_it(client: httpx.Client, filled: Chart) -> None:
    links = found(client, "_count=1")["link"]
    (following,) = [link["url"] for link in links if link["relation"] == "next"]
    assert client.get(following).status_code == 200
    with filled.client("system/Observation.s") as other:
        assert other.get(following).status_code == 400


def test_what_it_points_to_comes_along_and_what_points_to_it(client: httpx.Client, filled: Chart) -> None:
    bundle = found(client, "date=2026-11-12&_include=Observation:patient")
    assert [(e["resource"]["resourceType"], e["search"]["mode"]) for e in bundle["entry"]] == [
        ("Observation", "match"),
        ("Patient", "include"),
    ]
    around = found(client, f"_id={filled.stage.patient.id}&_revinclude=Condition:patient", "Patient")
    assert [each["resourceType"] for each in resources(around)] == ["Patient", "Condition"]


def test_nothing_is_asked_through_what_the_scopes_do_not_reach(client: httpx.Client, filled: Chart) -> None:
    report = {"resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Puls"}}
    pulse = resources(found(client, "date=2026-11-12"))[0]["id"]
    about = {"subject": {"reference": filled.patient}, "result": [{"reference": f"Observation/{pulse}"}]}
    assert client.post("/DiagnosticReport", json=report | about).status_code == 201
    pulses, include = "_has:Observation:patient:code=8867-4", "_include=DiagnosticReport:result"
    with filled.client("system/Patient.rs system/DiagnosticReport.rs") as narrow:
        asked = [f"/Patient?{pulses}", "/DiagnosticReport?result.code=8867-4"]
        assert [narrow.get(each).status_code for each in asked] == [403, 403]
        assert len(resources(found(narrow, include, "DiagnosticReport"))) == 1
    laboratory = "system/Observation.rs?category=laboratory"
    with filled.client(f"system/Patient.rs system/DiagnosticReport.rs {laboratory}") as narrow:
        assert found(narrow, pulses, "Patient")["total"] == 0
        assert len(resources(found(narrow, include, "DiagnosticReport"))) == 1


def test_as_little_of_it_comes_as_was_asked_for(client: httpx.Client) -> None:
    (only,) = resources(found(client, "date=2026-11-12&_elements=status"))
    assert set(only) == {"resourceType", "id", "meta", "status", "code"}  # what every Observation needs
    assert only["meta"]["tag"][0]["code"] == "SUBSETTED"
    (valued,) = resources(found(client, "date=2026-11-12&_elements=value"))
    assert set(valued) == {*only, "valueQuantity"}
    assert found(client, "date=2026-11-12&_summary=count")["total"] == 1
    assert "entry" not in found(client, "date=2026-11-12&_summary=count")


def test_each_patient_who_is_shown_has_it_in_their_chain_without_the_words(
    client: httpx.Client, filled: Chart
) -> None:
    bundle = found(client, "patient.family=Demir&_count=3")
    listed = of_patient(patient=filled.stage.patient.id, most=1)[0].facts
    assert (listed["action"], listed["outcome"]) == ("records:resource:read", "listed")
    assert listed["detail"]["resources"] == [f"Observation/{each['id']}" for each in resources(bundle)]
    assert listed["detail"]["by"] == ["patient"]
    assert "Demir" not in str(listed)


def test_no_name_and_no_identifier_stands_in_the_search_rows(
    client: httpx.Client, owner: psycopg.Connection
) -> None:
    rows = owner.execute("SELECT to_jsonb(c)::text FROM records_current c").fetchall()
    words = " ".join(text for (text,) in rows).casefold()
    assert rows
    assert not [word for word in ("demir", "ayşe", "4930765", "8867-4", "knie") if word in words]


@pytest.fixture
def owner(databases: Databases, chart: Chart) -> Iterator[psycopg.Connection]:
    with psycopg.connect(databases.owner_url, autocommit=True) as connection:
        yield connection

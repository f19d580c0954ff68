"""A gateway, and an app of a patient, write vital signs over FHIR: of that patient, by US Core's contract."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from django.db import connections
from stage.deliveries import deliver_all
from stage.home import Gateway, Home, instant
from stage.programs import allows, connects, holds
from stage.window import about, account, ask
from starlette.applications import Starlette
from starlette.routing import Mount

from teleward.access.grants import Action
from teleward.access.models import Patient, Person
from teleward.audit.queries import of_patient
from teleward.devices.models import Batch, Disowned
from teleward.devices.operations.charting_home import chart_batch
from teleward.devices.operations.disowning import own_again
from teleward.devices.operations.words import device_asking
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.records.api import Fhir
from teleward.records.queries.resources import body_of
from teleward.web.edge import Edge

TAG = {"system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-tags", "code": "patient-supplied"}
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
Posting = Any


@pytest.fixture(scope="module")
def chart() -> Iterator[Posting]:
    """POST of an Observation to the chart, as whoever holds this token."""
    fhir = Fhir(device_asking)
    app = Edge(Starlette(routes=[Mount("/fhir", fhir)]))

    async def ask(method: str, path: str, token: str, body: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://home.example") as client:
            headers = {"authorization": f"Bearer {token}"}
            return await client.request(method, f"/fhir/{path}", json=body, headers=headers)

    with start_blocking_portal() as portal, portal.wrap_async_context_manager(fhir.running()):
        yield lambda token, body=None, method="POST", path="Observation": portal.call(
            ask, method, path, token, body
        )
    connections.close_all()


def observation(home: Home, **changes: Any) -> dict[str, Any]:
    usual = {
        "resourceType": "Observation",
        "meta": {"tag": [TAG]},
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": f"Patient/{home.stage.patient.id}"},
        "device": {"display": "Waage W1"},
        "effectiveDateTime": instant(now() - timedelta(minutes=5)),
        "valueQuantity": {
            "value": 72,
            "unit": "/min",
            "system": "http://unitsofmeasure.org",
            "code": "/min",
        },
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def test_a_gateway_writes_for_its_own_patient_alone(home: Home, gateway: Gateway, chart: Posting) -> None:
    answer = chart(gateway.token(), observation(home))
    assert answer.status_code == 201, answer.text
    assert answer.json()["device"] == {"display": "Waage W1"}
    other = Patient.objects.create(
        organisation=home.stage.practice, given_name="X", family_name="Y", born_on="1980-01-01"
    )
    foreign, nobody = ({"reference": f"Patient/{whose}"} for whose in (other.id, uuid4()))
    answers = [chart(gateway.token(), observation(home, subject=whose)) for whose in (foreign, nobody)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    heard = [entry.facts for entry in of_patient(patient=home.stage.patient.id)]
    (entry,) = [each for each in heard if str(each["detail"].get("added", "")).startswith("Observation/")]
    assert (entry["actor_kind"], entry["policy"]) == ("Device", "p-device-readings")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "Observation"), ("GET", "Patient"), ("POST", "Condition"), ("GET", "Device")]
)
def test_a_gateway_does_nothing_else(
    home: Home, gateway: Gateway, chart: Posting, method: str, path: str
) -> None:
    body = None
    if method == "POST":
        whose = {"reference": f"Patient/{home.stage.patient.id}"}
        body = {"resourceType": "Condition", "subject": whose, "code": {"text": "x"}}
    assert chart(gateway.token(), body, method, path).status_code == 403


BROKEN = {
    "Observation.meta.tag": {"meta": None},
    "Observation.device": {"device": None},
    "Observation.category": {"category": None},
    "Observation.effective": {"effectiveDateTime": None},
}


@pytest.mark.parametrize("place", BROKEN)
def test_what_breaks_the_contract_is_refused_with_each_place(
    home: Home, gateway: Gateway, chart: Posting, place: str
) -> None:
    answer = chart(gateway.token(), observation(home, **BROKEN[place]))
    assert answer.status_code == 422
    told = [where for issue in answer.json()["issue"] for where in issue.get("expression", [])]
    assert any(where.startswith(place) for where in told), told


def test_what_is_of_no_use_is_not_kept_and_the_sender_is_told(
    home: Home, gateway: Gateway, chart: Posting
) -> None:
    ahead = instant(now() + timedelta(days=1))
    answer = chart(gateway.token(), observation(home, effectiveDateTime=ahead))
    (issue,) = answer.json()["issue"]
    assert answer.status_code == 202
    assert (issue["severity"], issue["details"]["coding"][0]["code"]) == ("warning", "records:discarded")
    assert "clock" in issue["diagnostics"]


def test_a_word_counts_once_here_too(home: Home, gateway: Gateway, chart: Posting) -> None:
    token = gateway.token()
    assert chart(token, observation(home)).status_code == 201
    assert chart(token, observation(home)).status_code == 401


def test_an_app_of_a_patient_is_held_to_it_where_it_speaks_of_a_device(home: Home, chart: Posting) -> None:
    client = connects(home.stage.practice, scopes="patient/Observation.c")
    whose = Patient.objects.get(id=home.stage.patient.id)
    person = Person.objects.get(id=account(whose).id)
    given = allows(client, person, patient_id=whose.id)
    token = holds(client, given)
    sound, untagged = chart(token, observation(home)), chart(token, observation(home, meta=None))
    plain = chart(token, observation(home, meta=None, device=None))
    told = [issue["expression"] for issue in untagged.json()["issue"] if "expression" in issue]
    assert (sound.status_code, untagged.status_code, plain.status_code) == (201, 422, 403)
    assert ["Observation.meta.tag"] in told


def test_what_a_gateway_sent_it_takes_back_and_the_history_stays(
    home: Home, gateway: Gateway, chart: Posting
) -> None:
    sent = chart(gateway.token(), observation(home)).json()
    place, wrong = f"Observation/{sent['id']}", observation(home, id=sent["id"], status="entered-in-error")
    changed = {**wrong, "valueQuantity": {**sent["valueQuantity"], "value": 1}}
    answer = chart(gateway.token(), changed, "PUT", place)  # of the body only the status is taken
    assert (answer.status_code, answer.json()["status"]) == (200, "entered-in-error")
    assert answer.json()["valueQuantity"] == sent["valueQuantity"]
    assert answer.json()["note"][0]["authorString"] == "The gateway that sent it"
    assert answer.json()["meta"]["versionId"] == "2"
    other = observation(home, id=sent["id"], status="final")
    assert chart(gateway.token(), other, "PUT", place).status_code == 404  # and back is no way
    nobodys = str(uuid4())
    unknown = {**wrong, "id": nobodys}
    assert chart(gateway.token(), unknown, "PUT", f"Observation/{nobodys}").status_code == 404


def charted(home: Home, gateway: Gateway) -> tuple[UUID, dict[str, Any]]:
    """A reading of the gateway is in the chart: its pairing, and the same Observation taken back."""
    assert gateway.answers(gateway.reading())[0]["status"] == "kept"
    batch = Batch.objects.get(pairing=gateway.pairing)
    chart_batch(grant=home.grant(Action.RECORD_WRITE), batch=batch.id)
    name = uuid5(uuid5(batch.pairing_id, "1"), "0")
    return batch.pairing_id, observation(home, id=str(name), status="entered-in-error")


def test_a_reading_taken_back_in_the_chart_leaves_the_trend(
    home: Home, gateway: Gateway, chart: Posting
) -> None:
    pairing, wrong = charted(home, gateway)
    assert chart(gateway.token(), wrong, "PUT", f"Observation/{wrong['id']}").status_code == 200
    before = len(home.points("29463-7"))
    deliver_all(Event.OBSERVATION_DISOWNED)
    assert len(home.points("29463-7")) == before - 1
    assert Disowned.objects.get(source=pairing).who == "device"


def test_what_a_gateway_took_back_the_patient_says_was_right_and_the_chart_has_a_version_more(
    home: Home, gateway: Gateway, chart: Posting
) -> None:
    pairing, wrong = charted(home, gateway)
    before = len(home.points("29463-7"))
    for turn in (1, 2):  # a gateway that insists is heard, and so is the patient
        assert chart(gateway.token(), wrong, "PUT", f"Observation/{wrong['id']}").status_code == 200
        deliver_all(Event.OBSERVATION_DISOWNED)
        assert len(home.points("29463-7")) == before - 1
        whom = Patient.objects.get(id=home.stage.patient.id)
        theirs = ask(account(whom), Action.READING_WRITE, about(whom))
        assert own_again(grant=theirs, names=[(pairing, 1)]) == 1
        deliver_all(Event.READINGS_REOWNED)
        assert len(home.points("29463-7")) == before
        found = body_of(
            grant=home.grant(Action.RECORD_WRITE), kind="Observation", logical_id=UUID(wrong["id"])
        )
        assert found is not None
        body = json.loads(found.body)
        assert (body["status"], body.get("note", []), found.version) == ("final", [], 1 + 2 * turn)
    assert Disowned.objects.filter(source=pairing, back__who="patient").count() == 2

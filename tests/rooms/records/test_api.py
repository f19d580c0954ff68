"""The chart over HTTP: one resource, its versions, and what is said where it cannot be had."""

import threading
from collections.abc import Iterator

import httpx
import pytest
from rooms.records.chart import Chart
from stage.deliveries import deliver_all
from stage.programs import allows, connects, holds
from stage.visits import practice

from teleward.access.models import NamingRule, Patient, Person
from teleward.audit.queries import of_patient
from teleward.kernel.events import Event
from teleward.kernel.ids import new_id

NOBODY = "01a1f700-0000-7000-8000-000000000000"


@pytest.fixture
def client(chart: Chart) -> Iterator[httpx.Client]:
    with chart.client() as client:
        yield client


def kept(client: httpx.Client, chart: Chart, **changes: object) -> dict[str, object]:
    answer = client.post("/Observation", json=chart.observation(**changes))
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.json()
    return body


def code_of(answer: httpx.Response) -> str:
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    return str(body["issue"][0]["details"]["coding"][0]["code"])


def entries(chart: Chart) -> list[dict[str, object]]:
    return [entry.facts for entry in of_patient(patient=chart.stage.patient.id)]


def test_what_was_created_is_read_as_it_was_written(client: httpx.Client, chart: Chart) -> None:
    answer = client.post("/Observation", content=ODD % chart.patient.encode(), headers=JSON)
    place = answer.headers["location"]
    assert (answer.status_code, answer.headers["etag"]) == (201, 'W/"1"')
    assert place.endswith(f"/fhir/Observation/{answer.json()['id']}/_history/1")
    again = client.get(f"/Observation/{answer.json()['id']}")
    assert again.content == answer.content
    assert b'"value":72.50' in again.content
    assert {"etag", "last-modified", "x-request-id"} <= set(again.headers)


JSON = {"content-type": "application/fhir+json"}
ODD = (
    b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"%s"},'
    b'"valueQuantity":{"value":72.50}}'
)


def test_each_reading_and_writing_stands_in_the_patients_chain(client: httpx.Client, chart: Chart) -> None:
    made = kept(client, chart)
    client.get(f"/Observation/{made['id']}", headers={"x-request-id": "reading-one-0001"})
    read, written, *_older = entries(chart)
    assert (read["action"], read["outcome"]) == ("records:resource:read", "allow")
    assert (read["request_id"], read["via"]) == ("reading-one-0001", "api")
    assert read["detail"]["resource"] == f"Observation/{made['id']}"  # type: ignore[index]
    assert (written["action"], written["outcome"]) == ("records:resource:write", "done")
    assert written["detail"]["added"] == f"Observation/{made['id']}"  # type: ignore[index]


def test_a_change_is_a_version_more_and_the_older_one_stays(client: httpx.Client, chart: Chart) -> None:
    made = kept(client, chart)
    place = f"/Observation/{made['id']}"
    assert client.put(place, json={**made, "status": "amended"}).headers["etag"] == 'W/"2"'
    assert client.get(f"{place}/_history/1").json()["status"] == "final"
    history = client.get(f"{place}/_history").json()
    assert [entry["resource"]["status"] for entry in history["entry"]] == ["amended", "final"]
    assert [entry["request"]["method"] for entry in history["entry"]] == ["PUT", "POST"]


def test_what_was_removed_says_so_and_its_history_stays(client: httpx.Client, chart: Chart) -> None:
    place = f"/Observation/{kept(client, chart)['id']}"
    assert client.delete(place).status_code == 204
    assert client.delete(place).status_code == 204
    gone = client.get(place)
    assert (gone.status_code, code_of(gone)) == (410, "records:removed")
    assert client.get(f"{place}/_history").json()["total"] == 2
    assert client.get(f"{place}/_history/1").status_code == 200


def test_a_change_of_something_older_is_refused(client: httpx.Client, chart: Chart) -> None:
    made = kept(client, chart)
    place = f"/Observation/{made['id']}"
    client.put(place, json=made, headers={"if-match": 'W/"1"'})
    late = client.put(place, json=made, headers={"if-match": 'W/"1"'})
    assert (late.status_code, code_of(late)) == (412, "records:changed-meanwhile")
    assert client.delete(place, headers={"if-match": 'W/"1"'}).status_code == 412


def test_of_many_who_change_the_same_version_one_does(client: httpx.Client, chart: Chart) -> None:
    made = kept(client, chart)
    statuses: list[int] = []

    def change() -> None:
        with chart.client() as other:
            answer = other.put(f"/Observation/{made['id']}", json=made, headers={"if-match": 'W/"1"'})
            statuses.append(answer.status_code)

    threads = [threading.Thread(target=change) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 412, 412, 412, 412, 412]
    assert client.get(f"/Observation/{made['id']}/_history").json()["total"] == 2


def test_who_has_it_already_is_told_so(client: httpx.Client, chart: Chart) -> None:
    made = kept(client, chart)
    answer = client.get(f"/Observation/{made['id']}", headers={"if-none-match": 'W/"1"'})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [("minimal", None), ("representation", "Observation"), ("OperationOutcome", "OperationOutcome")],
)
def test_the_answer_is_as_long_as_was_preferred(
    client: httpx.Client, chart: Chart, wanted: str, kind: str | None
) -> None:
    answer = client.post("/Observation", json=chart.observation(), headers={"prefer": f"return={wanted}"})
    assert answer.status_code == 201
    assert (answer.json()["resourceType"] if answer.content else None) == kind


def test_a_part_is_changed_by_json_patch_and_what_comes_of_it_is_checked(
    client: httpx.Client, chart: Chart
) -> None:
    place = f"/Observation/{kept(client, chart)['id']}"
    as_patch = {"content-type": "application/json-patch+json"}
    good = [
        {"op": "test", "path": "/status", "value": "final"},
        {"op": "add", "path": "/status", "value": "amended"},
    ]
    assert client.patch(place, json=good, headers=as_patch).json()["status"] == "amended"
    assert client.patch(place, json=good, headers=as_patch).status_code == 400
    bad = [{"op": "replace", "path": "/status", "value": "bogus"}]
    assert client.patch(place, json=bad, headers=as_patch).status_code == 422
    assert client.get(place).headers["etag"] == 'W/"2"'


def test_a_condition_keeps_from_creating_twice(client: httpx.Client, chart: Chart) -> None:
    identifier = [{"system": "urn:device", "value": NOBODY}]
    made = chart.observation(identifier=identifier)
    condition = {"if-none-exist": f"identifier=urn:device|{NOBODY}"}
    first = client.post("/Observation", json=made, headers=condition)
    second = client.post("/Observation", json=made, headers=condition)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    kept(client, chart, identifier=identifier)
    assert client.post("/Observation", json=made, headers=condition).status_code == 412


def test_a_condition_names_what_is_changed_or_removed(client: httpx.Client, chart: Chart) -> None:
    mark = str(new_id())
    made = chart.observation(identifier=[{"system": "urn:device", "value": mark}])
    where = f"/Observation?identifier=urn:device|{mark}"
    assert [client.put(where, json=made).status_code for _ in range(2)] == [201, 200]
    assert [client.delete(where).status_code for _ in range(2)] == [204, 404]


FAULTS = {
    "an unknown code": ({"status": "bogus"}, 422, "Observation.status"),
    "an unknown field": ({"colour": "red"}, 422, "Observation.colour"),
    "a bad date": ({"effectiveDateTime": "yesterday"}, 422, "Observation.effective"),
    "two values": ({"valueString": "x"}, 422, "Observation.value"),
    "nobody's": ({"subject": {"display": "somebody"}}, 422, ""),
    "of somebody unknown": ({"subject": {"reference": f"Patient/{NOBODY}"}}, 404, ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_follow_fhir_is_refused_with_its_place(
    client: httpx.Client, chart: Chart, fault: str
) -> None:
    changes, status, place = FAULTS[fault]
    answer = client.post("/Observation", json=chart.observation(**changes))  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    said = answer.json()["issue"][0].get("expression", [""])[0]
    assert said.startswith(place)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "/metadata", {"accept": "application/fhir+xml"}, 406, "records:format"),
        ("GET", "/metadata?_format=xml", {}, 406, "records:format"),
        (
            "GET",
            f"/Observation/{NOBODY}",
            {"accept": "application/fhir+json; fhirVersion=5.0"},
            406,
            "records:format",
        ),
        ("POST", "/Observation", {"content-type": "application/xml"}, 415, "records:body-format"),
        ("GET", "/Nothing/1", {}, 404, "records:not-offered"),
        ("PUT", "/Observation/1/_history", {}, 405, "records:method-not-offered"),
        ("GET", f"/Observation/{NOBODY}", {}, 404, "records:unknown"),
        ("GET", "/Observation/not-an-id", {}, 404, "records:unknown"),
        ("PUT", f"/Observation/{NOBODY}", {"content-type": "application/json"}, 400, "records:unreadable"),
        ("POST", "/AuditEvent", {}, 405, "records:method-not-offered"),
    ],
)
def test_what_is_not_offered_says_so_in_a_stable_word(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = client.request(
        method, path, headers=headers, content=b"{" if method in {"POST", "PUT"} else None
    )
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert "Traceback" not in answer.text


def test_without_a_key_there_is_nothing(chart: Chart) -> None:
    for path in (chart.patient, f"Observation/{NOBODY}", "Observation"):
        answer = httpx.get(f"{chart.url}/fhir/{path}")
        assert (answer.status_code, code_of(answer)) == (401, "access:sign-in-needed")
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert answer.headers["x-content-type-options"] == "nosniff"
    stale = httpx.get(f"{chart.url}/fhir/{chart.patient}", headers={"authorization": "Bearer nothing"})
    assert (stale.status_code, code_of(stale)) == (401, "access:token-invalid")


def test_scopes_say_what_a_program_may(client: httpx.Client, chart: Chart) -> None:
    made = kept(client, chart)
    with chart.client("system/Observation.rs") as reader:
        assert reader.get(f"/Observation/{made['id']}").status_code == 200
        refused = reader.put(f"/Observation/{made['id']}", json=made)
        assert (refused.status_code, code_of(refused)) == (403, "access:refused")
        hidden, nothing = reader.get(chart.patient), reader.get(f"/Patient/{NOBODY}")
        assert (hidden.status_code, hidden.content) == (nothing.status_code, nothing.content)
        assert code_of(nothing) == "access:refused"
    with chart.client("system/Observation.crs?category=laboratory") as laboratory:
        assert laboratory.get(f"/Observation/{made['id']}").status_code == 404
        assert laboratory.post("/Observation", json=chart.observation()).status_code == 403
        assert laboratory.get("/Observation").json()["total"] == 0


def test_another_practice_looks_like_nothing(client: httpx.Client, chart: Chart) -> None:
    made = kept(client, chart)
    other = connects(practice("Fern"), kind="backend", scopes="system/*.cruds", per_minute=1000)
    headers = {"authorization": f"Bearer {holds(other)}"}
    with httpx.Client(base_url=f"{chart.url}/fhir", headers=headers) as stranger:
        foreign = stranger.get(f"/Observation/{made['id']}")
        missing = stranger.get(f"/Observation/{NOBODY}")
        assert (
            (foreign.status_code, foreign.content)
            == (missing.status_code, missing.content)
            == (404, foreign.content)
        )
        assert stranger.put(f"/Observation/{made['id']}", json=made).status_code == 404
        assert stranger.get("/Observation").json()["total"] == 0
        assert stranger.get(f"/Observation?patient={chart.patient}").status_code == 404


def test_people_and_the_practice_come_into_the_chart_and_stay_tewards_own(
    client: httpx.Client, chart: Chart
) -> None:
    patient = client.get(f"/{chart.patient}").json()
    assert (patient["name"][0]["family"], patient["birthDate"]) == ("Demir", "1979-05-03")
    assert client.get(f"/Practitioner/{chart.stage.doctor.id}").json()["name"][0]["text"] == "Dr. Jana Novák"
    assert client.get(f"/Organization/{chart.stage.practice.id}").json()["name"] == "Praxis Lindenhof"
    own = client.put(f"/{chart.patient}", json=patient)
    assert (own.status_code, code_of(own)) == (405, "records:kept-elsewhere")


def test_a_patients_app_reads_the_host_by_name_or_by_role_as_the_practice_decided(chart: Chart) -> None:
    own = Person.objects.create(organisation=chart.stage.practice, name="Ich", email="ich@example.org")
    patient = Patient.objects.filter(id=chart.stage.patient.id)
    patient.update(person=own)
    visit = chart.stage.visit()
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    app = connects(chart.stage.practice)
    key = holds(app, allows(app, own, patient_id=chart.stage.patient.id, scopes="patient/*.rs"))
    asked = {"headers": {"authorization": f"Bearer {key}"}}
    shown = []
    for rule in ("names", "roles"):
        NamingRule.objects.create(organisation=chart.stage.practice, shows=rule, by=chart.stage.doctor)
        answer = httpx.get(f"{chart.url}/fhir/Appointment/{visit.id}", **asked)
        shown.append(answer.json()["participant"][1]["actor"]["display"])
        httpx.get(f"{chart.url}/fhir/Practitioner/{chart.stage.doctor.id}", **asked).raise_for_status()
        found = httpx.get(f"{chart.url}/fhir/Appointment?practitioner:Practitioner.name=Nov", **asked)
        shown.append(found.json()["total"])
    patient.update(person=None)
    NamingRule.objects.create(organisation=chart.stage.practice, shows="names", by=chart.stage.doctor)
    assert shown == ["Dr. Jana Novák", 1, "Praxis Lindenhof (Doctor)", 0]

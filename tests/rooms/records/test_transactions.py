"""Bundles: a batch entry by entry, a transaction whole or not at all."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.conf import settings
from rooms.records.chart import Chart
from stage.programs import connects, holds

from teleward.access.queries import tokens
from teleward.access.smart.refusals import Refusals

KNEE, PULSE = "urn:uuid:5f1c7f1e-0000-4000-8000-000000000001", "urn:uuid:5f1c7f1e-0000-4000-8000-000000000002"
Json = dict[str, Any]


@pytest.fixture
def client(chart: Chart) -> Iterator[httpx.Client]:
    with chart.client() as client:
        yield client


def bundle(kind: str, *entries: Json) -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def posted(resource: Json, full_url: str = "", **how: str) -> Json:
    named = {"fullUrl": full_url} if full_url else {}
    return {
        **named,
        "resource": resource,
        "request": {"method": "POST", "url": resource["resourceType"], **how},
    }


def asked(method: str, url: str, **more: Any) -> Json:
    return {"request": {"method": method, "url": url}, **more}


def condition(chart: Chart) -> Json:
    return {"resourceType": "Condition", "subject": {"reference": chart.patient}, "code": {"text": "Knie"}}


def count(client: httpx.Client, kind: str) -> int:
    return int(client.get(f"/{kind}?_summary=count").json()["total"])


def test_what_belongs_together_is_kept_together_and_points_to_each_other(
    client: httpx.Client, chart: Chart
) -> None:
    pulse = chart.observation(focus=[{"reference": KNEE}])
    answer = client.post("", json=bundle("transaction", posted(pulse, PULSE), posted(condition(chart), KNEE)))
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["entry"]
    assert first["resource"]["focus"][0]["reference"] == f"Condition/{second['resource']['id']}"
    assert [each["response"]["status"] for each in (first, second)] == ["201 Created", "201 Created"]
    assert client.get(f"/Condition/{second['resource']['id']}").status_code == 200


def test_one_fault_and_nothing_happens(client: httpx.Client, chart: Chart) -> None:
    before = count(client, "Condition")
    faulty = posted(chart.observation(status="bogus"))
    answer = client.post("", json=bundle("transaction", posted(condition(chart)), faulty))
    assert answer.status_code == 422
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1].resource.status"]
    assert count(client, "Condition") == before


def test_in_a_batch_each_entry_stands_by_itself(client: httpx.Client, chart: Chart) -> None:
    before = count(client, "Condition")
    entries = (
        posted(condition(chart)),
        posted(chart.observation(status="bogus")),
        asked("GET", f"{chart.patient}"),
        asked("GET", "Observation?bogus=1"),
    )
    answer = client.post("", json=bundle("batch", *entries)).json()
    assert [each["response"]["status"][:3] for each in answer["entry"]] == ["201", "422", "200", "400"]
    assert answer["entry"][1]["response"]["outcome"]["resourceType"] == "OperationOutcome"
    assert count(client, "Condition") == before + 1


def test_a_transaction_creates_changes_removes_and_then_reads(client: httpx.Client, chart: Chart) -> None:
    old, gone = (client.post("/Observation", json=chart.observation()).json() for _ in range(2))
    answer = client.post(
        "",
        json=bundle(
            "transaction",
            asked("GET", f"Observation/{old['id']}"),
            asked("PUT", f"Observation/{old['id']}", resource={**old, "status": "amended"}),
            asked("DELETE", f"Observation/{gone['id']}"),
        ),
    ).json()
    assert [each["response"]["status"][:3] for each in answer["entry"]] == ["200", "200", "204"]
    assert answer["entry"][0]["resource"]["status"] == "amended"
    assert client.get(f"/Observation/{gone['id']}").status_code == 410


def test_a_version_changed_meanwhile_stops_the_whole(client: httpx.Client, chart: Chart) -> None:
    before = count(client, "Condition")
    old = client.post("/Observation", json=chart.observation()).json()
    late = asked("PUT", f"Observation/{old['id']}", resource=old)
    late["request"]["ifMatch"] = 'W/"7"'
    assert client.post("", json=bundle("transaction", posted(condition(chart)), late)).status_code == 412
    assert count(client, "Condition") == before


def test_what_exists_already_is_not_created_again_and_is_pointed_to(
    client: httpx.Client, chart: Chart
) -> None:
    mark = [{"system": "urn:device", "value": "7"}]
    entry = posted({**condition(chart), "identifier": mark}, KNEE, ifNoneExist="identifier=urn:device|7")
    pulse = posted(chart.observation(focus=[{"reference": KNEE}]))
    first, again = (client.post("", json=bundle("transaction", entry, pulse)).json() for _ in range(2))
    assert [each["entry"][0]["response"]["status"][:3] for each in (first, again)] == ["201", "200"]
    assert first["entry"][0]["resource"]["id"] == again["entry"][0]["resource"]["id"]
    assert first["entry"][1]["resource"]["focus"] == again["entry"][1]["resource"]["focus"]


def test_a_bundle_holds_no_other_one(client: httpx.Client) -> None:
    asks = {"request": {"method": "GET", "url": "Observation"}}
    inner = {"request": {"method": "POST", "url": "/"}, "resource": bundle("batch", asks)}
    (told,) = client.post("", json=bundle("batch", inner)).json()["entry"]
    assert told["response"]["status"] == "404"
    assert "resource" not in told


NO_TEXT = (
    b'{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Observation"},'
    b'"resource":{"resourceType":"Observation","status":"\xff"}}]}'
)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"{", 400),
        (b'{"resourceType":"Bundle","type":"collection"}', 400),
        (b'{"resourceType":"Bundle","type":"transaction","entry":[{}]}', 422),
        (b'{"resourceType":"Bundle","type":"transaction","entry":7}', 422),
        (b'{"resourceType":"Bundle","type":"batch"}', 200),
        (NO_TEXT, 400),
    ],
)
def test_a_bundle_that_is_none_is_refused(client: httpx.Client, sent: bytes, status: int) -> None:
    answer = client.post("", content=sent, headers={"content-type": "application/fhir+json"})
    assert answer.status_code == status, answer.text


def test_a_patient_at_another_address_is_not_ours(client: httpx.Client, chart: Chart) -> None:
    here = f"{settings.ORIGIN}/fhir"
    answers = [
        client.post("/", json=bundle("transaction", posted(of))).status_code
        for base in (here, "https://elsewhere.example/fhir", f"{settings.ORIGIN}.example/fhir")
        for of in [condition(chart) | {"subject": {"reference": f"{base}/{chart.patient}"}}]
    ]
    assert answers == [200, 422, 422]


def test_a_bundle_counts_as_often_as_it_has_entries(chart: Chart) -> None:
    client = connects(chart.stage.practice, kind="backend", scopes="system/*.cruds", per_minute=6)
    sent = {"authorization": f"Bearer {holds(client)}"}
    many = bundle("batch", *[asked("GET", "Condition?_count=0") for _each in range(80)])
    with httpx.Client(base_url=f"{chart.url}/fhir", headers=sent, timeout=60) as slow:
        assert len(slow.post("", json=many).json()["entry"]) == 80
        waits = slow.get("/Condition?_count=0")
    assert (waits.status_code, waits.json()["issue"][0]["code"]) == (429, "throttled")
    assert 300 < int(waits.headers["retry-after"]) <= 800


def test_who_guesses_keys_to_the_chart_is_told_to_wait(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_refusals", Refusals(per_minute=12))
    with chart.client() as right, chart.client(authorization="Bearer made-up") as wrong:
        assert right.get("/Condition?_count=0").status_code == 200
        answers = [wrong.get("/Condition") for _time in range(6)]
        assert right.get("/Condition?_count=0").status_code == 200
    assert [answers[0].status_code, answers[-1].status_code] == [401, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1

"""Whatever is sent to whatever address of the chart, it answers in FHIR and never fails."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from rooms.records.chart import Chart

from teleward.records.api.desk import Desk
from teleward.records.api.routes import KINDS, ROUTES
from teleward.records.fhir.search import PARAMETERS
from teleward.records.store.statements import REVEAL
from teleward.records.store.wire import Rows, Wire

METHODS = sorted({route.method for route in ROUTES} | {"HEAD"})
PATHS = sorted({route.path for route in ROUTES})
NAMES = sorted({name for params in PARAMETERS.values() for name in params})
RESULTS = [
    "_count",
    "_sort",
    "_include",
    "_revinclude",
    "_summary",
    "_elements",
    "_total",
    "_cursor",
    "_has:a:b:c",
]
VALUES = [
    "",
    "1",
    "-1",
    "ge2026",
    "2026-13-45",
    "a|b",
    "|",
    "\\",
    "\x00",
    "Patient/x",
    "1e999",
    "NaN",
    ",",
    "é",
    "a" * 300,
]
odd_json = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
queries = some.lists(
    some.tuples(
        some.sampled_from(NAMES + RESULTS).flatmap(
            lambda name: some.sampled_from(
                ["", ":not", ":missing", ":exact", ":Patient", ".name", ":bogus"]
            ).map(lambda more: name + more)
        ),
        some.sampled_from(VALUES) | some.text(max_size=12),
    ),
    max_size=3,
)


@pytest.fixture(scope="module")
def client(chart: Chart) -> Iterator[httpx.Client]:
    with chart.client(connection="close") as client:  # each request by itself: none waits for one before it
        yield client


@pytest.fixture(scope="module")
def observation(client: httpx.Client, chart: Chart) -> dict[str, Any]:
    made: dict[str, Any] = client.post("/Observation", json=chart.observation()).json()
    return made


def sound(answer: httpx.Response) -> None:
    assert answer.status_code < 500, (answer.request.method, str(answer.request.url), answer.text)
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        assert answer.json()["resourceType"] == "OperationOutcome"


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_no_request_makes_it_fail(client: httpx.Client, observation: dict[str, Any], data: Any) -> None:
    kind = data.draw(some.sampled_from(["Observation", "Patient", "Encounter", *sorted(KINDS)]))
    ids = some.sampled_from([observation["id"], "x", "0" * 64, "%00", "é", "a%2Fb"])
    places = {
        "{kind}": kind,
        "{id}": data.draw(ids),
        "{version}": data.draw(some.sampled_from(["1", "0", "x"])),
        "{file}": kind,
    }
    path = data.draw(some.sampled_from(PATHS))
    for place, value in places.items():
        path = path.replace(place, value)
    body = data.draw(
        some.binary(max_size=20)
        | odd_json.map(lambda each: json.dumps(each).encode())
        | some.dictionaries(some.sampled_from(sorted(observation)), odd_json, max_size=4).map(
            lambda changes: json.dumps({**observation, **changes}).encode()
        )
    )
    sort = data.draw(
        some.sampled_from(["application/fhir+json", "application/json-patch+json", "text/plain"])
    )
    headers = {
        "content-type": sort,
        "prefer": data.draw(some.sampled_from(["", "return=minimal", "respond-async"])),
    }
    method, query = data.draw(some.sampled_from(METHODS)), data.draw(queries)
    sound(client.request(method, path, params=query, content=body, headers=headers))


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(kind=some.sampled_from(sorted(KINDS - {"AuditEvent"})), query=queries)
def test_no_search_makes_it_fail(client: httpx.Client, kind: str, query: list[tuple[str, str]]) -> None:
    sound(client.get(f"/{kind}", params=query))


def test_a_read_asks_the_database_twice_and_takes_no_thread(
    chart: Chart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured: each statement more costs a read a tenth of its CPU, a thread a sixth."""
    asked: list[str] = []

    async def noted(wire: Wire, statement: str, values: Any) -> Rows:
        asked.append(statement)
        return await whole(wire, statement, values)

    async def no_thread(*_given: Any, **_more: Any) -> None:
        raise AssertionError

    whole = Wire.ask
    with chart.client() as program:
        place = f"/Observation/{program.post('/Observation', json=chart.observation()).json()['id']}"
        assert program.get(place).status_code == 200
        monkeypatch.setattr(Wire, "ask", noted)
        monkeypatch.setattr(Desk, "__call__", no_thread)
        assert program.get(place).status_code == 200
        assert len(asked) == 2
        assert [REVEAL in statement for statement in asked] == [False, True]
        assert program.get(f"/Observation/{chart.stage.patient.id}").status_code == 404
    other = httpx.get(f"{chart.url}/fhir{place}", headers={"authorization": "Bearer a"})
    assert other.status_code == 401


FITTING = {"date": "ge2020", "number": "1", "quantity": "1", "uri": "urn:x", "reference": "Patient/1"}
PLACES = {
    "read": ("GET", "/{kind}/{id}"),
    "vread": ("GET", "/{kind}/{id}/_history/1"),
    "history-instance": ("GET", "/{kind}/{id}/_history"),
    "search-type": ("GET", "/{kind}?_count=1"),
    "create": ("POST", "/{kind}"),
    "update": ("PUT", "/{kind}/{id}"),
    "delete": ("DELETE", "/{kind}/{id}"),
}


def test_what_the_server_says_it_can_it_can_and_nothing_else(chart: Chart) -> None:
    with chart.client() as program:
        told = program.get("/metadata").json()["rest"][0]["resource"]
        assert {each["type"] for each in told} == set(KINDS)
        for each in told:
            if each["type"] == "AuditEvent":
                continue  # of a patient alone, for whom test_ledger_search asks
            form = {p["name"]: FITTING.get(p["type"], "x") for p in each["searchParam"]}
            form |= {"_include": each["searchInclude"]} if each.get("searchInclude") else {}
            assert program.post(f"/{each['type']}/_search", data=form).status_code == 200, each["type"]
            can = {one["code"] for one in each["interaction"]}
            body = {"resourceType": each["type"], "id": str(chart.stage.patient.id)}
            for code, (method, path) in PLACES.items():
                place = path.format(kind=each["type"], id=chart.stage.patient.id)
                answer = program.request(method, place, json=body if method in {"PUT", "POST"} else None)
                assert code in can or answer.status_code in {404, 405}, (
                    each["type"],
                    code,
                    answer.status_code,
                )

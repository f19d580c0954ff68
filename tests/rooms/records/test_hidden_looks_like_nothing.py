"""Whatever is asked of an id that is hidden from who asks, the answer is that of an id of nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from rooms.records.chart import Chart
from rooms.records.documents.test_notes_in_the_chart import note_in_the_chart
from rooms.records.test_scopes_hold import app_of, somebody_else
from stage.programs import connects, holds
from stage.visits import practice

from teleward.access.grants import Action
from teleward.consult.operations.category import keep_visit_closer
from teleward.records.api.messages import Request
from teleward.records.api.routes import ROUTES, route_of

UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
CURSORS = re.compile(r"_cursor=[\w%-]+")
PATCH = {"content-type": "application/json-patch+json"}
TOLD = ("content-type", "etag", "location", "last-modified", "www-authenticate", "retry-after")
BESIDE = {
    "/metadata",
    "/{kind}/$validate",
    "/AuditEvent/_search",
}  # about nobody, or as another that is asked


@dataclass(frozen=True)
class Case:
    """Who asks, and what is hidden from them; `whose` is None where its patient is not."""

    program: httpx.Client
    kind: str
    id: str
    whose: str | None = None


Cases = dict[str, Case]
Asked = tuple[str, str, Any, dict[str, str]]


@pytest.fixture(scope="module")
def cases(chart: Chart) -> Iterator[Cases]:
    note, other = str(note_in_the_chart(chart.stage)), str(somebody_else(chart))
    visit = chart.stage.visit_now()
    with ExitStack() as open_until, chart.client() as system:

        def made(**changes: Any) -> str:
            return str(system.post("/Observation", json=chart.observation(**changes)).json()["id"])

        theirs = made(subject={"reference": f"Patient/{other}"})
        closer, vital = made(encounter={"reference": f"Encounter/{visit.id}"}), made()
        keep_visit_closer(
            grant=chart.stage.grant(Action.NOTE_WRITE, visit), visit=visit.id, category="mental-health"
        )
        foreign = connects(practice("Fern"), kind="backend", scopes="system/*.cruds", per_minute=100_000)
        sent = {"authorization": f"Bearer {holds(foreign)}"}
        second, stranger, narrow, writer = map(
            open_until.enter_context,
            [
                app_of(chart, chart.stage.second, "user/*.cruds"),
                httpx.Client(base_url=f"{chart.url}/fhir", headers=sent, timeout=60),
                chart.client("system/Observation.cruds?category=laboratory system/Provenance.cruds"),
                app_of(chart, chart.stage.second, "user/*.cu"),
            ],
        )
        patient = str(chart.stage.patient.id)
        yield {
            "of somebody they do not treat": Case(second, "Observation", theirs, other),
            "somebody they do not treat": Case(second, "Patient", other, other),
            "to a program that only writes": Case(writer, "Observation", theirs, other),
            "a note": Case(second, "DocumentReference", note),
            "of a visit kept closer": Case(second, "Observation", closer),
            "of another practice": Case(stranger, "Observation", vital, patient),
            "outside of the scopes": Case(narrow, "Observation", vital),
        }


def asks(chart: Chart, kind: str, name: str, whose: str) -> Iterator[Asked]:
    """Every way to name it."""
    place, said = f"/{kind}/{name}", body(chart, kind, whose)
    own, known, older = {**said, "id": name}, {"if-match": 'W/"1"'}, {"if-match": 'W/"99"'}
    about = chart.observation(subject={"reference": f"Patient/{whose}"})
    points = {
        "resourceType": "Provenance",
        "target": [{"reference": f"{kind}/{name}"}],
        "recorded": "2026-11-20T10:00:00Z",
        "agent": [{"who": {"display": "System"}}],
    }
    changes = [{"op": "test", "path": "/status", "value": "final"}]
    yield from (
        ("GET", f"{place}{rest}", None, {}) for rest in ("", "/_history", "/_history/1", "/_history/9")
    )
    yield "GET", place, None, {"if-none-match": 'W/"1"'}
    yield from (("PUT", place, own, how) for how in ({}, known, older))
    yield "PUT", place, {**own, "status": "entered-in-error"}, {}
    yield from (("DELETE", place, None, how) for how in (older, known, {}))
    yield from (("PATCH", place, what, {**PATCH, **how}) for what in ([], changes) for how in ({}, older))
    yield "PATCH", f"/{kind}?_id={name}", changes, PATCH
    yield "DELETE", f"/{kind}?_id={name}", None, {}
    yield "PUT", f"/{kind}?_id={name}", said, {}
    yield "POST", f"/{kind}", said, {"if-none-exist": f"_id={name}"}
    yield "POST", "/Observation", about, {}
    yield "POST", "/Provenance", points, {}
    yield "PUT", f"/Provenance?_id={name}", points, {}
    yield "POST", f"/{kind}/_search", None, {}
    yield from (("GET", f"{path}", None, {}) for path in searches(kind, name, whose))
    every = list(entries(kind, name, own, about, points))
    yield "POST", "/", {"resourceType": "Bundle", "type": "batch", "entry": every}, {}
    for one in every:
        yield "POST", "/", {"resourceType": "Bundle", "type": "transaction", "entry": [one]}, {}


def body(chart: Chart, kind: str, whose: str) -> dict[str, Any]:
    subject = {"reference": f"Patient/{whose}"}
    attached = [{"attachment": {"contentType": "text/plain", "data": "QQ=="}}]
    return {
        "Observation": chart.observation(subject=subject),
        "Patient": {"resourceType": "Patient", "name": [{"family": "Neu"}]},
        "DocumentReference": {
            "resourceType": "DocumentReference",
            "status": "current",
            "subject": subject,
            "content": attached,
        },
    }[kind]


def searches(kind: str, name: str, whose: str) -> list[str]:
    return [
        f"/{kind}?_id={name}",
        f"/{kind}?_id={name}&_summary=count",
        f"/Observation?patient={whose}&_id={name}",
        f"/Observation?subject=Patient/{whose}&_id={name}&_include=*",
        f"/Observation?patient={whose},{uuid4()}&_id={name}",
        f"/Observation?subject:Patient._id={whose}&_id={name}",
        f"/Observation?encounter={name}",
        f"/Patient?_has:{kind}:patient:_id={name}",
        f"/Provenance?target={kind}/{name}&_include=Provenance:target",
        f"/Patient/{name}/$everything",
        f"/Patient/{name}/$everything?_type={kind}",
        f"/AuditEvent?patient={name}",
        f"/AuditEvent/{name}?patient={name}",
        f"/$export/{name}",
        f"/$export/{name}/Observation",
    ]


def entries(kind: str, name: str, own: Any, about: Any, points: Any) -> Iterator[dict[str, Any]]:
    unless = {"ifNoneExist": f"_id={name}"}
    for method, url, resource, how in (
        ("GET", f"{kind}/{name}", None, {}),
        ("GET", f"{kind}?_id={name}", None, {}),
        ("DELETE", f"{kind}/{name}", None, {}),
        ("PUT", f"{kind}/{name}", own, {}),
        ("PUT", f"{kind}/{name}", own, {"ifMatch": 'W/"99"'}),
        ("POST", "Observation", about, unless),
        ("POST", "Provenance", points, {}),
    ):
        request = {"method": method, "url": url, **how}
        yield {"request": request, **({"resource": resource} if resource else {})}


def told(program: httpx.Client, asked: Asked) -> tuple[int, str, dict[str, str]]:
    method, path, json, headers = asked
    data = None if json is not None or method != "POST" else {"_id": path}
    answer = program.request(method, path, json=json, data=data, headers=headers)
    said = {name: _bare(answer.headers[name]) for name in TOLD if name in answer.headers}
    return answer.status_code, _bare(answer.text), {**said, "last-modified": ""}


def _bare(text: str) -> str:
    for pattern in (CURSORS, TIMES, UUIDS):
        text = pattern.sub("*", text)
    return text


HIDDEN = [
    "of somebody they do not treat",
    "somebody they do not treat",
    "to a program that only writes",
    "a note",
    "of a visit kept closer",
    "of another practice",
    "outside of the scopes",
]


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_hidden_is_answered_like_what_is_not_there(chart: Chart, cases: Cases, name: str) -> None:
    case, own = cases[name], str(chart.stage.patient.id)
    nothing = str(uuid4())
    nobody = nothing if case.kind == "Patient" else str(uuid4())
    hidden = asks(chart, case.kind, case.id, case.whose or own)
    absent = asks(chart, case.kind, nothing, nobody if case.whose else own)
    differ = []
    for asked, instead in zip(hidden, absent, strict=True):
        found, missing = told(case.program, asked), told(case.program, instead)
        if found != missing:
            differ.append((asked[0], asked[1], asked[2], found, missing))
    assert not differ, "\n\n".join(map(str, differ))
    with chart.client() as system:
        assert system.get(f"/{case.kind}/{case.id}").json()["meta"]["versionId"] == "1"


def test_every_address_that_names_something_is_asked(chart: Chart) -> None:
    seen = {
        (route.method, route.path)
        for kind in ("Observation", "Patient")
        for method, path, _json, _headers in asks(chart, kind, str(uuid4()), str(uuid4()))
        for route, _places in [route_of(Request(method=method, path=_parts(path)))]
    }
    named: Callable[[str], bool] = lambda path: path not in BESIDE and not path.endswith("/$export")  # noqa: E731 - said once
    assert {(each.method, each.path) for each in ROUTES if named(each.path)} - seen == {
        ("DELETE", "/$export/{id}")  # as GET of it
    }


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.partition("?")[0].split("/") if part)

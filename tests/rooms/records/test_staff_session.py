"""Somebody signed in reads the chart from our own pages as they may there; a cookie changes nothing."""

from collections.abc import Callable

import httpx
import pytest
from django.test import Client
from rooms.records.chart import Chart
from rooms.records.documents.test_notes_in_the_chart import note_in_the_chart

from teleward.access.models import Person
from teleward.access.operations.sessions import COOKIE
from teleward.kernel.ids import new_id

OURS = {"sec-fetch-site": "same-origin"}
Asks = Callable[..., httpx.Response]


@pytest.fixture
def asks(chart: Chart, signed_in: Callable[[Person], Client]) -> Asks:
    """The answer to a browser in which this person is signed in."""

    def ask(method: str, path: str, who: Person, **how: object) -> httpx.Response:
        cookie = f"{COOKIE}={signed_in(who).cookies[COOKIE].value}"
        headers = {"cookie": cookie, **OURS, **how.pop("headers", {})}  # type: ignore[dict-item]
        return httpx.request(method, f"{chart.url}/fhir{path}", headers=headers, timeout=60, **how)  # type: ignore[arg-type]

    return ask


@pytest.fixture
def observation(chart: Chart) -> str:
    chart.stage.visit_now()
    with chart.client() as program:
        return str(program.post("/Observation", json=chart.observation()).json()["id"])


def test_who_treats_the_patient_reads_and_who_does_not_is_refused(
    asks: Asks, chart: Chart, observation: str
) -> None:
    place = f"/Observation/{observation}"
    assert asks("GET", place, chart.stage.doctor).json()["id"] == observation
    for more in ("", "/_history/1", "/_history"):
        hidden = asks("GET", place + more, chart.stage.second)
        nothing = asks("GET", f"/Observation/{new_id()}{more}", chart.stage.second)
        assert (hidden.status_code, hidden.content) == (404, nothing.content), more


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_another_page_that_sends_the_cookie_along_gets_nothing(
    asks: Asks, chart: Chart, observation: str, site: str
) -> None:
    answer = asks("GET", f"/Observation/{observation}", chart.stage.doctor, headers={"sec-fetch-site": site})
    assert answer.status_code == 401


def test_a_cookie_changes_nothing(asks: Asks, chart: Chart, observation: str) -> None:
    place = f"/Observation/{observation}"
    assert asks("DELETE", place, chart.stage.doctor).status_code == 401
    assert asks("POST", "/Observation", chart.stage.doctor, json=chart.observation()).status_code == 401
    assert asks("GET", place, chart.stage.doctor).status_code == 200


def test_a_note_of_a_visit_is_no_document_for_who_may_not_read_notes(asks: Asks, chart: Chart) -> None:
    note, stage = note_in_the_chart(chart.stage), chart.stage
    search = f"/DocumentReference?patient={stage.patient.id}"
    places = (f"/DocumentReference/{note}", f"/DocumentReference/{note}/_history/1")
    for who, reads in ((stage.doctor, True), (stage.second, False)):
        assert {asks("GET", place, who).status_code for place in places} == {200 if reads else 404}
        found = asks("GET", search, who)
        assert "Augenklinik" in found.text
        assert (str(note) in found.text) is reads
    with chart.client("system/DocumentReference.rs") as program:
        assert program.get(places[0]).status_code == 200

"""A look that finds nothing new, nothing any more or nothing allowed stands in the list like any other."""

import httpx
import pytest
from rooms.records.chart import CATEGORY, Chart

from teleward.audit.queries import of_patient

LABORATORY = [{"coding": [{"system": CATEGORY, "code": "laboratory"}]}]
NARROW = "system/Observation.cruds?category=vital-signs"


@pytest.fixture
def kept(chart: Chart) -> str:
    """The place of an observation."""
    with chart.client() as client:
        return f"Observation/{client.post('/Observation', json=chart.observation()).json()['id']}"


def told(chart: Chart, since: int) -> list[tuple[str, str]]:
    """What became of it and what it was about, the oldest first."""
    entries = reversed(of_patient(patient=chart.stage.patient.id)[: count(chart) - since])
    return [(each.facts["outcome"], str(each.facts["detail"].get("resource", ""))) for each in entries]


def count(chart: Chart) -> int:
    return len(of_patient(patient=chart.stage.patient.id, most=1_000))


def test_a_look_at_what_is_known_already_or_was_removed_is_told(chart: Chart, kept: str) -> None:
    with chart.client() as client:
        before = count(chart)
        seen = client.get(f"/{kept}", headers={"if-none-match": 'W/"1"'})
        assert (seen.status_code, told(chart, before)) == (304, [("allow", kept)])
        assert client.delete(f"/{kept}").status_code == 204
        before = count(chart)
        assert (client.get(f"/{kept}").status_code, told(chart, before)) == (410, [("allow", kept)])


@pytest.mark.parametrize("way", ["create", "change"])
def test_what_a_program_may_not_write_is_told_as_refused(chart: Chart, kept: str, way: str) -> None:
    body = chart.observation(category=LABORATORY)
    with chart.client(NARROW) as narrow:
        before = count(chart)
        answer = sent(narrow, body, kept if way == "change" else "")
    assert answer.status_code in {403, 404}
    assert [outcome for outcome, _about in told(chart, before)] == ["deny"]


def sent(client: httpx.Client, body: dict[str, object], place: str) -> httpx.Response:
    if place:
        return client.put(f"/{place}", json={**body, "id": place.rpartition("/")[2]})
    return client.post("/Observation", json=body)

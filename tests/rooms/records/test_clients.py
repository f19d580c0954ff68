"""Clients that others wrote: fhirpy and fhirclient create, read, search, change, page and send bundles."""

from typing import Any

import pytest
from fhirclient.client import FHIRClient
from fhirclient.models.observation import Observation
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound
from rooms.records.chart import Chart

from teleward.kernel.ids import new_id


@pytest.fixture
def fhirpy(chart: Chart) -> SyncFHIRClient:
    return SyncFHIRClient(f"{chart.url}/fhir", authorization=f"Bearer {chart.token()}")


def test_fhirpy_creates_reads_changes_and_removes(fhirpy: SyncFHIRClient, chart: Chart) -> None:
    made = fhirpy.resource(**_named(chart.observation()))
    made.save()
    again = fhirpy.reference("Observation", made.id).to_resource()
    assert again["valueQuantity"]["value"] == 72
    again["status"] = "amended"
    again.save()
    again.refresh()
    assert (again["status"], again["meta"]["versionId"]) == ("amended", "2")
    again.delete()
    with pytest.raises((ResourceNotFound, OperationOutcome)):
        fhirpy.reference("Observation", made.id).to_resource()


def test_fhirpy_searches_counts_and_pages(fhirpy: SyncFHIRClient, chart: Chart) -> None:
    mark = f"urn:uuid:{new_id()}"
    for _ in range(5):
        fhirpy.resource(**_named(chart.observation(identifier=[{"system": mark, "value": "1"}]))).save()
    wanted = fhirpy.resources("Observation").search(identifier=f"{mark}|1", patient=chart.patient)
    assert wanted.count() == 5
    assert len({each.id for each in wanted.limit(2).fetch_all()}) == 5
    assert len(wanted.sort("-date").limit(3).fetch()) == 3
    with pytest.raises(OperationOutcome):
        fhirpy.resources("Observation").search(nothing="1").fetch()


def test_fhirpy_sends_a_transaction(fhirpy: SyncFHIRClient, chart: Chart) -> None:
    entries = [
        {"resource": chart.observation(), "request": {"method": "POST", "url": "Observation"}} for _ in "ab"
    ]
    answer = fhirpy.execute(
        "", "post", data={"resourceType": "Bundle", "type": "transaction", "entry": entries}
    )
    assert [each["response"]["status"] for each in answer["entry"]] == ["201 Created", "201 Created"]


def test_fhirclient_creates_reads_changes_and_searches(chart: Chart) -> None:
    smart = FHIRClient(settings={"app_id": "tests", "api_base": f"{chart.url}/fhir"})
    smart.server.session.headers["Authorization"] = f"Bearer {chart.token()}"
    smart.prepare()
    made = Observation(chart.observation()).create(smart.server)
    assert made is not None
    read = Observation.read(made["id"], smart.server)
    assert (read.status, read.valueQuantity.value) == ("final", 72)
    read.status = "amended"
    read.update(smart.server)
    wanted = Observation.where({"patient": chart.patient, "status": "amended"})
    assert made["id"] in [each.id for each in wanted.perform_resources_iter(smart.server)]


def _named(body: dict[str, Any]) -> dict[str, Any]:
    return {"resource_type" if name == "resourceType" else name: value for name, value in body.items()}

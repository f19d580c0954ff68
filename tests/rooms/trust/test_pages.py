"""The pages of the window and of the desk, asked for over HTTP with real sessions."""

import re
from collections.abc import Iterator

import pytest
from django.test import override_settings
from stage.everybody import House, everybody

from teleward.access.models import Merge, Patient
from teleward.trust.models import ErasureRequest

pytestmark = pytest.mark.django_db
PAGES = ("", "consents/", "sharing/", "sharing/new/", "kept/", "erasure/", "export/", "accesses/?data=note")


@pytest.fixture
def house() -> Iterator[House]:
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        yield everybody()


def test_a_patient_walks_through_their_page_lets_somebody_in_and_takes_everything_along(house: House) -> None:
    patient, other = house.browsers["patient"](), house.browsers["other-patient"]()
    assert {page: patient.get(f"/window/{page}").status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
    paper = patient.post("/window/export/pdf/")
    assert paper.content.startswith(b"%PDF")
    assert "no-store" in paper["Cache-Control"]
    kinds = {
        entry["resource"]["resourceType"] for entry in patient.post("/window/export/fhir/").json()["entry"]
    }
    assert {"Patient", "Organization", "AuditEvent"} <= kinds

    shown = patient.post("/window/sharing/new/", {"label": "Hanna", "scope": "ledger"})
    link = re.search(r"/window/access/[\w-]+/", shown.content.decode())
    assert link
    assert other.get(link[0]).status_code == 200
    opened = other.post(link[0])["Location"]
    assert "Ayşe" in other.get(opened).content.decode()
    assert other.get(f"{opened}accesses/").status_code == 200
    assert other.get(link[0]).content != shown.content

    card = re.search(r"/window/sharing/[\w-]+/withdrawal/", patient.get("/window/sharing/").content.decode())
    assert card
    assert patient.post(card[0]).status_code == 302
    assert other.get(opened).status_code == 403


def test_without_its_script_the_page_never_says_that_it_was_checked(house: House) -> None:
    page = house.browsers["patient"]().get("/window/accesses/").content.decode()
    states = dict(re.findall(r'data-state="(\w+)"( hidden)?>', page))
    assert [state for state, hidden in states.items() if not hidden] == ["scriptless"]
    assert {"sealed", "waiting", "wrong", "unable", "unreachable"} <= set(states)


def test_the_officer_reads_a_request_for_erasure_and_answers_it(house: House) -> None:
    officer, address = house.browsers["privacy-officer"](), f"/erasures/{house.ids['erasure']}/"
    page = officer.get(address).content.decode()
    assert "Nachbarin" in page
    assert "There are earlier files" not in page
    kept = ErasureRequest.objects.get(id=house.ids["erasure"]).patient
    gone = Patient.objects.filter(organisation=kept.organisation_id).exclude(id=kept.id)[0]
    Merge.objects.create(organisation_id=kept.organisation_id, kept=kept, gone=gone, why="document")
    page = officer.get(address).content.decode()
    assert "There are earlier files" in page
    assert f'href="/patients/{gone.id}/"' in page
    assert officer.post(address, {"erase": [], "words": ""}).status_code == 422
    assert officer.post(address, {"erase": [], "words": "Das Gesetz verlangt es."}).status_code == 302
    assert "Das Gesetz verlangt es." in house.browsers["patient"]().get("/window/kept/").content.decode()
    naming = officer.post("/objections/naming/", {"shows": "roles"})
    assert naming.status_code == 302

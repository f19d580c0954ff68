"""The administrator's pages of other systems, and the panel beside the call."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.test import override_settings
from fakes.systems import PLACE, System, outcome
from stage.deliveries import deliver_all
from stage.elsewhere import connection_to
from stage.visits import Stage, person

from teleward.access.models import Person, Role
from teleward.audit.queries.chains import of_patient
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.records.connections.known import KINDS
from teleward.records.models import Connection, Outgoing, Pause
from teleward.records.operations.sending import send_due

pytestmark = pytest.mark.usefixtures("db", "plain_files")
TYPED = {
    "name": "Praxissystem Nord",
    "address": f"{PLACE}/",
    "set-client_id": "teleward",
    "sends": ["Encounter", "Appointment"],
}


@pytest.fixture
def plain_files() -> Iterator[None]:
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        yield


@pytest.fixture
def admin(stage: Stage, signed_in: Callable[[Person], Browser]) -> Browser:
    return signed_in(person(stage.practice, "Mara Lind", "administrator"))


@pytest.fixture
def stuck(stage: Stage, system: System, connection: UUID) -> Outgoing:
    system.patients.clear()
    visit = stage.visit()
    deliver_all(Event.VISIT_BOOKED, visit=visit.id)
    deliver_all(Event.RESOURCE_KEPT)
    send_due(connection=connection)
    return Outgoing.objects.get()


def text(browser: Browser, path: str, *, status: int = 200) -> str:
    answer = browser.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    return answer.content.decode()


def test_an_administrator_connects_a_system_and_reads_what_the_other_side_needs(
    admin: Browser, system: System, settings: LazySettings
) -> None:
    answer = admin.post("/systems/new/fhir/", TYPED)
    made = Connection.objects.get()
    assert answer["Location"] == f"/systems/{made.id}/"
    assert (made.address, made.settings["sends"]) == (PLACE, ["Appointment", "Encounter"])
    page = text(admin, answer["Location"])
    assert f"{settings.ORIGIN}/systems/{made.id}/keys/" in page
    (key,) = Browser().get(f"/systems/{made.id}/keys/").json()["keys"]
    assert (key["kty"], key["crv"], key["use"], "d" in key) == ("EC", "P-384", "sig", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("address", ""), ("address", "http://nord.example/fhir"), ("address", "ftp://x/")],
    ids=["no-name", "no-address", "no-tls", "other-scheme"],
)
def test_what_is_typed_wrongly_is_asked_about_again(
    admin: Browser, system: System, field: str, value: str
) -> None:
    answer = admin.post("/systems/new/fhir/", {**TYPED, field: value})
    assert (answer.status_code, Connection.objects.count()) == (422, 0)
    assert f'id="id_{field}_error"' in answer.content.decode() or f"{field}_error" in answer.content.decode()


def test_a_test_says_in_a_sentence_whether_it_works_and_asks_about_nobody(
    admin: Browser, system: System, connection: UUID
) -> None:
    english = {"Accept-Language": "en"}
    works = admin.post(f"/systems/{connection}/test/", headers=english).content.decode()
    assert "It works." in works
    assert not [each for each in system.asked if b"A123456780" in (each.body or b"")]
    system.trouble = lambda _question: outcome(403)
    fails = admin.post(f"/systems/{connection}/test/", headers=english).content.decode()
    assert "does not allow this" in fails


def test_the_list_of_what_is_stuck_names_nobody_and_it_is_sent_again(
    admin: Browser, system: System, stuck: Outgoing, stage: Stage
) -> None:
    page = text(admin, f"/systems/{stuck.connection_id}/")
    assert "Nobody there has this patient" in page
    assert not [word for word in ("Demir", "Ayşe", "A123456780", str(stage.patient.id)) if word in page]
    system.patients["A123456780"] = ["17"]
    assert admin.post(f"/systems/stuck/{stuck.id}/send/").status_code == 302
    send_due(connection=stuck.connection_id)
    assert "Nothing is stuck." in text(admin, f"/systems/{stuck.connection_id}/")


def test_giving_up_asks_why(admin: Browser, stuck: Outgoing) -> None:
    path = f"/systems/stuck/{stuck.id}/leave/"
    assert "Give up" in text(admin, path)
    assert admin.post(path, {"why": ""}).status_code == 422
    assert admin.post(path, {"why": "Liegt auf Papier vor"}).status_code == 302
    assert admin.get(path).status_code == 404


def test_pausing_asks_why_and_going_on_makes_all_due(admin: Browser, connection: UUID, stage: Stage) -> None:
    path = f"/systems/{connection}/"
    assert admin.post(f"{path}pause/", {"why": ""}).status_code == 422
    assert admin.post(f"{path}pause/", {"why": "Umzug"}).status_code == 302
    assert "Umzug" in text(admin, path)
    assert admin.post(f"{path}resume/").status_code == 302
    assert Pause.objects.get().ended_at <= now()


def test_only_an_administrator_connects_and_the_privacy_officer_sees_it(
    stage: Stage, signed_in: Callable[[Person], Browser], connection: UUID
) -> None:
    officer = signed_in(person(stage.practice, "Pia Sommer", "privacy-officer"))
    doctor = signed_in(stage.doctor)
    assert "Praxissystem Nord" in text(officer, "/systems/")
    assert [who.post("/systems/new/fhir/", TYPED).status_code for who in (officer, doctor)] == [403, 403]
    assert doctor.get("/systems/").status_code == 403


def test_the_panel_shows_what_is_held_there_with_its_age(
    stage: Stage, signed_in: Callable[[Person], Browser], system: System, connection: UUID
) -> None:
    stage.visit_now()
    about = {"resourceType": "Condition", "id": "1", "subject": {"reference": "Patient/17"}}
    system.findings["Condition"] = [{**about, "code": {"text": "Meniskusriss"}}, {**about, "code": {}}]
    page = text(signed_in(stage.doctor), f"/patients/{stage.patient.id}/elsewhere/")
    said = ("Praxissystem Nord", "Meniskusriss", "Asked just now", "1 entry there could not be read")
    assert [word for word in said if word not in page] == []


def test_the_summary_asks_other_systems_only_where_there_are_any(
    stage: Stage, signed_in: Callable[[Person], Browser], system: System
) -> None:
    stage.visit_now()
    path, doctor = f"/patients/{stage.patient.id}/summary/", signed_in(stage.doctor)
    assert "elsewhere" not in text(doctor, path)
    connection_to(stage, PLACE)
    assert f'hx-get="/patients/{stage.patient.id}/elsewhere/"' in text(doctor, path)


@pytest.mark.parametrize("kind", ["fhir", "mllp"])
def test_each_thing_that_is_asked_for_has_a_field_and_a_hint_of_its_own(admin: Browser, kind: str) -> None:
    page = text(admin, f"/systems/new/{kind}/")
    fields = [field.name for field in KINDS[kind].fields]
    assert fields
    assert [
        name for name in fields if f'<input type="text" id="set-{name}" name="set-{name}"' not in page
    ] == []
    assert "Field(" not in page
    assert page.count("Patients read it where something was sent.") == 1


def test_whose_it_is_reads_only_who_may_see_the_patient_anyway_and_the_patient_is_told(
    stage: Stage, admin: Browser, signed_in: Callable[[Person], Browser], stuck: Outgoing
) -> None:
    address = f"/systems/{stuck.connection_id}/"
    shown = text(admin, address)
    assert "Demir" not in shown
    assert "Whose it is stands here for those who may see the patient." in shown
    assert listed(stage) == []
    Role.objects.create(person=stage.doctor, name="administrator")  # as in a practice of one
    shown = text(signed_in(stage.doctor), address)
    assert "Ayşe Demir" in shown
    assert "Whose it is stands here" not in shown
    assert listed(stage) == [stage.doctor.id]


def listed(stage: Stage) -> list[UUID]:
    """Who saw the patient's name in a list of what is stuck."""
    own = [entry.facts for entry in of_patient(patient=stage.patient.id)]
    seen = [each for each in own if (each["action"], each["outcome"]) == ("access:app:list", "listed")]
    return [UUID(each["actor_id"]) for each in seen]

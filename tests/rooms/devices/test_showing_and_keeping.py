"""A patient shows readings in a visit, stops, keeps some: what is kept is an Observation of that visit."""

import json
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client
from stage.deliveries import deliver_again, deliver_all
from stage.visits import HERE, Stage

from teleward.access.grants import NOBODY, SYSTEM, Action, authorise
from teleward.access.models import Standing
from teleward.access.operations.passes import claim_pass
from teleward.access.queries.passes import COOKIE
from teleward.access.queries.visits import subject_of_visit
from teleward.audit.queries.chains import of_patient
from teleward.consult.cards import VisitCard
from teleward.consult.models import Visit
from teleward.consult.operations.category import keep_visit_closer
from teleward.consult.operations.endings import end
from teleward.consult.operations.guests import add_guest, show_link
from teleward.consult.queries.guests import guests
from teleward.consult.queries.subjects import visit_subject
from teleward.consult.tasks import mark_missed_visits
from teleward.devices.models import Kept, Sharing, SharingEnd
from teleward.devices.operations.erasing import erase_readings
from teleward.kernel.clock import now
from teleward.kernel.events import Event
from teleward.records.models import Resource
from teleward.records.queries.resources import body_of

pytestmark = pytest.mark.django_db
PRESSURE = (("8480-6", "138"), ("8462-4", "88"))


@pytest.fixture
def visit(stage: Stage) -> VisitCard:
    return stage.visit_now()


def guest(stage: Stage, visit: VisitCard, role: str = "patient") -> Client:
    """The browser of somebody who has pressed their link."""
    inviting = stage.grant(Action.VISIT_INVITE, visit)
    if role != "patient":
        someone = add_guest(grant=inviting, visit=visit.id, role=role, name="Deniz", language="de")
    else:
        someone = guests(grant=inviting)[0].id
    token = show_link(grant=inviting, visit=visit.id, guest=someone).url.rstrip("/").rpartition("/")[2]
    grant = authorise(
        actor=NOBODY, action=Action.VISIT_CLAIM, subject=visit_subject(visit=visit.id), circumstances=HERE
    )
    client = Client(headers={"accept-language": "en"})
    client.cookies[COOKIE] = claim_pass(grant=grant, token=token).cookie
    return client


def reading(**changes: Any) -> dict[str, Any]:
    """A blood pressure as the patient's browser sends it."""
    usual = {
        "id": str(uuid4()),
        "kind": "blood-pressure",
        "sequence": 1,
        "source": "device",
        "measured_at": "2026-04-17T20:41:59Z",
        "received_at": now().isoformat(),
        "values": [{"code": code, "value": value, "unit": "mm[Hg]"} for code, value in PRESSURE],
        "device": {"maker": "Norda", "model": "Cuff 2", "serial": "A1"},
        "user": 1,
    }
    return {**usual, **changes}


def post(client: Client, address: str, body: object) -> Any:
    return client.post(
        address, json.dumps(body), content_type="application/json", headers={"accept": "application/json"}
    )


def shows(client: Client, *kinds: str) -> str:
    answer = post(client, "/devices/sharing/", {"kinds": kinds or ["blood-pressure"], "until": "end"})
    assert answer.status_code == 200, answer.content
    return str(answer.json()["sharing"])


def keeps(client: Client, sharing: str, *readings: object) -> list[dict[str, str]]:
    body = {"sharing": sharing, "pairing": str(uuid4()), "readings": readings}
    answer = post(client, "/devices/keep/", body)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["answers"])


def led(visit: VisitCard) -> list[dict[str, Any]]:
    """What the patient's chain says was done with readings, the oldest first."""
    entries = reversed(of_patient(patient=visit.patient))
    return [each.facts["detail"] for each in entries if each.facts["action"].startswith("devices:")]


def test_showing_and_stopping_stand_in_the_ledger_with_the_kinds(stage: Stage, visit: VisitCard) -> None:
    client = guest(stage, visit)
    sharing = shows(client, "blood-pressure", "weight")
    assert Sharing.objects.get().visit == visit.id
    assert post(client, f"/devices/sharing/{sharing}/stop/", {}).status_code == 200
    assert post(client, f"/devices/sharing/{sharing}/stop/", {}).status_code == 200
    assert SharingEnd.objects.get().why == "stopped"
    said = [(each["shared"], each["until"]) for each in led(visit) if "shared" in each]
    assert said == [(["blood-pressure", "weight"], "end")]
    assert [each["stopped"] for each in led(visit) if "stopped" in each] == [["blood-pressure", "weight"]]


def test_nobody_buries_the_record_in_readings(
    stage: Stage, visit: VisitCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleward.devices.operations.keeping.MOST_OF_VISIT", 2)
    client = guest(stage, visit)
    sharing = shows(client)
    keeps(client, sharing, reading(), reading())
    more = {"sharing": sharing, "pairing": str(uuid4()), "readings": [reading()]}
    assert post(client, "/devices/keep/", more).status_code == 413
    assert Kept.objects.count() == 2


def is_over(stage: Stage, visit: VisitCard) -> None:
    Visit.objects.filter(id=visit.id).update(state="in-call")
    ending = stage.grant(Action.VISIT_END, visit)
    end(grant=ending, visit=visit.id, disposition="completed", follow_up_offered=False)
    deliver_all(Event.VISIT_ENDED, visit=visit.id)


def test_the_end_of_the_visit_ends_what_is_shown(stage: Stage, visit: VisitCard) -> None:
    ended = shows(guest(stage, visit))
    shows(guest(stage, stage.visit_now()))  # which goes on
    is_over(stage, visit)
    deliver_again(Event.VISIT_ENDED)
    found = SharingEnd.objects.get()
    assert (str(found.sharing_id), found.why) == (ended, "ended")


def test_nobody_shows_anything_in_a_visit_that_was_missed(stage: Stage, visit: VisitCard) -> None:
    shows(guest(stage, visit))
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        mark_missed_visits(0)
    deliver_all(Event.VISIT_MISSED, visit=visit.id)
    assert SharingEnd.objects.get().why == "ended"


def test_a_second_clinician_by_a_link_gets_the_sheet_without_a_value_and_what_goes_on_in_this_visit_alone(
    stage: Stage, visit: VisitCard
) -> None:
    patient, colleague = guest(stage, visit), guest(stage, visit, role="clinician")
    sharing = shows(patient)
    shows(guest(stage, elsewhere := stage.visit_now()))
    page = colleague.get("/devices/watch/", headers={"HX-Request": "true"}).content.decode()
    told = json.loads(unescape(page.split('data-page="')[1].split('"')[0]))
    assert told["visit"] == str(visit.id)
    assert told["going"] == "/devices/watch/going/"
    assert not any(each["own"] for kind in told["kinds"].values() for each in kind["quantities"])
    assert colleague.get("/devices/watch/going/").json() == {"going": [sharing]}
    post(patient, f"/devices/sharing/{sharing}/stop/", {})
    assert colleague.get("/devices/watch/going/").json() == {"going": []}
    assert colleague.get("/devices/watch/").headers["location"] == "/visit/"
    assert colleague.get(f"/devices/beside/{elsewhere.id}/").status_code in {401, 403, 404}


def test_a_browser_that_stops_because_the_visit_is_over_is_no_stop_of_the_patients(
    stage: Stage, visit: VisitCard
) -> None:
    client = guest(stage, visit)
    sharing = shows(client)
    Standing.objects.filter(visit=visit.id).update(ended_at=now())
    post(client, f"/devices/sharing/{sharing}/stop/", {})
    is_over(stage, visit)
    ended = SharingEnd.objects.get()
    assert (ended.why, ended.by) == ("ended", None)


def test_nothing_is_shown_in_a_visit_that_was_called_off(stage: Stage, visit: VisitCard) -> None:
    client = guest(stage, visit)
    Standing.objects.filter(visit=visit.id).update(ended_at=now())
    answer = post(client, "/devices/sharing/", {"kinds": ["weight"], "until": "end"})
    assert (answer.status_code, answer.json()["code"]) == (410, "devices:visit-over")


@pytest.mark.parametrize("kinds", [[], ["x-ray"], ["weight", "x-ray"]], ids=["none", "unknown", "one"])
def test_what_cannot_be_measured_is_not_shown(stage: Stage, visit: VisitCard, kinds: list[str]) -> None:
    answer = post(guest(stage, visit), "/devices/sharing/", {"kinds": kinds, "until": "end"})
    assert (answer.status_code, answer.json()["code"]) == (400, "devices:nothing-to-share")


def test_a_relative_in_the_call_shows_and_keeps_nothing(stage: Stage, visit: VisitCard) -> None:
    sharing = shows(guest(stage, visit))
    relative = guest(stage, visit, role="relative")
    assert post(relative, "/devices/sharing/", {"kinds": ["weight"], "until": "end"}).status_code == 403
    body = {"sharing": sharing, "pairing": str(uuid4()), "readings": [reading()]}
    assert post(relative, "/devices/keep/", body).status_code == 403
    assert not Kept.objects.exists()


def test_what_is_kept_is_an_observation_with_its_device_and_provenance(
    stage: Stage, visit: VisitCard
) -> None:
    client = guest(stage, visit)
    (answer,) = keeps(client, shows(client), reading())
    assert answer["status"] == "kept"
    deliver_all(Event.READING_KEPT, visit=visit.id)
    grant = stage.of_patient(Action.RECORD_READ)
    found = body_of(grant=grant, kind="Observation", logical_id=UUID(answer["observation"]))
    assert found is not None
    body = json.loads(found.body)
    assert body["encounter"]["reference"] == f"Encounter/{visit.id}"
    assert body["subject"]["reference"] == f"Patient/{visit.patient}"
    values = {part["code"]["coding"][0]["code"]: part["valueQuantity"]["value"] for part in body["component"]}
    assert values == {"8480-6": 138, "8462-4": 88}
    device = body["device"]["reference"].removeprefix("Device/")
    assert Resource.objects.filter(type="Device", logical_id=device).exists()
    assert Resource.objects.filter(type="Provenance").count() == 1


def test_keeping_twice_keeps_once(stage: Stage, visit: VisitCard) -> None:
    client = guest(stage, visit)
    sharing, same = shows(client), reading()
    assert [each["status"] for each in keeps(client, sharing, same, same)] == ["kept", "already"]
    assert [each["status"] for each in keeps(client, sharing, same)] == ["already"]
    assert (Kept.objects.count(), [each["kept"] for each in led(visit) if "kept" in each]) == (1, [1, 0])


def test_each_reading_has_an_answer_of_its_own(stage: Stage, visit: VisitCard) -> None:
    client = guest(stage, visit)
    wrong_unit = reading(values=[{"code": "8480-6", "value": "18", "unit": "kPa"}])
    wild = reading(values=[{"code": "8480-6", "value": "1380", "unit": "mm[Hg]"}])
    yesterday = reading(received_at=(now() - timedelta(days=1)).isoformat())
    of_another_kind = reading(kind="weight", values=[{"code": "29463-7", "value": "70", "unit": "kg"}])
    wrong_clock = reading(measured_at="2099-01-01T00:00:00Z")
    sent = (wrong_unit, wild, yesterday, of_another_kind, {"id": "x"}, wrong_clock, reading())
    told = keeps(client, shows(client), *sent)
    assert [each.get("code", "") for each in told] == [
        "devices:unit-not-of-the-code",
        "devices:not-plausible",
        "devices:not-while-shared",
        "devices:kind-not-shared",
        "devices:unreadable",
        "devices:in-the-future",
        "",
    ]
    assert all(each["message"].endswith(".") for each in told[:-1])


def test_a_reading_of_another_visit_is_not_kept_in_this_one(stage: Stage, visit: VisitCard) -> None:
    other = stage.visit(starts_at=now() + timedelta(hours=1))
    sharing_elsewhere = shows(guest(stage, other))
    body = {"sharing": sharing_elsewhere, "pairing": str(uuid4()), "readings": [reading()]}
    assert post(guest(stage, visit), "/devices/keep/", body).status_code == 404
    assert not Kept.objects.exists()


def test_without_a_link_nothing_is_shown(client: Client) -> None:
    assert post(client, "/devices/sharing/", {"kinds": ["weight"], "until": "end"}).status_code == 401


def test_what_is_kept_lies_sealed(stage: Stage, visit: VisitCard) -> None:
    client = guest(stage, visit)
    keeps(client, shows(client), reading())
    assert b"138" not in bytes(Kept.objects.get().reading)


def test_after_erasure_nothing_says_what_was_shown(stage: Stage, visit: VisitCard) -> None:
    client = guest(stage, visit)
    keeps(client, shows(client), reading())
    subject = replace(subject_of_visit(visit=visit.id), kind="Erasure")
    grant = authorise(actor=SYSTEM, action=Action.ERASURE_ANSWER, subject=subject, circumstances=HERE)
    erase_readings(grant=grant)
    assert not Sharing.objects.exists()
    assert not Kept.objects.exists()


def test_the_patient_reads_afterwards_what_was_shown_and_kept(stage: Stage, visit: VisitCard) -> None:
    client = guest(stage, visit)
    assert "You showed none." in client.get("/devices/shown/").content.decode()
    sharing = shows(client)
    keeps(client, sharing, reading())
    post(client, f"/devices/sharing/{sharing}/stop/", {})
    page = " ".join(client.get("/devices/shown/").content.decode().split())
    assert "You stopped it." in page
    assert "You kept 1 reading in your record." in page
    assert 'href="/devices/shown/"' in client.get("/visit/receipt/").content.decode()


def test_of_a_visit_that_is_kept_closer_nothing_goes_into_the_record(stage: Stage, visit: VisitCard) -> None:
    closer = stage.grant(Action.NOTE_WRITE, visit)
    keep_visit_closer(grant=closer, visit=visit.id, category="mental-health")
    client = guest(stage, visit)
    (answer,) = keeps(client, shows(client), reading())
    assert (answer["status"], answer["code"]) == ("refused", "devices:kept-closer")
    assert not Kept.objects.exists()
    keep_visit_closer(grant=closer, visit=visit.id, category="")
    assert keeps(client, shows(client), reading())[0]["status"] == "kept"

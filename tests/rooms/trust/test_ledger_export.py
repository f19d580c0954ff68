"""The whole ledger of a practice as AuditEvents: all of it, nobody else's, and itself in the ledger."""

import gzip
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import RequestFactory
from rooms.audit.balp_rules import broken
from rooms.audit.conftest import entry_about

from teleward.access.grants import Action, Actor, ActorKind, Circumstances, Grant, Refused, Subject, authorise
from teleward.access.models import Organisation, Patient, Person
from teleward.audit.ledger import append
from teleward.audit.queries.events import events_of_patient
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.ids import new_id
from teleward.trust.queries.ledger_export import audit_events
from teleward.trust.views import ledger_export

pytestmark = pytest.mark.django_db
HERE = Circumstances(request_id="req", client_address="203.0.113.9", via="page")
SINCE, UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def practice() -> Organisation:
    return Organisation.objects.create(name="Praxis Münsterplatz", short_name="Münsterplatz", language="de")


@pytest.fixture
def officer(practice: Organisation) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        id=new_id(),
        organisation=practice.id,
        roles=frozenset({"privacy-officer"}),
        aal=2,
        authenticated_at=now(),
        managed=True,
        method="passkey",
    )


def patient_of(practice: Organisation) -> UUID:
    key = new_id()
    sealed = seal(patient=key, plaintext=b"{}", context="x")
    row = {"id": key, "organisation": practice, "given_name": "Ada", "family_name": "Osei"}
    return Patient.objects.create(**row, born_on="1961-04-02", contact=sealed).id


def ask(actor: Actor) -> Grant:
    about = Subject(kind="Organisation", id=actor.organisation, organisation=actor.organisation)
    return authorise(actor=actor, action=Action.LEDGER_EXPORT, subject=about, circumstances=HERE)


def exported(actor: Actor, since: datetime = SINCE, until: datetime = UNTIL) -> list[dict[str, Any]]:
    file, count = audit_events(grant=ask(actor), since=since, until=until)
    with file, gzip.open(file) as lines:
        events = [json.loads(line) for line in lines]
    assert len(events) == count
    return events


def ids(events: list[dict[str, Any]]) -> set[str]:
    return {event["id"] for event in events}


def test_everything_of_the_practice_is_in_it_and_keeps_the_rules(
    practice: Organisation, officer: Actor
) -> None:
    ada = patient_of(practice)
    wanted = {append(entry=entry_about(ada)).id for _ in range(3)}
    wanted.add(append(entry=entry_about(ada, outcome="deny")).id)
    wanted.add(append(entry=entry_about(None, actor_organisation=practice.id)).id)
    events = exported(officer)
    assert {str(one) for one in wanted} <= ids(events)
    assert [problem for event in events if "meta" in event for problem in broken(event)] == []
    own = next(event for event in events if event["type"]["code"] == "110106")
    assert own["agent"][2]["who"]["reference"] == f"Practitioner/{officer.id}"


def test_nothing_of_another_practice_is_in_it(practice: Organisation, officer: Actor) -> None:
    elsewhere = Organisation.objects.create(name="Elsewhere", short_name="Else")
    ada, ben = patient_of(practice), patient_of(elsewhere)
    mine = append(entry=entry_about(ada)).id
    theirs = {
        append(entry=entry_about(ben)).id,
        append(entry=entry_about(None, actor_organisation=elsewhere.id)).id,
    }
    found = ids(exported(officer))
    assert str(mine) in found
    assert not {str(one) for one in theirs} & found


def test_what_nobody_did_is_in_it_but_for_what_is_about_other_practices(
    practice: Organisation, officer: Actor
) -> None:
    elsewhere = Organisation.objects.create(name="Elsewhere", short_name="Else")
    stranger = Person.objects.create(organisation=elsewhere, name="Kim", email="kim@example.org")
    nobody = {"actor_kind": "Nobody", "actor_id": None, "actor_organisation": None, "subject_kind": "Person"}
    unknown = append(entry=entry_about(None, **nobody, subject_id=None)).id
    theirs = append(entry=entry_about(None, **nobody, subject_id=stranger.id)).id
    found = ids(exported(officer))
    assert (str(unknown) in found, str(theirs) in found) == (True, False)


def test_only_the_days_asked_for_are_in_it(practice: Organisation, officer: Actor) -> None:
    entry = append(entry=entry_about(patient_of(practice)))
    step = timedelta(microseconds=1)
    assert str(entry.id) in ids(exported(officer, entry.at, entry.at + step))
    assert str(entry.id) not in ids(exported(officer, entry.at + step, UNTIL))
    assert str(entry.id) not in ids(exported(officer, SINCE, entry.at))


def test_a_long_ledger_is_read_page_by_page(
    practice: Organisation, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teleward.audit.queries.events.MOST", 3)
    wanted = {str(append(entry=entry_about(patient_of(practice))).id) for _ in range(10)}
    assert wanted <= ids(exported(officer))


def test_a_patients_own_events_are_newest_first(practice: Organisation) -> None:
    ada = patient_of(practice)
    wanted = [str(append(entry=entry_about(ada)).id) for _ in range(3)]
    append(entry=entry_about(patient_of(practice)))
    events = list(events_of_patient(patient=ada, origin="https://practice.example"))
    assert [event["id"] for event in events] == wanted[::-1]
    assert [problem for event in events for problem in broken(event)] == []


@pytest.mark.parametrize(
    "change",
    [{"roles": frozenset({"administrator", "physician"})}, {"managed": False}, {"method": "", "aal": 1}],
)
def test_only_the_privacy_officer_at_a_browser_of_the_practice_gets_it(
    officer: Actor, change: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        ask(replace(officer, **change))


def test_the_page_hands_the_file_over_and_says_in_the_ledger_how_much(
    practice: Organisation, officer: Actor, rf: RequestFactory
) -> None:
    today = now().date()
    days = {"first": today - timedelta(days=2), "last": today + timedelta(days=1)}
    request = rf.post("/ledger/export/", days)
    request.actor = officer  # type: ignore[attr-defined]  # what the middleware does
    answer = ledger_export.ledger_export(request)
    with closing(answer.file_to_stream):
        packed = b"".join(answer)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Cache-Control"] == "no-store"
    events = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    assert len(events) >= 1
    told = exported(officer)
    assert not ledger_export.PeriodForm({"first": "2026-11-02", "last": "2026-11-01"}).is_valid()
    assert sum(event["type"]["code"] == "110106" for event in told) >= 2

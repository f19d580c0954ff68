"""Decisions are decided again: as they were, and by policies that somebody proposes."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.members import practice

from teleward.access.grants import Action, Actor, ActorKind, Circumstances, Refused, Subject, authorise
from teleward.access.models import Patient, Person, Restriction, Standing
from teleward.access.policy import FOLDER, PoliciesInvalid, rules
from teleward.access.queries.policies import cases, load, policy_text, replay, why
from teleward.audit import queries
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id

HERE = Circumstances(request_id="req-1", client_address="203.0.113.9", via="page")
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Patient:
    return Patient.objects.create(
        organisation=practice(), given_name="Ada", family_name="Osei", born_on="1961-04-02", contact=b""
    )


@pytest.fixture
def doctor() -> Actor:
    person = Person.objects.create(organisation=practice(), email=f"{new_id()}@example.org", name="Jana")
    return Actor(
        kind=ActorKind.STAFF,
        id=person.id,
        organisation=practice().id,
        roles=frozenset({"physician"}),
        aal=2,
        authenticated_at=now(),
    )


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str, str], Path]:
    """The policies in force in another folder, with one text replaced."""

    def copy(old: str, new: str) -> Path:
        folder = tmp_path / "policies"
        shutil.copytree(FOLDER, folder)
        for path in folder.glob("*.cedar"):
            path.write_text(path.read_text().replace(old, new))
        return folder

    return copy


def _ask(doctor: Actor, action: Action, patient: Patient) -> None:
    subject = Subject(kind="Patient", id=patient.id, organisation=patient.organisation_id, patient=patient.id)
    authorise(actor=doctor, action=action, subject=subject, circumstances=HERE)


def _has_visit(doctor: Actor, patient: Patient) -> None:
    Standing.objects.create(
        visit=new_id(),
        organisation_id=patient.organisation_id,
        patient=patient,
        staff_id=doctor.id,
        role="host",
        starts_at=now(),
        ends_at=now() + timedelta(minutes=20),
    )


def _kept(patient: Patient) -> list[dict[str, object]]:
    return [entry.facts for entry in reversed(queries.of_patient(patient=patient.id))]


def test_what_the_ledger_keeps_is_enough_to_decide_again(doctor: Actor, ada: Patient) -> None:
    with pytest.raises(Refused):
        _ask(doctor, Action.NOTE_READ, ada)
    _has_visit(doctor, ada)
    _ask(doctor, Action.NOTE_READ, ada)
    Restriction.objects.create(
        patient=ada, tier="closed", reason="at-risk", set_by_id=doctor.id, seconded_at=now()
    )
    with pytest.raises(Refused):
        _ask(doctor, Action.NOTE_READ, ada)
    kept = _kept(ada)
    assert [facts["policy"] for facts in kept] == ["", "p-appointment", "f-closed"]
    again = [why(facts=facts) for facts in kept]
    assert [(each.allowed, each.policy) for each in again if each] == [
        (False, ""),
        (True, "p-appointment"),
        (False, "f-closed"),
    ]


def test_an_entry_names_the_dated_fact_it_rests_on_and_nothing_about_the_patients_health(
    doctor: Actor, ada: Patient
) -> None:
    _has_visit(doctor, ada)
    _ask(doctor, Action.NOTE_READ, ada)
    (facts,) = _kept(ada)
    detail = facts["detail"]
    assert isinstance(detail, dict)
    assert (detail["evidence"], detail["starts_at"][:10]) == ("appointment", now().date().isoformat())
    assert "Osei" not in json.dumps(facts)


def test_a_stricter_policy_shows_whom_it_would_have_refused(
    doctor: Actor, ada: Patient, copied: Callable[[str, str], Path]
) -> None:
    _has_visit(doctor, ada)
    for _ in range(3):
        _ask(doctor, Action.NOTE_READ, ada)
    stricter = load(
        folder=copied('resource.standing.contains("appointment")', 'resource.standing.contains("host")')
    )
    found = replay(decisions=_kept(ada), by=stricter)
    (changed,) = found.differences
    assert (changed.was_allowed, changed.would_be_allowed, changed.times) == (True, False, 3)
    assert (changed.before, changed.after) == ("p-appointment", "nobody")
    assert found.decided == 3


def test_the_same_policies_change_nothing(
    doctor: Actor, ada: Patient, copied: Callable[[str, str], Path]
) -> None:
    _has_visit(doctor, ada)
    _ask(doctor, Action.PATIENT_READ, ada)
    found = replay(decisions=_kept(ada), by=load(folder=copied("never written", "never written")))
    assert (found.decided, found.differences, found.permissions) == (1, [], [])


def test_what_a_role_may_do_is_compared_as_well(copied: Callable[[str, str], Path]) -> None:
    wider = load(folder=copied('principal.roles.contains("researcher")', "principal.active"))
    changed = {(then.role, then.action) for _now, then in replay(decisions=[], by=wider).permissions}
    assert ("billing", Action.COUNT_ASK) in changed
    assert ("researcher", Action.COUNT_ASK) not in changed


def test_entries_from_before_facts_were_kept_are_counted_apart(doctor: Actor, ada: Patient) -> None:
    _has_visit(doctor, ada)
    _ask(doctor, Action.NOTE_READ, ada)
    (facts,) = _kept(ada)
    found = replay(decisions=[{**facts, "detail": {}}], by=rules())
    assert (found.decided, found.unknown) == (0, 1)


def test_policies_that_do_not_fit_say_so(copied: Callable[[str, str], Path], tmp_path: Path) -> None:
    with pytest.raises(PoliciesInvalid, match="schema"):
        load(folder=tmp_path)
    with pytest.raises(PoliciesInvalid, match="careteam"):
        load(folder=copied("resource.standing.contains", "resource.careteam.contains"))


def test_a_case_that_does_not_hold_is_named(copied: Callable[[str, str], Path]) -> None:
    wrong = copied('@id("p-appointment")', '@id("p-renamed")')
    broken = [case for case in cases(by=load(folder=wrong)) if not case.holds]
    assert {(case.expect, case.got) for case in broken} == {("p-appointment", "p-renamed")}


def test_a_policy_is_shown_as_it_stands_in_its_file() -> None:
    assert policy_text(policy="p-breakglass").startswith("// Emergency access")
    assert "forbid" not in policy_text(policy="p-breakglass")

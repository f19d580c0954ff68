"""Lists by policy: one query, nobody on them who should not be, and never a row the engine would refuse."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from stage.visits import Stage

from teleward.access.grants import Action, Actor, ActorKind
from teleward.access.lists import ListDiffers, NotListed, condition
from teleward.access.models import Kinship, Patient, Person, Restriction, Standing
from teleward.access.policy import PoliciesInvalid, loading, rules
from teleward.access.queries import lists
from teleward.access.queries.lists import authorised
from teleward.access.queries.patients import ROW, patients
from teleward.audit.queries import of_patient
from teleward.consult.queries.visits import day
from teleward.kernel.clock import now
from teleward.kernel.ids import new_id


def listed(stage: Stage, by: Person) -> list[str]:
    return [card.family_name for card in patients(grant=stage.grant(Action.PATIENT_LIST, by=by))]


def restrict(stage: Stage, tier: str = "restricted") -> None:
    two = {"set_by": stage.second, "seconded_by": stage.doctor, "seconded_at": now()}
    Restriction.objects.create(patient_id=stage.patient.id, tier=tier, reason="request", **two)


def tie(stage: Stage, person: Person, kind: str) -> None:
    dates = {"starts_at": now(), "ends_at": now() + timedelta(hours=1)}
    Standing.objects.create(
        kind=kind,
        source=new_id(),
        organisation=stage.practice,
        patient_id=stage.patient.id,
        staff=person,
        **dates,
    )


def test_the_desk_finds_every_patient_of_the_practice_and_no_other(stage: Stage, stranger: Person) -> None:
    Patient.objects.create(
        organisation=stranger.organisation, given_name="A", family_name="Fremd", born_on="1980-01-01"
    )
    assert listed(stage, stage.desk) == ["Demir"]


def test_a_restricted_person_is_on_no_list_but_of_those_who_treat_them(stage: Stage) -> None:
    restrict(stage)
    assert listed(stage, stage.desk) == listed(stage, stage.doctor) == []
    tie(stage, stage.doctor, "appointment")
    assert listed(stage, stage.doctor) == ["Demir"]
    assert listed(stage, stage.desk) == []


def test_an_emergency_opens_no_list(stage: Stage) -> None:
    restrict(stage)
    tie(stage, stage.doctor, "glass")
    assert listed(stage, stage.doctor) == []


def test_a_closed_record_is_on_the_list_of_the_care_team_only(stage: Stage) -> None:
    restrict(stage, "closed")
    tie(stage, stage.doctor, "appointment")
    tie(stage, stage.second, "team")
    assert listed(stage, stage.doctor) == []
    assert listed(stage, stage.second) == ["Demir"]


def test_nobody_finds_themselves_or_their_family(stage: Stage) -> None:
    Patient.objects.filter(id=stage.patient.id).update(person=stage.doctor)
    Kinship.objects.create(
        person=stage.second, patient_id=stage.patient.id, relation="sibling", told_at=now()
    )
    assert listed(stage, stage.doctor) == listed(stage, stage.second) == []
    assert listed(stage, stage.desk) == ["Demir"]


def test_a_restricted_persons_visit_is_in_the_day_of_its_host_and_in_no_other_eyes(stage: Stage) -> None:
    visit = stage.visit_now()
    restrict(stage)

    def seen(by: Person) -> list[object]:
        grant = stage.grant(Action.VISIT_LIST, by=by)
        rows = day(grant=grant, host=stage.doctor.id, day=visit.starts_at.date(), zone="UTC")
        return [row.visit.id for row in rows]

    assert seen(stage.doctor) == [visit.id]
    assert seen(stage.desk) == []


def test_a_list_is_one_query(stage: Stage) -> None:
    grant = stage.grant(Action.PATIENT_LIST, by=stage.desk)
    grant.must_cover(Action.PATIENT_LIST)
    with CaptureQueriesContext(connection) as asked:
        rows = list(authorised(Patient.objects.all(), grant=grant, action=Action.PATIENT_LIST, row=ROW))
    assert [row.id for row in rows] == [stage.patient.id]
    assert len(asked) == 1


def test_no_value_is_written_into_the_text_of_the_condition(stage: Stage) -> None:
    grant = stage.grant(Action.PATIENT_LIST, by=stage.desk)
    rows = authorised(Patient.objects.all(), grant=grant, action=Action.PATIENT_LIST, row=ROW)
    text, values = rows.query.sql_with_params()
    assert str(stage.practice.id) not in text
    assert stage.practice.id in values


def test_a_row_that_the_engine_refuses_stops_the_whole_list(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    restrict(stage)
    monkeypatch.setattr(lists, "condition", lambda **_asked: True)
    with caplog.at_level(logging.ERROR), pytest.raises(ListDiffers):
        listed(stage, stage.desk)
    assert "1 of 1 rows" in caplog.text
    assert "Demir" not in caplog.text
    assert str(stage.patient.id) not in caplog.text


def test_standing_in_a_list_is_told_apart_from_being_opened(stage: Stage) -> None:
    listed(stage, stage.desk)
    told = of_patient(patient=stage.patient.id)[0]
    assert (told.facts["outcome"], told.facts["action"]) == ("listed", "access:patient:list")


@pytest.mark.parametrize("kind", [ActorKind.GUEST, ActorKind.CLIENT])
def test_somebody_with_a_pass_and_a_program_have_no_lists(kind: ActorKind) -> None:
    somebody = Actor(kind=kind, id=new_id(), organisation=new_id(), visit=new_id())
    with pytest.raises(NotListed):
        condition(actor=somebody, action=Action.VISIT_LIST, row=ROW, at=now())


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ('resource.tier like "c*"', "like about the resource"),
        ("resource.standing.isEmpty()", "isEmpty about the resource"),
        ('resource.standing == ["own"]', "comparing resource.standing"),
        ("resource.tier == resource.category", "comparing the resource with itself"),
        ("principal.roles.containsAny(resource.standing)", "comparing the resource with itself"),
        ("principal.aal + 1 > 2", "+, which can fail"),
        ("resource == principal", "something else of the resource than an attribute"),
    ],
)
def test_a_policy_that_no_list_can_ask_for_does_not_load(
    monkeypatch: pytest.MonkeyPatch, says: str, why: str
) -> None:
    texts = loading.texts()
    head = texts["6-lists.cedar"].split("permit", maxsplit=1)[0].replace("p-listed-patient", "p-planted")
    scope = 'permit (principal is Staff, action == Action::"access:patient:read", resource is Patient)'
    planted = texts | {"9.cedar": f"{head}{scope} when {{ {says} }};"}
    monkeypatch.setattr(loading, "texts", lambda _folder=None: planted)
    with pytest.raises(PoliciesInvalid) as refused:
        rules.__wrapped__()
    assert "p-planted" in str(refused.value)
    assert why in str(refused.value)

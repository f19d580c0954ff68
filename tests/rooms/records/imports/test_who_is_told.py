"""An import tells who is a patient here no further than a list would, and no line of it ends the others."""

from collections.abc import Callable
from datetime import date

import pytest
from fakes.members import listening
from stage.bringing import MRN, PATIENT, admin, allergy, bring, chart, counts, left, ndjson
from stage.visits import HERE, Stage, person

from teleward.access.grants import Action, Grant, authorise
from teleward.access.models import Deactivation, Kinship, Patient, Person, Restriction
from teleward.access.operations.identifiers import give_identifier
from teleward.access.operations.merging import merge
from teleward.access.operations.patients import register_patient
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import PatientCard, patient_subject
from teleward.kernel.clock import now
from teleward.records.imports.outcomes import Outcome, Reason
from teleward.records.models import Current, Import
from teleward.records.operations import imports

Hides = Callable[[Stage, Person], object]


def restricted(stage: Stage, _who: Person) -> None:
    known = {"patient_id": stage.patient.id, "reason": "request", "set_by": stage.doctor}
    Restriction.objects.create(tier="restricted", **known)


def closed(stage: Stage, _who: Person) -> None:
    agreed = {"set_by": stage.doctor, "seconded_by": stage.second, "seconded_at": now()}
    Restriction.objects.create(tier="closed", patient_id=stage.patient.id, reason="at-risk", **agreed)


def own(stage: Stage, who: Person) -> None:
    Patient.objects.filter(id=stage.patient.id).update(person=who)


def family(stage: Stage, who: Person) -> None:
    Kinship.objects.create(patient_id=stage.patient.id, person=who, relation="child", told_at=now())


@pytest.mark.parametrize("hides", [restricted, closed, own, family])
def test_whom_no_list_shows_to_them_is_told_as_nobody_and_has_it_in_the_ledger(
    numbered: Stage, monkeypatch: pytest.MonkeyPatch, hides: Hides
) -> None:
    who = person(numbered.practice, "Ada Admin", "administrator")
    hides(numbered, who)
    heard = listening(monkeypatch)
    found = left(numbered, bring(numbered, ndjson(PATIENT, allergy())))
    assert [(line.outcome, line.reason) for line in found] == [(Outcome.WAITS, Reason.NO_PATIENT)] * 2
    assert chart_is_empty(numbered)
    (told,) = [entry for entry in heard if entry.patient == numbered.patient.id]
    assert (told.outcome, told.actor_id, told.action) == ("deny", who.id, "access:patient:list")


def chart_is_empty(stage: Stage) -> bool:
    return not Current.objects.filter(type="AllergyIntolerance", patient=stage.patient.id).exists()


def test_who_is_found_by_a_bare_number_has_it_in_the_ledger(
    numbered: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = listening(monkeypatch)
    brought = bring(numbered, ndjson(PATIENT))
    assert [line.reason for line in left(numbered, brought)] == [Reason.MATCHED]
    (told,) = [entry for entry in heard if entry.patient == numbered.patient.id]
    assert (told.outcome, told.action) == ("listed", "access:patient:list")
    by = Import.objects.get(id=brought).by
    assert told.detail == {"import": str(brought), "brought_by": str(by)}


def another(stage: Stage) -> PatientCard:
    creating = system_grant(action=Action.PATIENT_CREATE, organisation=stage.practice.id)
    named = {"given_name": "Ayse", "family_name": "Demir", "language": "de"}
    return register_patient(grant=creating, born_on=date(1979, 5, 3), **named)


def of(stage: Stage, patient: PatientCard, action: Action) -> Grant:
    about = patient_subject(patient=patient.id)
    return authorise(actor=stage.actor(stage.desk), action=action, subject=about, circumstances=HERE)


def shares_the_number(stage: Stage) -> PatientCard:
    """Another patient of the practice; somebody gave them the same number."""
    two = another(stage)
    giving = system_grant(
        action=Action.PATIENT_CHANGE, organisation=None, subject=patient_subject(patient=two.id)
    )
    give_identifier(grant=giving, patient=two.id, system=MRN, value="4711")
    return two


def test_of_two_with_one_number_it_is_told_only_where_both_may_be_shown(numbered: Stage) -> None:
    shares_the_number(numbered)
    assert {line.reason for line in left(numbered, bring(numbered, ndjson(PATIENT)))} == {Reason.SHARED}
    restricted(numbered, numbered.desk)
    assert {line.reason for line in left(numbered, bring(numbered, ndjson(PATIENT)))} == {Reason.NO_PATIENT}


def test_who_works_here_no_more_is_told_of_nobody(numbered: Stage) -> None:
    brought = imports.bring_import(grant=admin(numbered), content=ndjson(PATIENT), source="Praxis Meier")
    who = Person.objects.get(name="Ada Admin")
    Deactivation.objects.create(person=who)
    imports.carry_out(brought=brought)
    Person.objects.filter(id=who.id).update(name="Ada Gone")  # another one reads the report
    assert [line.reason for line in left(numbered, brought)] == [Reason.NO_PATIENT]


def test_brought_again_after_two_files_became_one_it_ends_and_says_where_it_stands(numbered: Stage) -> None:
    bring(numbered, ndjson(PATIENT, allergy()))
    kept = another(numbered)
    merging = of(numbered, kept, Action.PATIENT_MERGE)
    merge(grant=merging, kept=kept.id, gone=numbered.patient.id, why="number")
    again = bring(numbered, ndjson(PATIENT, allergy(), allergy("a2")))
    assert Import.objects.get(id=again).done_at
    assert counts(numbered, again) == {Outcome.LEFT: 2, Outcome.KEPT: 1}
    assert left(numbered, again)[1].reason == Reason.ANOTHERS
    assert len(chart(numbered, "AllergyIntolerance")) == 1


def test_one_that_fails_is_told_and_the_others_are_kept(
    numbered: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keep = imports.keep

    def fails_once(**asked: object) -> int:
        if "Knieschmerz" in str(asked["resource"]):
            raise RuntimeError("Knieschmerz")
        return keep(**asked)  # type: ignore[arg-type]  # as it was asked

    monkeypatch.setattr(imports, "keep", fails_once)
    content = ndjson(PATIENT, allergy("a1", note=[{"text": "Knieschmerz"}]), allergy("a2"))
    brought = bring(numbered, content)
    assert counts(numbered, brought) == {Outcome.LEFT: 1, Outcome.REFUSED: 1, Outcome.KEPT: 1}
    assert left(numbered, brought)[1].reason == Reason.FAULT
    assert "RuntimeError" in caplog.text
    assert "Knieschmerz" not in caplog.text


OF = '"subject":{"reference":"Patient/p1"}'
ODD = (
    '{"resourceType":"AllergyIntolerance","id":"\\ud800","patient":{"reference":"Patient/p1"}}',
    '{"resourceType":"\\u0000","id":"x",' + OF + "}",
    '{"resourceType":"Condition",' + OF + ',"x":' + "9" * 40 + "}",
    '{"resourceType":"DocumentReference",' + OF + ',"a":' + "[" * 800 + "]" * 800 + "}",
    '{"resourceType":"Patient","id":"h","identifier":[{"system":"' + MRN + '","value":"\\ud800"}]}',
)


def test_whatever_a_line_holds_the_import_ends_and_the_file_is_gone(numbered: Stage) -> None:
    brought = bring(numbered, b"\n".join([ndjson(PATIENT), *map(str.encode, ODD), ndjson(allergy())]))
    row = Import.objects.get(id=brought)
    assert (bool(row.done_at), bytes(row.file)) == (True, b"")
    assert counts(numbered, brought)[Outcome.KEPT] == 1
    assert sum(counts(numbered, brought).values()) == len(ODD) + 2

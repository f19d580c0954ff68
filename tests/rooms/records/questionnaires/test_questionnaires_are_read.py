"""The practice's own questionnaires, no other's and no patient's; answers as people read them."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from stage.visits import Stage, practice

from teleward.access.grants import Action, Grant
from teleward.access.operations.people import system_grant
from teleward.access.queries.patients import patient_subject
from teleward.kernel.clock import now
from teleward.kernel.errors import NotFound
from teleward.kernel.ids import new_id
from teleward.records.models import Current
from teleward.records.operations.questionnaires import keep_questionnaire
from teleward.records.operations.versions import keep_text
from teleward.records.queries.questionnaires import (
    form,
    questionnaire,
    questionnaires,
    said,
    with_more,
    words_of,
)

Json = dict[str, Any]
ITEM: Json = {"linkId": "a", "type": "string", "text": "Seit wann?", "required": True}


def kept(grant: Grant, title: str = "Knie", language: str = "de", **more: Any) -> UUID:
    body: Json = {
        "resourceType": "Questionnaire",
        "status": "active",
        "item": [ITEM],
        "title": title,
        "language": language,
    }
    body |= more
    return keep_questionnaire(grant=grant, text=msgspec.json.encode(body).decode())


@pytest.fixture
def changing(stage: Stage) -> Grant:
    return system_grant(action=Action.FORM_CHANGE, organisation=stage.practice.id)


def titles(stage: Stage) -> list[tuple[str, str]]:
    return [(card.title, card.language) for card in questionnaires(practice=stage.practice.id)]


def test_a_questionnaire_of_another_practice_is_not_there(stage: Stage, changing: Grant) -> None:
    theirs = practice("Nebenan").id
    own, other = kept(changing), kept(system_grant(action=Action.FORM_CHANGE, organisation=theirs), "Fremd")
    assert titles(stage) == [("Knie", "de")]
    assert questionnaire(practice=stage.practice.id, named=own).title == "Knie"
    for version in (None, 1):
        with pytest.raises(NotFound):
            questionnaire(practice=stage.practice.id, named=other, version=version)


def test_questionnaires_come_by_title_whatever_its_case_and_then_by_language(
    stage: Stage, changing: Grant
) -> None:
    for title, language in (("knie", "de"), ("Zahn", "de"), ("Arm", "tr"), ("Arm", "de")):
        kept(changing, title, language)
    named = {"resourceType": "Questionnaire", "id": str(new_id()), "status": "active", "name": "Bein"}
    keep_text(grant=changing, kind="Questionnaire", body=msgspec.json.encode(named | {"language": "de"}))
    expected = [("Arm", "de"), ("Arm", "tr"), ("Bein", "de"), ("knie", "de"), ("Zahn", "de")]
    assert titles(stage) == expected


def test_what_is_no_questionnaire_or_is_of_a_patient_or_was_removed_is_not_offered(
    stage: Stage, changing: Grant
) -> None:
    patients, gone, place = kept(changing, "Of one"), kept(changing, "Gone"), new_id()
    body: Json = {"resourceType": "Location", "id": str(place), "name": "Haus 3"}
    keep_text(grant=changing, kind="Location", body=msgspec.json.encode(body))
    Current.objects.filter(logical_id=patients).update(patient=stage.patient.id)
    Current.objects.filter(logical_id=gone).update(removed_at=now())
    assert titles(stage) == []
    with pytest.raises(NotFound):
        questionnaire(practice=stage.practice.id, named=place)


def test_what_stands_in_the_chart_of_a_patient_is_none_of_the_practice(stage: Stage) -> None:
    about, named = patient_subject(patient=stage.patient.id), new_id()
    grant = system_grant(action=Action.RECORD_WRITE, organisation=stage.practice.id, subject=about)
    body = {"resourceType": "Questionnaire", "id": str(named), "status": "active", "title": "Eins"}
    keep_text(grant=grant, kind="Questionnaire", body=msgspec.json.encode(body))
    assert titles(stage) == []
    with pytest.raises(NotFound):
        questionnaire(practice=stage.practice.id, named=named)


def test_a_draft_of_one_that_may_not_be_sent_yet_is_not_offered(stage: Stage, changing: Grant) -> None:
    named = kept(changing, status="draft")
    assert not questionnaire(practice=stage.practice.id, named=named).is_offered


def test_what_is_missing_is_said_only_once_it_is_handed_in(stage: Stage, changing: Grant) -> None:
    card = questionnaire(practice=stage.practice.id, named=kept(changing))
    told = [form(card=card, typed={}, handed_in=each).fields[0].wrong for each in (False, True)]
    assert [bool(each) for each in told] == [False, True]


@pytest.mark.parametrize(
    ("typed", "wanted", "expected"),
    [
        ({"a1": ["x"]}, "", {"a1": ["x"]}),
        ({}, "1", {"a1": ["", ""]}),
        ({"a1": ["x"]}, "1", {"a1": ["x", ""]}),
        ({"n2": ["3"]}, "2", {"n2": ["4"]}),
        ({"n2": ["x"]}, "2", {"n2": ["1"]}),
        ({"n2": ["9999"]}, "2", {"n2": ["1"]}),
    ],
)
def test_one_more_is_one_more_whatever_was_typed(typed: Json, wanted: str, expected: Json) -> None:
    assert with_more(typed=typed, wanted=wanted) == expected


def test_answers_are_read_in_order_with_what_lies_below_them() -> None:
    below = {"linkId": "c", "answer": [{"valueInteger": 2}]}
    answer = {"valueBoolean": True, "item": [below]}
    group = {"linkId": "a", "text": "Knie", "item": [{"linkId": "b", "text": "Wo?", "answer": [answer]}]}
    found = said(response=msgspec.json.encode({"item": [group, {"linkId": "d", "text": "Ende"}]}))
    lines = [(line.depth, line.label, line.answers) for line in found]
    assert lines == [(0, "Knie", ()), (1, "Wo?", ("yes",)), (2, "c", ("2",)), (0, "Ende", ())]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"valueCoding": {"code": "L", "display": "left"}}, "left"),
        ({"valueCoding": {"code": "L"}}, "L"),
        ({"valueQuantity": {"value": 5, "unit": "Stück", "code": "{n}"}}, "5 Stück"),
        ({"valueQuantity": {"value": 5, "code": "kg"}}, "5 kg"),
        ({"valueDate": "2026-11"}, "2026-11"),
        ({"valueDate": "2026-11-22"}, "22 November 2026"),
    ],
)
def test_an_answer_is_told_by_the_words_it_came_with(answer: Json, words: str) -> None:
    assert words_of(answer) == words

"""What the pages that build a questionnaire make of its JSON: what was changed, the rest as it was."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from rooms.records.questionnaires.test_any_questionnaire import questionnaires

from teleward.records.fhir.reading import read
from teleward.records.questionnaires.building.bodies import copied, published, reworded
from teleward.records.questionnaires.building.forms import About, QuestionForm, initial_of
from teleward.records.questionnaires.building.kinds import KINDS
from teleward.records.questionnaires.building.options import OWN, relisted
from teleward.records.questionnaires.building.outline import (
    line_of,
    lines_of,
    moved,
    places,
    relocated,
    removed,
    where_of,
)
from teleward.records.questionnaires.building.question import Said, changed, hidden_of, said_of
from teleward.records.questionnaires.building.troubles import troubles_of
from teleward.records.questionnaires.building.whens import When
from teleward.records.questionnaires.building.wording import sentences
from teleward.records.questionnaires.shape import KINDS as ASKED

BOUNDED = settings(max_examples=40, deadline=None, database=None)
Json = dict[str, Any]
STRANGE: Json = {
    "extension": [{"url": "https://other.example/x", "valueDecimal": Decimal("1.50")}],
    "_text": {"extension": [{"url": "https://other.example/de", "valueString": "Wie?"}]},
    "prefix": "1)",
    "definition": "https://other.example/definition",
}
LEAST, MOST = (f"http://hl7.org/fhir/StructureDefinition/{name}Value" for name in ("min", "max"))
DAY = date(2026, 11, 22)
write = msgspec.json.Encoder(decimal_format="number").encode


def questionnaire(*items: Json, **more: Any) -> Json:
    return {
        "resourceType": "Questionnaire",
        "status": "active",
        "title": "Fragen",
        "item": list(items),
        **more,
    }


def item(link: str, kind: str = "string", **more: Any) -> Json:
    return {"linkId": link, "type": kind, "text": link, **more}


def coded(*codes: str, system: str = "urn:x") -> list[Json]:
    return [{"valueCoding": {"system": system, "code": each, "display": each}} for each in codes]


def saved(body: Json, link: str, **typed: str) -> Json:
    """The item after its page was sent as it was shown, but for what is typed."""
    lines = lines_of(body)
    line = next(each for each in lines if each.link == link)
    before = said_of(line.item, lines)
    everywhere = [(where, where) for where, _line in places(body, line.key)]
    about = About(before=before, places=everywhere, has_items=bool(line.item.get("item")))
    fields = {**initial_of(before, where_of(body, line.key)), **typed}
    data = QueryDict(mutable=True)
    data.update(
        {name: "on" if value is True else str(value) for name, value in fields.items() if value != ""}
    )
    for name in ("required", "repeats"):
        if not fields[name]:
            data.pop(name, None)
    form = QuestionForm(data, initial=initial_of(before, ""), about=about)
    assert form.is_valid(), form.errors
    return changed(line.item, form.said(before.whens), lines)[0]


@BOUNDED
@given(questionnaires(), st.booleans())
def test_a_page_that_is_sent_as_it_was_shown_changes_nothing(body: Json, strange: bool) -> None:
    for line in lines_of(body) if strange else ():
        line.item.update(STRANGE)
    for line in lines_of(body):
        assert saved(body, line.link) == line.item


@BOUNDED
@given(questionnaires(), st.data())
def test_moving_keeps_every_question_and_what_is_moved_there_and_back_is_as_before(
    body: Json, data: st.DataObject
) -> None:
    line = data.draw(st.sampled_from(lines_of(body)))
    home = where_of(body, line.key)
    away = relocated(body, line.key, data.draw(st.sampled_from(places(body, line.key)))[0])
    assert sorted(each.link for each in lines_of(away)) == sorted(each.link for each in lines_of(body))
    back = relocated(away, line.key, home)
    if all(each.item.get("item") for each in lines_of(away) if each.kind == "group"):
        assert back == body
    if not line.is_first:
        assert moved(moved(body, line.key, -1), line.key, 1) == body


def test_a_group_is_never_offered_a_place_inside_of_itself() -> None:
    inner = item("h", "group", item=[item("x")])
    body = questionnaire(item("g", "group", item=[inner]), item("y"))
    lines = {line.link: line for line in lines_of(body)}
    assert [where for where, _line in places(body, lines["g"].key)] == ["first", f"after:{lines['y'].key}"]
    assert relocated(body, lines["g"].key, f"in:{lines['h'].key}") == body


def test_changing_one_thing_leaves_what_no_page_shows() -> None:
    own = item("a", "integer", **STRANGE, readOnly=True)
    own["extension"] = [*own["extension"], {"url": LEAST, "valueInteger": 0}]
    new = saved(questionnaire(own), "a", most="10", text="Wie viel?")
    assert new["extension"] == [*own["extension"], {"url": MOST, "valueInteger": 10}]
    assert {name: new[name] for name in ("_text", "prefix", "definition", "readOnly")} == {
        name: own[name] for name in ("_text", "prefix", "definition", "readOnly")
    }
    assert new["text"] == "Wie viel?"
    assert saved(questionnaire(new), "a", most="", text="a") == own
    assert saved(questionnaire(own | {"required": True}), "a", required="") == own
    assert hidden_of(own, lines_of(questionnaire(own))) == ("_text", "prefix", "definition", "readOnly", "x")


def test_another_kind_takes_with_it_what_belonged_to_the_old_one() -> None:
    body = questionnaire(
        item("a", "choice", answerOption=coded("x"), initial=[{"valueString": "x"}], prefix="1")
    )
    assert saved(body, "a", kind="string") == item("a", prefix="1")


def test_an_answer_with_the_same_words_is_the_same_wherever_it_stands() -> None:
    before = [{**each, "extension": STRANGE["extension"]} for each in coded("a", "b", "c")]
    after = relisted(before, ["c", "a", "new"])
    assert after[:2] == [before[2], before[0]]
    assert after[2]["valueCoding"]["system"] == OWN
    assert after[2]["valueCoding"]["code"] not in {"a", "b", "c"}


def test_better_words_for_an_answer_of_ours_keep_its_code_also_in_conditions() -> None:
    own = coded("a-1", "a-2", system=OWN)
    waits = {"question": "a", "operator": "=", "answerCoding": own[1]["valueCoding"]}
    body = questionnaire(item("a", "choice", answerOption=own), item("b", enableWhen=[waits]))
    body["item"][0] = saved(body, "a", options="a-1\nRechts")
    after = reworded(body)
    assert after["item"][0]["answerOption"][1]["valueCoding"]["code"] == "a-2"
    assert after["item"][1]["enableWhen"][0]["answerCoding"]["display"] == "Rechts"
    assert troubles_of(after, read("Questionnaire", write(after))) == ()


CONDITIONS = [
    ("boolean", "=", "true", {"operator": "=", "answerBoolean": True}),
    ("boolean", "absent", "", {"operator": "exists", "answerBoolean": False}),
    ("integer", ">=", "7", {"operator": ">=", "answerInteger": 7}),
    ("decimal", "<", "36,50", {"operator": "<", "answerDecimal": Decimal("36.50")}),
    ("date", ">", "1.2.2026", {"operator": ">", "answerDate": "2026-02-01"}),
    ("time", "<=", "8:30", {"operator": "<=", "answerTime": "08:30:00"}),
    ("text", "!=", "nein", {"operator": "!=", "answerString": "nein"}),
    ("choice", "=", "1", {"operator": "=", "answerCoding": coded("b")[0]["valueCoding"]}),
]


@pytest.mark.parametrize(("kind", "operator", "value", "expected"), CONDITIONS, ids=str)
def test_a_row_says_what_enable_when_says(kind: str, operator: str, value: str, expected: Json) -> None:
    first = item("a", kind, **({"answerOption": coded("a", "b")} if kind == "choice" else {}))
    body = questionnaire(first, item("b"))
    one, two = lines_of(body)
    row = When(question=one.key, operator=operator, value=value)
    new, wrong = changed(two.item, Said(kind="string", text="b", whens=(row,)), (one, two))
    assert (new["enableWhen"], wrong) == ([{"question": "a", **expected}], {})
    body["item"][1] = new
    assert said_of(new, (one, two)).whens[0].operator == operator
    assert saved(body, "b") == new


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (When(), "no-question"),
        (When(question="a", operator=">"), "no-operator"),
        (When(question="a", operator="="), "no-value"),
        (When(question="a", operator="=", value="9"), "no-option"),
    ],
    ids=["nothing", "no-side", "no-answer", "no-such-answer"],
)
def test_a_row_that_says_nothing_yet_is_told_why(row: When, code: str) -> None:
    lines = lines_of(questionnaire(item("a", "choice", answerOption=coded("x")), item("b")))
    named = When(question=lines[0].key if row.question else "", operator=row.operator, value=row.value)
    _item, wrong = changed(lines[1].item, Said(kind="string", text="b", whens=(named,)), lines)
    assert wrong == {0: code}


def test_conditions_and_troubles_are_said_with_the_number_of_the_question() -> None:
    waits = {"question": "g1", "operator": "=", "answerCoding": coded("b")[0]["valueCoding"]}
    inside = item("g1", "choice", answerOption=coded("a", "b"))
    body = questionnaire(item("g", "group", item=[inside]), item("z", enableWhen=[waits]), item("e", "group"))
    lines = lines_of(body)
    with translation.override("de"):
        assert sentences(lines[2], lines) == ["Frage 1.1 ist „b“"]
    inside["answerOption"] = coded("a")
    found = troubles_of(body, read("Questionnaire", write(body)))
    with translation.override("en"):
        assert [(trouble.line.number, str(trouble.words)[:25]) for trouble in found if trouble.line] == [
            ("2", "It waits for an answer th"),
            ("3", "The group is empty. Put a"),
        ]
    gone = removed(body, lines[1].key)
    assert [trouble.line.number for trouble in troubles_of(gone, read("Questionnaire", write(gone)))] == [
        "1",
        "2",
        "3",
    ]


def test_a_copy_is_one_of_its_own_and_a_version_is_named_as_answers_name_it() -> None:
    body = questionnaire(
        item("a"), url="urn:x", version="2026-11", id="1", meta={"versionId": "7", "tag": [{"code": "t"}]}
    )
    copy = copied(body, "Zweite", "de")
    assert "url" not in copy
    assert (copy["derivedFrom"], copy["status"], copy["title"]) == (["urn:x"], "draft", "Zweite")
    new = json.loads(write(published(body, 3, DAY)))
    assert (new["version"], new["date"], new["meta"], new["url"]) == (
        "3",
        "2026-11-22",
        {"tag": [{"code": "t"}]},
        "urn:x",
    )


def test_everything_that_can_be_asked_can_be_built() -> None:
    assert set(KINDS) == ASKED


def test_a_line_that_is_gone_is_not_found() -> None:
    body = questionnaire(item("a"), item("b"))
    key = lines_of(body)[0].key
    assert line_of(removed(body, key), key) is None

"""Which questions are asked: every operator, any and all, nested, in repetitions; against R4's own words."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.utils import translation

from teleward.records.fhir.reading import read
from teleward.records.queries.questionnaires import words_of
from teleward.records.questionnaires.responses import Filled, filled
from teleward.records.questionnaires.shape import faults_of

Json = dict[str, Any]


def questionnaire(*items: Json) -> Any:
    body: Json = {"resourceType": "Questionnaire", "status": "active", "title": "Fragen"}
    body |= {"item": list(items)} if items else {}
    return read("Questionnaire", msgspec.json.encode(body))


def item(link: str, kind: str = "string", **more: Any) -> Json:
    return {"linkId": link, "type": kind, **({} if kind == "group" else {"text": link}), **more}


def when(question: str, operator: str, **answer: Any) -> Json:
    return {"question": question, "operator": operator, **answer}


def asked(found: Filled) -> list[str]:
    return [node.link for node in found.tree.nodes() if node in found.asked]


def is_asked(kind: str, typed: list[str], operator: str, **answer: Any) -> bool:
    """Whether a second question is asked, with this typed in the first."""
    options = [{"valueCoding": {"system": "urn:x", "code": code}} for code in "abc"]
    first = item("first", kind, repeats=True, **({"answerOption": options} if kind == "choice" else {}))
    both = questionnaire(first, item("second", enableWhen=[when("first", operator, **answer)]))
    return "second" in asked(filled(both.item, {"a0": typed, "u0": ["kg"] * len(typed)}))


CODE = {"answerCoding": {"system": "urn:x", "code": "b"}}
KILO = {"answerQuantity": {"value": 70, "unit": "kg"}}
POUND = {"answerQuantity": {"value": 70, "unit": "lb"}}


@pytest.mark.parametrize(
    ("kind", "typed", "operator", "answer", "expected"),
    [
        ("boolean", ["true"], "=", {"answerBoolean": True}, True),
        ("boolean", ["false"], "=", {"answerBoolean": True}, False),
        ("boolean", [], "=", {"answerBoolean": False}, False),
        ("boolean", [], "!=", {"answerBoolean": True}, True),
        ("boolean", [], "exists", {"answerBoolean": False}, True),
        ("boolean", ["true"], "exists", {"answerBoolean": True}, True),
        ("boolean", ["true"], "exists", {"answerBoolean": False}, False),
        ("integer", ["5"], ">", {"answerInteger": 4}, True),
        ("integer", ["5"], ">", {"answerInteger": 5}, False),
        ("integer", ["5"], ">=", {"answerInteger": 5}, True),
        ("integer", ["5"], "<", {"answerDecimal": 5.5}, True),
        ("integer", ["3", "9"], ">", {"answerInteger": 8}, True),
        ("integer", ["3", "9"], "!=", {"answerInteger": 9}, False),
        ("decimal", ["36,5"], "<=", {"answerDecimal": 36.5}, True),
        ("decimal", ["36,51"], "<=", {"answerDecimal": 36.5}, False),
        ("date", ["31.12.2025"], "<", {"answerDate": "2026-01-01"}, True),
        ("date", ["2026-01-01"], "<", {"answerDate": "2026-01-01"}, False),
        ("time", ["7:30"], "<", {"answerTime": "08:00:00"}, True),
        ("string", ["Zahn"], "=", {"answerString": "Zahn"}, True),
        ("string", ["zahn"], "=", {"answerString": "Zahn"}, False),
        ("choice", ["1"], "=", CODE, True),
        ("choice", ["0", "1"], "=", CODE, True),
        ("choice", ["0", "2"], "=", CODE, False),
        ("choice", ["0", "2"], "!=", CODE, True),
        ("choice", ["1"], ">", CODE, False),
        ("quantity", ["71"], ">", KILO, True),
        ("quantity", ["71"], ">", POUND, False),
        ("quantity", ["70,0"], "=", KILO, True),
    ],
)
def test_each_operator_says_what_r4_says(
    kind: str, typed: list[str], operator: str, answer: Json, expected: bool
) -> None:
    assert is_asked(kind, typed, operator, **answer) is expected


@pytest.mark.parametrize(
    ("behavior", "typed", "expected"),
    [("any", {"a0": ["true"]}, True), ("all", {"a0": ["true"]}, False), ("any", {}, False)],
)
def test_several_conditions_hold_any_or_all(behavior: str, typed: Json, expected: bool) -> None:
    conditions = [when("x", "=", answerBoolean=True), when("y", "=", answerBoolean=True)]
    third = item("z", enableWhen=conditions, enableBehavior=behavior)
    whole = questionnaire(item("x", "boolean"), item("y", "boolean"), third)
    assert ("z" in asked(filled(whole.item, typed))) is expected


def test_what_is_not_asked_has_no_answer_for_others_though_it_was_typed() -> None:
    whole = questionnaire(
        item("smokes", "boolean"),
        item("how-many", "integer", enableWhen=[when("smokes", "=", answerBoolean=True)]),
        item("many", enableWhen=[when("how-many", ">", answerInteger=20)]),
    )
    typed = {"a0": ["true"], "a1": ["40"], "a2": ["viele"]}
    assert asked(filled(whole.item, typed)) == ["smokes", "how-many", "many"]
    stopped = filled(whole.item, typed | {"a0": ["false"]})
    assert asked(stopped) == ["smokes"]
    assert [each["linkId"] for each in stopped.items] == ["smokes"]


def test_a_group_that_is_not_asked_takes_everything_in_it_along() -> None:
    inner = item("deep", "group", item=[item("deeper", required=True)])
    whole = questionnaire(
        item("has", "boolean"),
        item("g", "group", item=[inner], enableWhen=[when("has", "=", answerBoolean=True)]),
    )
    assert asked(filled(whole.item, {"a1.0-0.0-0": ["x"]})) == ["has"]
    assert filled(whole.item, {}).wrong == {}
    assert filled(whole.item, {"a0": ["true"]}).wrong == {"1.0-0.0-0": "missing"}


def test_in_repetitions_the_answer_of_the_same_repetition_counts() -> None:
    inside = [
        item("drug"),
        item("daily", "boolean"),
        item("dose", enableWhen=[when("daily", "=", answerBoolean=True)]),
    ]
    whole = questionnaire(item("drugs", "group", repeats=True, item=inside))
    typed = {"n0": ["2"], "a0.0-1": ["true"], "a0.1-1": ["false"]}
    found = filled(whole.item, typed)
    assert [node.key for node in found.tree.nodes() if node in found.asked and node.link == "dose"] == [
        "0.0-2"
    ]


def test_what_lies_below_a_question_is_asked_once_that_is_answered() -> None:
    whole = questionnaire(item("hurts", "boolean", item=[item("where", required=True)]))
    assert asked(filled(whole.item, {})) == ["hurts"]
    answered = filled(whole.item, {"a0": ["true"], "a0.0-0": ["Knie"]})
    (said,) = answered.items
    assert said["answer"] == [
        {
            "valueBoolean": True,
            "item": [{"linkId": "where", "text": "where", "answer": [{"valueString": "Knie"}]}],
        }
    ]


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("integer", "zwei", "no-whole-number"),
        ("integer", "2147483648", "no-whole-number"),
        ("decimal", "NaN", "no-number"),
        ("decimal", "1e400", "no-number"),
        ("date", "31.02.2026", "no-date"),
        ("time", "25:00", "no-time"),
        ("boolean", "vielleicht", "no-option"),
        ("string", "x" * 501, "too-long"),
    ],
)
def test_what_cannot_be_read_says_why_and_is_kept_as_it_was_typed(kind: str, text: str, code: str) -> None:
    found = filled(questionnaire(item("x", kind)).item, {"a0": [text]})
    assert found.wrong == {"0": code}
    assert found.tree.top[0].raw == (text,)


@pytest.mark.parametrize(
    ("text", "code"), [("0", ""), ("10", ""), ("-1", "out-of-range"), ("11", "out-of-range")]
)
def test_a_number_stays_within_what_is_asked_for(text: str, code: str) -> None:
    place = "http://hl7.org/fhir/StructureDefinition"
    bounds = [
        {"url": f"{place}/minValue", "valueInteger": 0},
        {"url": f"{place}/maxValue", "valueInteger": 10},
    ]
    found = filled(questionnaire(item("x", "integer", extension=bounds)).item, {"a0": [text]})
    assert found.wrong.get("0", "") == code


def test_a_decimal_keeps_every_digit() -> None:
    found = filled(questionnaire(item("x", "decimal")).item, {"a0": ["5,40"]})
    assert found.items[0]["answer"] == [{"valueDecimal": Decimal("5.40")}]


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([], "empty"),
        ([item("a"), item("a")], "twice"),
        ([item("a", "attachment")], "no-field"),
        ([item("a", "choice")], "no-options"),
        ([{"linkId": "a", "type": "string"}], "no-text"),
        ([item("a", enableWhen=[when("b", "exists", answerBoolean=True)])], "no-question"),
        ([item("a"), item("b", enableWhen=[when("a", "=", answerInteger=1)])], "no-value"),
        ([item("a"), item("b", enableWhen=[when("a", "exists", answerBoolean=True)] * 2)], "any-or-all"),
        (
            [
                item("a", enableWhen=[when("b", "exists", answerBoolean=True)]),
                item("b", enableWhen=[when("a", "exists", answerBoolean=True)]),
            ],
            "circle",
        ),
    ],
)
def test_a_questionnaire_that_cannot_be_asked_here_is_told_why(items: list[Json], code: str) -> None:
    assert code in {found for found, _link in faults_of(questionnaire(*items))}


def test_a_group_whose_condition_lies_inside_of_it_is_a_circle() -> None:
    inside = item("g", "group", item=[item("a")], enableWhen=[when("a", "exists", answerBoolean=True)])
    assert "circle" in {code for code, _link in faults_of(questionnaire(inside))}


@pytest.mark.parametrize(
    ("language", "answer", "words"),
    [
        ("de", {"valueDate": "2026-11-01"}, "1. November 2026"),
        ("en", {"valueDate": "2026-11-01"}, "1 November 2026"),
        ("de", {"valueDate": "2026-11"}, "2026-11"),
        ("de", {"valueBoolean": False}, "nein"),
        ("de", {"valueDecimal": Decimal("36.50")}, "36,50"),
    ],
    ids=str,
)
def test_an_answer_reads_as_its_readers_write_it(language: str, answer: dict[str, Any], words: str) -> None:
    with translation.override(language):
        assert words_of(answer) == words

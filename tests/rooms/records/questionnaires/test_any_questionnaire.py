"""Properties over many questionnaires and whatever is typed into them; the starters among them."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import teleward.records
from teleward.records.fhir.reading import read
from teleward.records.questionnaires.checking import faults
from teleward.records.questionnaires.responses import filled
from teleward.records.questionnaires.shape import faults_of

BOUNDED = settings(max_examples=60, deadline=None, database=None)
STARTERS = sorted((Path(teleward.records.__file__).parent / "content/questionnaires").glob("*/*.json"))
LEAVES = (
    "boolean",
    "decimal",
    "integer",
    "date",
    "time",
    "string",
    "text",
    "choice",
    "open-choice",
    "quantity",
)
TEXTS = st.one_of(
    st.sampled_from(["", "true", "false", "0", "1", "2", "7,5", "2026-02-03", "3.2.2026", "08:15", "other"]),
    st.text(max_size=8),
)
OPTIONS = [{"valueCoding": {"system": "urn:x", "code": code, "display": code}} for code in "abc"]
write = msgspec.json.Encoder(decimal_format="number").encode


Made = list[tuple[str, str]]  # linkIds and types of the questions before
CONDITIONS = {
    "boolean": {"answerBoolean": True},
    "integer": {"answerInteger": 1},
    "decimal": {"answerDecimal": 1.5},
    "choice": {"answerCoding": {"code": "b"}},
    "string": {"answerString": "1"},
}


@st.composite
def questionnaires(draw: st.DrawFn) -> dict[str, Any]:
    """Up to a dozen items in up to three storeys, each with conditions on those before it."""
    items = grown(draw, [], 0)
    return {"resourceType": "Questionnaire", "status": "active", "title": "Fragen", "item": items}


def grown(draw: st.DrawFn, made: Made, depth: int) -> list[dict[str, Any]]:
    number = draw(st.integers(1, 2 if depth else 4))
    return [one(draw, made, depth) for _ in range(number)]


def one(draw: st.DrawFn, made: Made, depth: int) -> dict[str, Any]:
    link = f"q{len(made)}-{depth}"
    kind = draw(st.sampled_from(LEAVES if depth > 1 else ("group", *LEAVES)))
    item: dict[str, Any] = {"linkId": link, "type": kind, "text": link}
    item |= {"repeats": draw(st.booleans()), "required": draw(st.booleans())}
    if kind in {"choice", "open-choice"}:
        item["answerOption"] = OPTIONS
    if made and (before := draw(st.lists(st.sampled_from(made), max_size=2))):
        conditions = [condition(draw, *each) for each in before]
        item |= {"enableWhen": conditions, "enableBehavior": draw(st.sampled_from(["any", "all"]))}
    made.append((link, kind))
    return item | ({"item": grown(draw, made, depth + 1)} if kind == "group" else {})


def condition(draw: st.DrawFn, link: str, kind: str) -> dict[str, Any]:
    if kind not in CONDITIONS or draw(st.booleans()):
        return {"question": link, "operator": "exists", "answerBoolean": draw(st.booleans())}
    operator = draw(st.sampled_from(["=", "!=", ">", "<", ">=", "<="]))
    return {"question": link, "operator": operator, **CONDITIONS[kind]}


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Any, dict[str, list[str]]]:
    """A questionnaire, and what somebody sends for it: for its fields, and for fields it does not have."""
    whole: Any = read("Questionnaire", write(draw(questionnaires())))
    assume(not faults_of(whole))
    keys = [node.key for node in filled(whole.item, {}).tree.nodes()]
    typed = draw(
        st.dictionaries(
            st.sampled_from([f"{kind}{key}" for key in keys for kind in "auo"]), st.lists(TEXTS, max_size=2)
        )
    )
    counts = draw(st.dictionaries(st.sampled_from([f"n{key}" for key in keys]), st.lists(TEXTS, max_size=1)))
    return whole, typed | counts


@BOUNDED
@given(filled_in())
def test_what_is_handed_in_answers_the_questionnaire_and_is_fhir(
    case: tuple[Any, dict[str, list[str]]],
) -> None:
    whole, typed = case
    found = filled(whole.item, typed)
    response = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    body = write(response | ({"item": found.items} if found.items else {}))
    read("QuestionnaireResponse", body)
    complaints = faults(whole.item, msgspec.json.decode(body).get("item", []))
    assert [each for each in complaints if not each.startswith("missing ")] == []
    assert bool(complaints) is any(code == "missing" for code in found.wrong.values()) or set(
        found.wrong.values()
    ) - {"missing"}


@BOUNDED
@given(filled_in())
def test_nothing_that_is_not_asked_is_handed_in_or_asked_for(case: tuple[Any, dict[str, list[str]]]) -> None:
    whole, typed = case
    found = filled(whole.item, typed)
    shown = set(found.shown)
    assert set(found.wrong) <= shown
    links = {node.link for node in found.tree.nodes() if node.key in shown}
    assert {item["linkId"] for item in deep(found.items)} <= links


def deep(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every item of a response."""
    found = []
    for item in items:
        inner = [*item.get("item", []), *(i for a in item.get("answer", []) for i in a.get("item", []))]
        found += [item, *deep(inner)]
    return found


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_starter_is_fhir_and_can_be_asked_here(path: Path) -> None:
    whole: Any = read("Questionnaire", path.read_bytes())
    assert faults_of(whole) == ()
    assert whole.language == path.parent.name


def test_there_are_two_starters_in_each_language_with_the_same_questions() -> None:
    links: dict[str, list[list[str]]] = {}
    for path in STARTERS:
        whole: Any = read("Questionnaire", path.read_bytes())
        found = [node.link for node in filled(whole.item, {}).tree.nodes()]
        links.setdefault(path.stem, []).append(found)
    assert len(links) == 2
    assert all(one == other for one, other in links.values())


CASES = [
    ([{"linkId": "nowhere", "answer": [{"valueString": "x"}]}], "not-here nowhere"),
    ([{"linkId": "why", "answer": [{"valueInteger": 1}]}], "no-answer why"),
    ([{"linkId": "why", "answer": [{"valueString": "x"}, {"valueString": "y"}]}], "too-often why"),
    ([{"linkId": "more", "answer": [{"valueString": "x"}]}], "not-asked more"),
    ([{"linkId": "which", "answer": [{"valueCoding": {"code": "z"}}]}], "no-answer which"),
    ([{"linkId": "hurts", "answer": [{"valueBoolean": False}]}], "missing 0"),
]


@pytest.mark.parametrize(("said", "complaint"), CASES, ids=[complaint for _said, complaint in CASES])
def test_a_response_that_does_not_fit_is_told_where(said: list[dict[str, Any]], complaint: str) -> None:
    condition = {"question": "hurts", "operator": "=", "answerBoolean": True}
    items = [
        {"linkId": "why", "type": "string", "text": "?", "required": True},
        {"linkId": "hurts", "type": "boolean", "text": "?"},
        {"linkId": "more", "type": "string", "text": "?", "enableWhen": [condition]},
        {"linkId": "which", "type": "choice", "text": "?", "answerOption": OPTIONS},
    ]
    body = {"resourceType": "Questionnaire", "status": "active", "title": "t", "item": items}
    whole: Any = read("Questionnaire", write(body))
    assert complaint in faults(whole.item, said)

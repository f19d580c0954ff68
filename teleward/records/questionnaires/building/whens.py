"""'Only ask when …': FHIR's enableWhen as rows of a page, and back.

A row names an earlier question by its key, what has to be true of its answer, and the answer where one is
needed: `true` or `false`, the place of an answer to choose, or what is typed. What cannot be shown like that
is a row that only says which condition of before it keeps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.records.questionnaires.values import UNIT, NoAnswer, number, value_of

from .kinds import CHOICES, NUMBERS, SIDED
from .limits import extension, unit
from .options import answer_of, place_of
from .outline import Line

Json = dict[str, Any]
ABSENT = "absent"
SAME: dict[str, str | Promise] = {"=": _("is"), "!=": _("is not")}
MORE: dict[str, str | Promise] = {
    ">": _("is more than"),
    ">=": _("is at least"),
    "<": _("is less than"),
    "<=": _("is at most"),
}
LATER: dict[str, str | Promise] = {
    ">": _("is after"),
    ">=": _("is on or after"),
    "<": _("is before"),
    "<=": _("is on or before"),
}
SAID: dict[str, str | Promise] = {"exists": _("was answered"), ABSENT: _("was not answered")}
VALUES = {"boolean": "Boolean", "integer": "Integer", "decimal": "Decimal", "date": "Date", "time": "Time"}


@dataclass(frozen=True, kw_only=True)
class When:
    """One row. `kept` is the place of a condition of before that stays as it is."""

    question: str = ""
    operator: str = ""
    value: str = ""
    kept: int | None = None


class Unclear(ValueError):
    """A row says nothing that can be asked for; the text is a key of WRONG."""


WRONG = {
    "no-question": _("Choose the question that this depends on."),
    "no-operator": _("Choose what has to be true of the answer."),
    "no-value": _("Choose or enter the answer that it depends on."),
    "no-number": _("Enter a number, such as 36.5."),
    "no-whole-number": _("Enter a whole number, such as 5."),
    "no-date": _("Enter a real date, such as 24.12.2026."),
    "no-time": _("Enter a time, such as 08:30."),
    "too-long": _("This answer is too long."),
    "no-option": _("Choose one of the answers."),
}


def operators(kind: str) -> dict[str, str | Promise]:
    """What may be asked of an answer of this kind, in words."""
    sides = (LATER if kind in {"date", "time"} else MORE) if kind in SIDED else {}
    return SAME | sides | SAID


def row_of(condition: Json, place: int, lines: Mapping[str, Line]) -> When:
    """A condition as a row; `lines` are the questions by linkId."""
    line = lines.get(condition.get("question", ""))
    said = {name: value for name, value in condition.items() if name not in {"question", "operator"}}
    if line is None or len(said) != 1:
        return When(kept=place)
    ((name, value),) = said.items()
    row = _row(line, str(condition.get("operator")), name, value)
    return row or When(kept=place)


def _row(line: Line, operator: str, name: str, value: Any) -> When | None:  # noqa: ANN401 - of any type
    if operator == "exists" and isinstance(value, bool):
        return When(question=line.key, operator="exists" if value else ABSENT)
    words = _words(line.item, name, value) if operator in operators(line.kind) else None
    return None if words is None else When(question=line.key, operator=operator, value=words)


def _words(item: Json, name: str, value: Any) -> str | None:  # noqa: ANN401 - of any type
    """The value as it is typed or chosen, or None where there is no way to."""
    kind = item["type"]
    if kind in CHOICES:
        place = place_of(item.get("answerOption", []), name, value)
        return None if place is None else str(place)
    if kind == "quantity":
        held = value.get("value") if name == "answerQuantity" else None
        return None if held is None or value != _amount(item, held) else str(held)
    wanted = (
        {"answerInteger", "answerDecimal"} if kind in NUMBERS else {f"answer{VALUES.get(kind, 'String')}"}
    )
    if name not in wanted:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _amount(item: Json, value: Any) -> Json:  # noqa: ANN401 - a number
    coded = (extension(item, UNIT) or {}).get("valueCoding", {})
    named = {"unit": unit(item), "system": coded.get("system"), "code": coded.get("code")}
    return {"value": value} | {name: text for name, text in named.items() if text}


def rows_of(item: Json, lines: Mapping[str, Line]) -> list[When]:
    """All conditions of an item as rows."""
    return [row_of(each, place, lines) for place, each in enumerate(item.get("enableWhen", []))]


def conditions(rows: Sequence[When], item: Json, lines: Sequence[Line]) -> tuple[list[Json], dict[int, str]]:
    """The rows as enableWhen, and a code of WRONG for each row that says nothing yet.

    What says the same as before is kept as it was, with all that FHIR may hold beside it.
    """
    before = item.get("enableWhen", [])
    known = list(zip(rows_of(item, {each.link: each for each in lines}), before, strict=True))
    by_key = {line.key: line for line in lines}
    found: list[Json] = []
    wrong: dict[int, str] = {}
    for place, row in enumerate(rows):
        old = next((pair for pair in known if pair[0] == row), None)
        try:
            found.append(_condition(row, by_key) if old is None else old[1])
        except Unclear as why:
            wrong[place] = str(why)
        known = [pair for pair in known if pair is not old]
    return found, wrong


def _condition(row: When, lines: Mapping[str, Line]) -> Json:
    line = lines.get(row.question)
    if line is None:
        raise Unclear("no-question")
    if row.operator not in operators(line.kind):
        raise Unclear("no-operator")
    if row.operator in SAID:
        return {"question": line.link, "operator": "exists", "answerBoolean": row.operator == "exists"}
    name, value = _value(line.item, row.value)
    return {"question": line.link, "operator": row.operator, name: value}


def _value(item: Json, text: str) -> tuple[str, Any]:
    kind = item["type"]
    if not text.strip():
        raise Unclear("no-value")
    try:
        if kind in CHOICES:
            return _chosen(item, text)
        if kind == "quantity":
            return "answerQuantity", _amount(item, number(text.strip()))
        ((name, value),) = value_of(kind, text).items()
    except NoAnswer as why:
        raise Unclear(str(why)) from None
    return name.replace("value", "answer", 1), value


def _chosen(item: Json, text: str) -> tuple[str, Any]:
    options = item.get("answerOption", [])
    if not text.isdecimal() or len(text) > 4 or int(text) >= len(options):
        raise Unclear("no-option")
    return answer_of(options[int(text)])

"""What was typed as a value of FHIR, or why it is none."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any

from .nodes import Answer, Node, Typed

LONGEST = {"string": 500, "text": 5_000, "open-choice": 500}
MOST_DIGITS = 18
LEAST, MOST = (f"http://hl7.org/fhir/StructureDefinition/{name}Value" for name in ("min", "max"))
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
WHOLE = re.compile(r"[+-]?\d{1,10}")
GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::([0-5]\d))?")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
YEARS = range(1000, 10_000)


class NoAnswer(ValueError):
    """It cannot be read; the text is a code, a key of `showing.WRONG`."""


def fill(node: Node, typed: Typed) -> None:
    """Reads what was typed for one question into its answers; what is wrong stays as it was typed."""
    node.raw = tuple(typed.get(f"a{node.key}", ()))
    node.units = tuple(typed.get(f"u{node.key}", ()))
    node.other = next(iter(typed.get(f"o{node.key}", ())), "").strip()
    if node.item.type == "display":
        return
    if node.item.read_only:
        node.answers = [_given(each) for each in node.item.initial]
        return
    try:
        node.answers = _answers(node)
    except NoAnswer as why:
        node.wrong = str(why)


def _answers(node: Node) -> list[Answer]:
    kind, item = node.item.type, node.item
    if kind in {"choice", "open-choice"}:
        found = [_chosen(item, text) for text in node.raw if text not in {"", "other"}]
        if kind == "open-choice" and node.other and (item.repeats or not found):
            found.append({"valueString": _words(node.other, item)})
    elif kind == "quantity":
        found = [_quantity(node, n) for n, text in enumerate(node.raw) if text.strip()]
    else:
        found = [_READERS[kind](text.strip(), item) for text in node.raw if text.strip()]
    return found if item.repeats else found[:1]


def _chosen(item: Any, text: str) -> Answer:  # noqa: ANN401 - a QuestionnaireItem
    if not text.isdecimal() or len(text) > 4 or int(text) >= len(item.answer_option):
        raise NoAnswer("no-option")
    return _given(item.answer_option[int(text)])


def _given(option: Any) -> Answer:  # noqa: ANN401 - an answerOption or an initial value
    for name in ("coding", "string", "integer", "date", "time", "boolean", "decimal"):
        value = getattr(option, f"value_{name}", None)
        if value is not None:
            return {f"value{name.capitalize()}": coding(value) if name == "coding" else value}
    raise NoAnswer("no-option")


def coding(value: Any) -> Answer:  # noqa: ANN401 - a Coding
    """A Coding as JSON."""
    named = {"system": value.system, "code": value.code, "display": value.display}
    return {name: text for name, text in named.items() if text}


def unit_of(item: Any) -> Any:  # noqa: ANN401 - a Coding or None
    """The unit that the questionnaire gives to a quantity, or None where it is to be typed."""
    return next((each.value_coding for each in item.extension if each.url == UNIT), None)


def _quantity(node: Node, place: int) -> Answer:
    found: Answer = {"value": number(node.raw[place].strip())}
    given = unit_of(node.item)
    if given is not None:
        named = {"unit": given.display or given.code, "system": given.system, "code": given.code}
        return {"valueQuantity": found | {name: text for name, text in named.items() if text}}
    typed = node.units[place].strip() if place < len(node.units) else ""
    return {"valueQuantity": found | ({"unit": _words(typed, node.item)} if typed else {})}


def number(text: str) -> Decimal:
    """A number with a point or a comma, every digit kept. Raises NoAnswer."""
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise NoAnswer("no-number") from None
    if not found.is_finite() or len(text) > MOST_DIGITS or abs(found.adjusted()) > MOST_DIGITS:
        raise NoAnswer("no-number")
    return found


def within(item: Any, value: Decimal | int) -> bool:  # noqa: ANN401 - a QuestionnaireItem
    """Whether a number lies between the least and the most that the questionnaire takes, where it says so."""
    for each in item.extension:
        bound = each.value_integer if each.value_integer is not None else each.value_decimal
        if bound is not None and (
            (each.url == LEAST and value < bound) or (each.url == MOST and value > bound)
        ):
            return False
    return True


def value_of(kind: str, text: str) -> Answer:
    """One value of this type from what was typed, whatever a question may limit. Raises NoAnswer."""
    return _READERS[kind](text.strip(), SimpleNamespace(type=kind, extension=(), max_length=None))


def _decimal(text: str, item: Any) -> Answer:  # noqa: ANN401 - a QuestionnaireItem
    found = number(text)
    if not within(item, found):
        raise NoAnswer("out-of-range")
    return {"valueDecimal": found}


def _integer(text: str, item: Any) -> Answer:  # noqa: ANN401 - a QuestionnaireItem
    if not WHOLE.fullmatch(text) or not text.isascii() or not -(2**31) <= int(text) < 2**31:
        raise NoAnswer("no-whole-number")
    if not within(item, int(text)):
        raise NoAnswer("out-of-range")
    return {"valueInteger": int(text)}


def _boolean(text: str, _item: Any) -> Answer:  # noqa: ANN401 - a QuestionnaireItem
    if text not in {"true", "false"}:
        raise NoAnswer("no-option")
    return {"valueBoolean": text == "true"}


def _date(text: str, _item: Any) -> Answer:  # noqa: ANN401 - a QuestionnaireItem
    german = GERMAN_DAY.fullmatch(text)
    try:
        day = date(*(int(part) for part in reversed(german.groups()))) if german else date.fromisoformat(text)
    except ValueError:
        raise NoAnswer("no-date") from None
    if day.year not in YEARS:
        raise NoAnswer("no-date")
    return {"valueDate": day.isoformat()}


def _time(text: str, _item: Any) -> Answer:  # noqa: ANN401 - a QuestionnaireItem
    found = CLOCK.fullmatch(text) if text.isascii() else None
    if found is None:
        raise NoAnswer("no-time")
    return {"valueTime": f"{int(found[1]):02}:{found[2]}:{found[3] or '00'}"}


def _string(text: str, item: Any) -> Answer:  # noqa: ANN401 - a QuestionnaireItem
    return {"valueString": _words(text, item)}


def _words(text: str, item: Any) -> str:  # noqa: ANN401 - a QuestionnaireItem
    words = CONTROLS.sub("", text.replace("\r\n", "\n"))
    if len(words) > min(item.max_length or LONGEST["text"], LONGEST.get(item.type, 100)) or not words:
        raise NoAnswer("too-long" if words else "no-option")
    return words


_READERS: dict[str, Callable[[str, Any], Answer]] = {
    "boolean": _boolean,
    "decimal": _decimal,
    "integer": _integer,
    "date": _date,
    "time": _time,
    "string": _string,
    "text": _string,
}

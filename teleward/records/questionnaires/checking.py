"""Whether a QuestionnaireResponse answers its Questionnaire: places, types, options, what had to be said."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from .nodes import Answer, Node, Tree
from .responses import Filled, judged
from .values import LONGEST, coding, within

Json = dict[str, Any]


class NotAnAnswer(ValueError):
    """The response does not fit; the text is a code and the linkId."""


def faults(items: Sequence[Any], response: Sequence[Json]) -> tuple[str, ...]:
    """What is wrong with `QuestionnaireResponse.item`, empty where it answers these items."""
    try:
        tree = Tree(_grown(items, response, "", None))
    except NotAnAnswer as why:
        return (str(why),)
    found: Filled = judged(tree)
    unasked = [f"not-asked {node.link}" for node in tree.nodes() if node not in found.asked and node.answers]
    return (*unasked, *(f"{code} {key}" for key, code in found.wrong.items()))


def _grown(items: Sequence[Any], said: Sequence[Json], prefix: str, parent: Node | None) -> list[Node]:
    known = {item.link_id for item in items if item.type != "display"}
    for each in said:
        if each["linkId"] not in known:
            raise NotAnAnswer(f"not-here {each['linkId']}")
    return [
        _node(item, [each for each in said if each["linkId"] == item.link_id], f"{prefix}{place}", parent)
        for place, item in enumerate(items)
    ]


def _node(item: Any, said: list[Json], key: str, parent: Node | None) -> Node:  # noqa: ANN401 - a QuestionnaireItem
    node = Node(item=item, key=key, parent=parent)
    if len(said) > 1 and not (node.is_group and item.repeats):
        raise NotAnAnswer(f"too-often {item.link_id}")
    if node.is_group:
        inner = [each.get("item", []) for each in said] or [[]]
    else:
        node.answers = _answers(item, said)
        inner = [
            [deep for each in said for answer in each.get("answer", []) for deep in answer.get("item", [])]
        ]
    node.instances = [
        _grown(item.item, each, f"{key}.{n}-", node) for n, each in enumerate(inner) if item.item
    ]
    return node


def _answers(item: Any, said: list[Json]) -> list[Answer]:  # noqa: ANN401 - a QuestionnaireItem
    found = [{k: v for k, v in each.items() if k != "item"} for one in said for each in one.get("answer", [])]
    if len(found) > 1 and not item.repeats:
        raise NotAnAnswer(f"too-often {item.link_id}")
    for answer in found:
        if not _fits(item, answer):
            raise NotAnAnswer(f"no-answer {item.link_id}")
    return found


def _fits(item: Any, answer: Answer) -> bool:  # noqa: ANN401 - a QuestionnaireItem
    if len(answer) != 1:
        return False
    ((name, value),) = answer.items()
    if item.type in {"choice", "open-choice"}:
        return _is_option(item, name, value)
    wanted, right = _FITTING[item.type]
    fits = name == wanted and right(value) and _is_short(item, value)
    return bool(fits and (item.type not in {"integer", "decimal"} or within(item, value)))


def _is_option(item: Any, name: str, value: Any) -> bool:  # noqa: ANN401 - of any type
    if item.type == "open-choice" and name == "valueString" and isinstance(value, str):
        return _is_short(item, value)
    attribute = f"value_{name.removeprefix('value').lower()}"
    options = [getattr(option, attribute, None) for option in item.answer_option]
    if name == "valueCoding":
        return any(each is not None and coding(each) == value for each in options)
    return value in [each for each in options if each is not None]


def _is_short(item: Any, value: Any) -> bool:  # noqa: ANN401 - of any type
    limit = min(item.max_length or LONGEST["text"], LONGEST.get(item.type, LONGEST["text"]))
    return not isinstance(value, str) or 0 < len(value) <= limit


def _is_day(value: Any) -> bool:  # noqa: ANN401 - of any type
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_number(value: Any) -> bool:  # noqa: ANN401 - of any type
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:  # noqa: ANN401 - of any type
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:  # noqa: ANN401 - of any type
    return isinstance(value, str)


def _is_amount(value: Any) -> bool:  # noqa: ANN401 - of any type
    return isinstance(value, dict) and _is_number(value.get("value"))


def _is_truth(value: Any) -> bool:  # noqa: ANN401 - of any type
    return isinstance(value, bool)


_FITTING: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "boolean": ("valueBoolean", _is_truth),
    "decimal": ("valueDecimal", _is_number),
    "integer": ("valueInteger", _is_whole),
    "date": ("valueDate", _is_day),
    "time": ("valueTime", _is_text),
    "string": ("valueString", _is_text),
    "text": ("valueString", _is_text),
    "quantity": ("valueQuantity", _is_amount),
}

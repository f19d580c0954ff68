"""Whether a questionnaire can be asked here: linkIds, conditions that lead somewhere, types with a field."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from .conditions import VALUES

KINDS = frozenset(
    {
        "group",
        "display",
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
    }
)
MOST_ITEMS, DEEPEST = 200, 6
FAULTS = {
    "empty": _("It asks nothing: there is no item in it."),
    "too-many": _("It has more than 200 items. Please divide it."),
    "too-deep": _("Groups lie more than six deep in each other."),
    "no-title": _("It needs a title, which patients read."),
    "twice": _("This linkId stands there twice."),
    "no-field": _("There is no field for this type here."),
    "no-text": _("A question needs a text."),
    "empty-group": _("A group needs at least one item in it."),
    "no-options": _("A choice needs its answers written out (answerOption)."),
    "no-question": _("The condition names a question that does not exist or has no answers."),
    "any-or-all": _("With several conditions say whether any or all have to hold (enableBehavior)."),
    "no-value": _("The condition needs a value that the question can have."),
    "circle": _("Conditions lead in a circle."),
}
FITS = {
    "boolean": {"boolean"},
    "decimal": {"decimal", "integer"},
    "integer": {"decimal", "integer"},
    "date": {"date"},
    "time": {"time"},
    "string": {"string"},
    "text": {"string"},
    "quantity": {"quantity"},
    "choice": {"coding", "string", "integer", "date", "time"},
    "open-choice": {"coding", "string", "integer", "date", "time"},
}
Fault = tuple[str, str]  # code of FAULTS, linkId


def faults_of(questionnaire: Any) -> tuple[Fault, ...]:  # noqa: ANN401 - a Questionnaire
    """Everything for which it cannot be asked here, empty where it can."""
    items = [each for each, _depth in _all(questionnaire.item, 1)]
    if not items:
        return (("empty", ""),)
    if len(items) > MOST_ITEMS or any(depth > DEEPEST for _item, depth in _all(questionnaire.item, 1)):
        return (("too-many" if len(items) > MOST_ITEMS else "too-deep", ""),)
    known = {item.link_id: item for item in items}
    found: list[Fault] = [] if questionnaire.title else [("no-title", "")]
    found += [("twice", link) for link, n in Counter(item.link_id for item in items).items() if n > 1]
    found += [(code, item.link_id) for item in items for code in _own(item, known)]
    return tuple(found) or tuple(("circle", link) for link in _circles(questionnaire.item, known))


def _all(items: Sequence[Any], depth: int) -> Iterator[tuple[Any, int]]:
    for item in items:
        yield item, depth
        yield from _all(item.item, depth + 1)


def _own(item: Any, known: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401 - a QuestionnaireItem
    if item.type not in KINDS:
        yield "no-field"
    if item.type == "group":
        yield from () if item.item else ("empty-group",)
    elif not item.text:
        yield "no-text"
    if item.type in {"choice", "open-choice"} and not item.answer_option:
        yield "no-options"
    yield from _waiting(item, known)


def _waiting(item: Any, known: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401 - a QuestionnaireItem
    if len(item.enable_when) > 1 and item.enable_behavior is None:
        yield "any-or-all"
    for condition in item.enable_when:
        yield from _condition(condition, known)


def _condition(condition: Any, known: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401 - an enableWhen
    about = known.get(condition.question)
    if about is None or about.type in {"group", "display"}:
        yield "no-question"
        return
    values = {kind for kind in VALUES if getattr(condition, f"answer_{kind}") is not None}
    wanted = {"boolean"} if condition.operator == "exists" else FITS.get(about.type, set())
    if not values & wanted:
        yield "no-value"


def _circles(items: Sequence[Any], known: Mapping[str, Any]) -> list[str]:
    """Links that depend on themselves; each depends on what it names and on the items it lies in."""
    needs: dict[str, set[str]] = {}

    def note(within: Sequence[Any], outer: tuple[str, ...]) -> None:
        for item in within:
            needs[item.link_id] = {each.question for each in item.enable_when} | set(outer)
            note(item.item, (*outer, item.link_id))

    note(items, ())
    settled: set[str] = set()
    while ready := {link for link in known if link not in settled and needs[link] <= settled}:
        settled |= ready
    return [link for link in known if link not in settled]

"""A questionnaire as a page shows it: fields with what was typed, in order, those that are asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .nodes import MOST_REPETITIONS, Node
from .responses import Filled
from .values import unit_of

WRONG = {
    "missing": _("Please answer this."),
    "no-number": _("Please enter a number, such as 36.5."),
    "out-of-range": _("This number is smaller or larger than the question asks for."),
    "no-whole-number": _("Please enter a whole number, such as 5."),
    "no-date": _("Please enter a real date, such as 24.12.2026."),
    "no-time": _("Please enter a time, such as 08:30."),
    "too-long": _("That is too long. Please shorten it."),
    "no-option": _("Please choose one of the answers."),
}
TRUTHS = (("true", _("Yes")), ("false", _("No")))


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer to choose."""

    value: str
    label: str | Promise
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One input of a question that may have several."""

    value: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One item. `kind` is group, display, choices or the type of its inputs."""

    key: str
    kind: str
    label: str
    required: bool
    repeats: bool
    wrong: str | Promise
    entries: tuple[Entry, ...]
    options: tuple[Option, ...]
    other: str
    is_open: bool
    unit: str
    given: bool  # it is shown and cannot be changed
    has_place: bool  # for one more
    instances: "tuple[tuple[Field, ...], ...]"

    @property
    def id(self) -> str:
        """Where an error leads."""
        return f"a{self.key}"


def fields_of(found: Filled, *, with_wrong: bool) -> tuple[Field, ...]:
    """The fields of everything that is asked; what is missing is said only where the form was handed in."""
    return _fields(found.tree.top, found, with_wrong)


def _fields(nodes: Sequence[Node], found: Filled, with_wrong: bool) -> tuple[Field, ...]:  # noqa: FBT001 - of this file
    return tuple(_field(node, found, with_wrong) for node in nodes if node in found.asked)


def _field(node: Node, found: Filled, with_wrong: bool) -> Field:  # noqa: FBT001 - of this file
    item, code = node.item, found.wrong.get(node.key, "")
    unit = unit_of(item)
    return Field(
        key=node.key,
        kind="choices" if item.type in {"choice", "open-choice", "boolean"} else item.type,
        label=" ".join(filter(None, (item.prefix, item.text))),
        required=bool(item.required),
        repeats=bool(item.repeats),
        wrong=WRONG[code] if code and (with_wrong or code != "missing") else "",
        entries=_entries(node),
        options=_options(node),
        other=node.other,
        is_open=item.type == "open-choice",
        unit=(unit.display or unit.code or "") if unit is not None else "",
        given=bool(item.read_only),
        has_place=bool(item.repeats) and len(node.raw or node.instances) < MOST_REPETITIONS,
        instances=tuple(_fields(each, found, with_wrong) for each in node.instances),
    )


def _entries(node: Node) -> tuple[Entry, ...]:
    raw = node.raw or ("",)
    if node.item.read_only:
        raw = tuple(str(next(iter(each.values()))) for each in node.answers)
    elif node.item.type in {"date", "time"} and not node.wrong and node.answers:
        raw = tuple(str(next(iter(each.values()))) for each in node.answers) + ("",) * raw[1:].count("")
    units = (*node.units, *("" for _each in raw))
    return tuple(Entry(value=value, unit=units[n]) for n, value in enumerate(raw))


def _options(node: Node) -> tuple[Option, ...]:
    if node.item.type == "boolean":
        return tuple(Option(value=v, label=words, chosen=v in node.raw) for v, words in TRUTHS)
    return tuple(
        Option(value=str(n), label=label_of(each), chosen=str(n) in node.raw)
        for n, each in enumerate(node.item.answer_option)
    )


def label_of(option: Any) -> str:  # noqa: ANN401 - an answerOption
    """What an answer to choose is called."""
    coded = option.value_coding
    if coded is not None:
        return coded.display or coded.code or ""
    values = (option.value_string, option.value_integer, option.value_date, option.value_time)
    return str(next((each for each in values if each is not None), ""))


def labels(found: Filled) -> tuple[tuple[str, str], ...]:
    """The keys of what is missing or wrong, with the questions' texts."""
    return tuple((node.key, node.item.text or "") for node in found.tree.nodes() if node.key in found.wrong)

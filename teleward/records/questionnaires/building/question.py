"""One question as a page shows it, and the item that comes of what was typed. What is not shown is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from teleward.records.questionnaires.values import CONTROLS

from .kinds import has
from .limits import PLACES, bound, unit, with_bound, with_unit, without
from .options import labels_of, relisted, tidy
from .outline import Line
from .whens import When, conditions, rows_of

Json = dict[str, Any]
SHOWN = frozenset(
    [
        "linkId",
        "type",
        "text",
        "required",
        "repeats",
        "answerOption",
        "maxLength",
        "enableWhen",
        "enableBehavior",
        "item",
        "extension",
    ]
)
WRITTEN_AS = {"text": "text", "required": "required", "repeats": "repeats", "maxLength": "longest"}
OF_KIND = {"answerOption": "options", **WRITTEN_AS}
OTHERS = ("answerValueSet", "initial", "readOnly")  # what fits one kind need not fit another


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the page says of a question."""

    kind: str
    text: str = ""
    required: bool = False
    repeats: bool = False
    options: tuple[str, ...] = ()
    longest: int | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    unit: str = ""
    whens: tuple[When, ...] = ()
    behavior: str = "all"


def said_of(item: Json, lines: Sequence[Line]) -> Said:
    """What a page shows of an item."""
    return Said(
        kind=item["type"],
        text=plain(item.get("text", "")),
        required=bool(item.get("required")),
        repeats=bool(item.get("repeats")),
        options=tuple(labels_of(item.get("answerOption", []))),
        longest=item.get("maxLength"),
        least=bound(item, "least"),
        most=bound(item, "most"),
        unit=tidy(unit(item)),
        whens=tuple(rows_of(item, {line.link: line for line in lines})),
        behavior=item.get("enableBehavior", "all"),
    )


def plain(text: str) -> str:
    """A text as it comes back from a page: without spaces around it."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def changed(item: Json, said: Said, lines: Sequence[Line]) -> tuple[Json, dict[int, str]]:
    """The item as the page says it now, and what is wrong with its conditions by row.

    Only what was changed is touched. Another kind takes what belonged to the old one alone out of it.
    """
    found, wrong = conditions(said.whens, item, lines)
    new = item if said.kind == item["type"] else _of_kind(item, said.kind)
    said, before = fitting(said), fitting(said_of(new, lines))
    for name, field in WRITTEN_AS.items():
        if getattr(said, field) != getattr(before, field):
            new = _set(new, name, getattr(said, field))
    if said.options != before.options:
        new = _set(new, "answerOption", relisted(new.get("answerOption", []), said.options))
    return _asked(_limited(new, said, before), said, found), wrong


def fitting(said: Said) -> Said:
    """The same without what a question of its kind does not have."""
    empty = Said(kind=said.kind)
    gone = {name: getattr(empty, name) for name in (*OF_KIND.values(), *PLACES) if not has(name, said.kind)}
    return replace(said, **gone)


def hidden_of(item: Json, lines: Sequence[Line]) -> tuple[str, ...]:
    """FHIR's names of what the item holds and a page does not show."""
    names = [name for name in item if name not in SHOWN]
    own = {PLACES[name] for name in PLACES if has(name, item["type"])}
    names += [each["url"].rpartition("/")[2] for each in item.get("extension", []) if each["url"] not in own]
    rows = rows_of(item, {line.link: line for line in lines})
    return (*names, *("enableWhen" for row in rows if row.kept is not None))


def _of_kind(item: Json, kind: str) -> Json:
    gone = {name for name, field in OF_KIND.items() if not has(field, kind)} | set(OTHERS)
    gone |= {f"_{name}" for name in gone}
    new = {name: value for name, value in item.items() if name not in gone} | {"type": kind}
    new = without(new, *(name for name in PLACES if not has(name, kind)))
    for name in ("least", "most"):  # a bound of whole numbers is written otherwise than one of others
        value = bound(new, name)
        if value is not None:
            new = with_bound(new, name, value)
    return new


def _limited(item: Json, said: Said, before: Said) -> Json:
    for name in ("least", "most"):
        if getattr(said, name) != getattr(before, name):
            item = with_bound(item, name, getattr(said, name))
    return with_unit(item, said.unit) if said.unit != before.unit else item


def _asked(item: Json, said: Said, found: list[Json]) -> Json:
    if found != item.get("enableWhen", []):
        item = _set(item, "enableWhen", found)
        item = item if found else _set(item, "enableBehavior", None)
    if len(found) > 1 and item.get("enableBehavior") != said.behavior:
        item = _set(item, "enableBehavior", said.behavior)
    return item


def _set(item: Json, name: str, value: object) -> Json:
    """With this value, or without it and what FHIR holds beside it."""
    if value:
        return item | {name: value}
    return {key: held for key, held in item.items() if key not in {name, f"_{name}"}}

"""The questions of a questionnaire in order, with their numbers; moved, removed and put elsewhere.

A questionnaire is its FHIR JSON. Nothing here changes what it is given: each function gives back a new one.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Any

Json = dict[str, Any]
KEY = 12
FIRST = "first"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One item. `number` is the one people read (2.1), `key` names it in addresses and fields."""

    key: str
    number: str
    depth: int
    item: Json
    parent: str  # the key of what it lies in, or nothing
    is_first: bool  # among those beside it
    is_last: bool

    @property
    def link(self) -> str:
        """Its linkId."""
        return str(self.item["linkId"])

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.item["type"])

    @property
    def text(self) -> str:
        """What it asks."""
        return str(self.item.get("text", ""))


def key_of(link: str) -> str:
    """A linkId, which may be any text, as a name that fits everywhere."""
    return sha256(link.encode()).hexdigest()[:KEY]


def fresh_link() -> str:
    """A linkId that no version ever had: answers to a question that is gone belong to no other."""
    return f"q-{token_hex(4)}"


def lines_of(body: Json) -> tuple[Line, ...]:
    """Every item, groups before what lies in them."""
    return tuple(_lines(body.get("item", []), "", "", 0))


def _lines(items: list[Json], number: str, parent: str, depth: int) -> Iterator[Line]:
    for place, item in enumerate(items, start=1):
        line = Line(
            key=key_of(item["linkId"]),
            number=f"{number}{place}",
            depth=depth,
            item=item,
            parent=parent,
            is_first=place == 1,
            is_last=place == len(items),
        )
        yield line
        yield from _lines(item.get("item", []), f"{line.number}.", line.key, depth + 1)


def line_of(body: Json, key: str) -> Line | None:
    """The item with this key."""
    return next((line for line in lines_of(body) if line.key == key), None)


def moved(body: Json, key: str, by: int) -> Json:
    """One place up (-1) or down (1) among those beside it; at the end it stays."""
    new = deepcopy(body)
    beside, place = _found(new, key)
    if 0 <= place + by < len(beside):
        beside.insert(place + by, beside.pop(place))
    return new


def removed(body: Json, key: str) -> Json:
    """Without it and without what lies in it."""
    new = deepcopy(body)
    _take(new, key)
    return new


def replaced(body: Json, key: str, item: Json) -> Json:
    """With this item where that one is."""
    new = deepcopy(body)
    beside, place = _found(new, key)
    beside[place] = item
    return new


def added(body: Json, item: Json, where: str) -> Json:
    """With one more item; `where` as `where_of` says it, at the end if that place is gone."""
    new = deepcopy(body)
    _insert(new, item, where)
    return new


def relocated(body: Json, key: str, where: str) -> Json:
    """With the item at that place, which does not lie in itself."""
    if where in {where_of(body, key), ""} or where not in {place for place, _line in places(body, key)}:
        return body
    new = deepcopy(body)
    _insert(new, _take(new, key), where)
    return new


def where_of(body: Json, key: str) -> str:
    """Where an item stands: `first`, `in:` a group as its first, or `after:` another."""
    line = line_of(body, key)
    if line is None:
        return ""
    if line.is_first:
        return f"in:{line.parent}" if line.parent else FIRST
    beside, place = _found(body, key)
    return f"after:{key_of(beside[place - 1]['linkId'])}"


def places(body: Json, key: str = "") -> tuple[tuple[str, Line | None], ...]:
    """Everywhere an item may stand, in order; none of it inside of the item itself."""
    found: list[tuple[str, Line | None]] = [(FIRST, None)]
    inside: set[str] = {key}
    for line in lines_of(body):
        if line.key == key or line.parent in inside - {""}:
            inside.add(line.key)
            continue
        found.append((f"after:{line.key}", line))
        if line.kind == "group":
            found.append((f"in:{line.key}", line))
    return tuple(found)


def _insert(body: Json, item: Json, where: str) -> None:
    how, _colon, key = where.partition(":")
    line = line_of(body, key)
    if how == FIRST:
        body.setdefault("item", []).insert(0, item)
    elif line is None:
        body.setdefault("item", []).append(item)
    elif how == "in":
        line.item.setdefault("item", []).insert(0, item)
    else:
        beside, place = _found(body, key)
        beside.insert(place + 1, item)


def _found(body: Json, key: str) -> tuple[list[Json], int]:
    """The list that the item stands in, and where."""
    holders = [body, *(line.item for line in lines_of(body))]
    for holder in holders:
        for place, item in enumerate(holder.get("item", [])):
            if key_of(item["linkId"]) == key:
                beside: list[Json] = holder["item"]
                return beside, place
    raise KeyError(key)


def _take(body: Json, key: str) -> Json:
    beside, place = _found(body, key)
    item = beside.pop(place)
    if not beside:  # FHIR knows no empty lists
        holder = next(h for h in [body, *(line.item for line in lines_of(body))] if h.get("item") is beside)
        del holder["item"]
    return item

"""Values that a resource is found by, for each type of parameter and of element (R4, search.html)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from teleward.records.fhir.moments import EARLIEST, LATEST, stretch
from teleward.records.fhir.r4.coded import CodeableConcept, Coding, Period
from teleward.records.fhir.r4.people import Address, ContactPoint, HumanName
from teleward.records.fhir.r4.quantities import Money, Quantity, Range, SimpleQuantity
from teleward.records.fhir.r4.referring import Identifier, Reference
from teleward.records.fhir.r4.times import Timing
from teleward.records.fhir.rules import target_of


class Value(Struct, frozen=True, gc=False):
    """One value. Which fields it has depends on its type.

    - token: `system`, `code`, and `text` as it is shown; of an identifier what sort it is of, in `parts`
    - reference: `target_type`, `target_id`, or `text` for an address; `system` and `code` of its identifier
    - string, uri: `text`
    - date: from `start` to before `end`
    - quantity, number: `number`, `system` and `code` of the unit, `text` as the unit is shown
    - composite: `parts`
    """

    param: str
    type: str
    system: str = ""
    code: str = ""
    text: str = ""
    start: datetime | None = None
    end: datetime | None = None
    target_type: str = ""
    target_id: str = ""
    number: Decimal | None = None
    parts: tuple["Value", ...] = ()


Leaf = Any
Way = Callable[[str, Leaf], Iterable[Value]]


def _token(param: str, leaf: Leaf) -> Iterable[Value]:
    way = _TOKENS.get(type(leaf))
    return way(param, leaf) if way else ()


def _concept(param: str, leaf: CodeableConcept) -> Iterable[Value]:
    if not leaf.coding:
        return (Value(param, "token", text=leaf.text),) if leaf.text else ()
    return [
        Value(param, "token", c.system or "", c.code or "", c.display or leaf.text or "") for c in leaf.coding
    ]


def _coding(param: str, leaf: Coding) -> Iterable[Value]:
    return (Value(param, "token", leaf.system or "", leaf.code or "", leaf.display or ""),)


def _identifier(param: str, leaf: Identifier) -> Iterable[Value]:
    kind = leaf.type
    if kind is None:
        return (Value(param, "token", leaf.system or "", leaf.value or ""),)
    sorts = tuple(Value(param, "token", each.system or "", each.code or "") for each in kind.coding)
    return (Value(param, "token", leaf.system or "", leaf.value or "", kind.text or "", parts=sorts),)


def _contact(param: str, leaf: ContactPoint) -> Iterable[Value]:
    return (Value(param, "token", leaf.use or "", leaf.value or ""),)


def _code(param: str, leaf: str) -> Iterable[Value]:
    return (Value(param, "token", code=leaf),)


def coded_in(system: str) -> Way:
    """Codes of which a system is known that the resource leaves unsaid."""

    def way(param: str, leaf: Leaf) -> Iterable[Value]:
        return (Value(param, "token", system, leaf),) if isinstance(leaf, str) else ()

    return way


def _truth(param: str, leaf: bool) -> Iterable[Value]:  # noqa: FBT001 - the value itself
    return (Value(param, "token", code="true" if leaf else "false"),)


_TOKENS: dict[type, Callable[[str, Any], Iterable[Value]]] = {
    CodeableConcept: _concept,
    Coding: _coding,
    Identifier: _identifier,
    ContactPoint: _contact,
    str: _code,
    bool: _truth,
}


def _reference(param: str, leaf: Leaf) -> Iterator[Value]:
    if isinstance(leaf, str):
        yield Value(param, "reference", text=leaf)
        if "|" in leaf:
            yield Value(param, "reference", text=leaf.partition("|")[0])
    elif isinstance(leaf, Reference):
        yield from _pointed(param, leaf)


def _pointed(param: str, leaf: Reference) -> Iterator[Value]:
    named = leaf.identifier
    system, code = (named.system or "", named.value or "") if named else ("", "")
    target = target_of(leaf.reference) if leaf.reference and "://" not in leaf.reference else None
    if target:
        yield Value(param, "reference", system, code, target_type=target[0], target_id=target[1])
    elif leaf.reference and not leaf.reference.startswith("#"):
        yield Value(param, "reference", system, code, leaf.reference)
    elif code:
        yield Value(param, "reference", system, code, target_type=leaf.type or "")


def _string(param: str, leaf: Leaf) -> Iterator[Value]:
    for text in _texts(leaf):
        if text:
            yield Value(param, "string", text=text)


def _texts(leaf: Leaf) -> Iterable[str | None]:
    if isinstance(leaf, str):
        return (leaf,)
    if isinstance(leaf, HumanName):
        return (leaf.text, leaf.family, *leaf.given, *leaf.prefix, *leaf.suffix)
    if isinstance(leaf, Address):
        return (leaf.text, *leaf.line, leaf.city, leaf.district, leaf.state, leaf.country, leaf.postal_code)
    return (leaf.text,) if isinstance(leaf, CodeableConcept) else ()


def _uri(param: str, leaf: Leaf) -> Iterable[Value]:
    return (Value(param, "uri", text=leaf),) if isinstance(leaf, str) else ()


def _date(param: str, leaf: Leaf) -> Iterable[Value]:
    low, high = _bounds(leaf)
    return (Value(param, "date", start=low, end=high),) if low and high else ()


def _bounds(leaf: Leaf) -> tuple[datetime | None, datetime | None]:
    if isinstance(leaf, str):
        return stretch(leaf)
    if isinstance(leaf, Period):
        low, high = stretch(leaf.start)[0], stretch(leaf.end)[1]
        return (low or EARLIEST, high or LATEST) if low or high else (None, None)
    return _over([_bounds(each) for each in _times(leaf)]) if isinstance(leaf, Timing) else (None, None)


def _times(timing: Timing) -> list[Leaf]:
    bounds = timing.repeat.bounds_period if timing.repeat else None
    return [*(event for event in timing.event if event), *([bounds] if bounds else [])]


def _over(
    stretches: list[tuple[datetime | None, datetime | None]],
) -> tuple[datetime | None, datetime | None]:
    lows = [low for low, _high in stretches if low]
    highs = [high for _low, high in stretches if high]
    return (min(lows), max(highs)) if lows and highs else (None, None)


def _quantity(param: str, leaf: Leaf) -> Iterator[Value]:
    if isinstance(leaf, Range):
        yield from _quantity(param, leaf.low)
        yield from _quantity(param, leaf.high)
    elif isinstance(leaf, Money):
        yield Value(param, "quantity", code=leaf.currency or "", number=leaf.value)
    elif isinstance(leaf, (Quantity, SimpleQuantity)) and leaf.value is not None:
        yield Value(param, "quantity", leaf.system or "", leaf.code or "", leaf.unit or "", number=leaf.value)


def _number(param: str, leaf: Leaf) -> Iterable[Value]:
    return (Value(param, "number", number=Decimal(leaf)),) if isinstance(leaf, (int, Decimal)) else ()


EXTRACTORS: dict[str, Way] = {
    "token": _token,
    "reference": _reference,
    "string": _string,
    "uri": _uri,
    "date": _date,
    "quantity": _quantity,
    "number": _number,
}


def type_of(composite: str, leaf: Leaf) -> str:
    """The type of parameter that fits the second part of a composite."""
    if isinstance(leaf, (Quantity, SimpleQuantity, Range, Money)):
        return "quantity"
    if isinstance(leaf, Reference):
        return "reference"
    if composite.endswith("-date"):
        return "date"
    return "string" if isinstance(leaf, str) else "token"

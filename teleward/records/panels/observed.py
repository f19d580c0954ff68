"""The line of an observation: its value with the unit, what is usual, whether it lies outside of that."""

from operator import gt, lt
from typing import Any

from django.utils.translation import gettext

from .lines import Said
from .wording import amount, between, codes_of, figure, first, named, pointed
from .words import MEASURED

COUNTS = {"final", "amended", "corrected", "preliminary"}
HIGH, LOW, ABNORMAL = {"H", "HH", "HU", ">"}, {"L", "LL", "LU", "<"}, {"A", "AA", "POS", "DET"}


def observation(found: Any) -> Said | None:  # noqa: ANN401 - an Observation
    """Of a measurement or finding that stands."""
    if found.status not in COUNTS:
        return None
    who = first(found.performer)
    name, identifier = pointed(who)
    vital = any("vital-signs" in codes_of(each) for each in found.category)
    return {
        "section": "vitals" if vital else "results",
        "title": measured(found.code),
        "detail": value_of(found),
        "reference": usual(found),
        "flag": flag(found),
        "about": first(found.effective_date_time, found.effective_instant, _start(found), found.issued) or "",
        "by": name,
        "by_id": identifier,
        "group": _group(found.code),
    }


def measured(code: Any) -> str:  # noqa: ANN401 - a CodeableConcept
    """What was measured, in the reader's language where it is one of the common signs."""
    common = (MEASURED[each] for each in sorted(codes_of(code) & MEASURED.keys()))
    return str(next(common, "")) or named(code)


def value_of(found: Any) -> str:  # noqa: ANN401 - an Observation or a part of one
    """The value in words; of several parts all, `120 / 80 mmHg` where they have one unit."""
    own = _single(found)
    parts = [(measured(part.code), _single(part)) for part in getattr(found, "component", ())]
    parts = [(name, text) for name, text in parts if text]
    if own or not parts:
        return own
    units = {text.rpartition(" ")[2] for _name, text in parts}
    if len(parts) == 2 and len(units) == 1:
        return f"{parts[0][1].rpartition(' ')[0]} / {parts[1][1]}"
    return ", ".join(f"{name}: {text}" for name, text in parts)


def _single(found: Any) -> str:  # noqa: ANN401 - an Observation or a part of one
    if found.value_quantity is not None:
        return amount(found.value_quantity)
    if found.value_codeable_concept is not None:
        return named(found.value_codeable_concept)
    if found.value_range is not None:
        return between(found.value_range.low, found.value_range.high)
    if found.value_integer is not None:
        return figure(found.value_integer)
    if found.value_boolean is not None:
        return gettext("yes") if found.value_boolean else gettext("no")
    return found.value_string or found.value_date_time or found.value_time or ""


def usual(found: Any) -> str:  # noqa: ANN401 - an Observation
    """The first range that is given as usual."""
    given = [each.text or between(each.low, each.high) for each in found.reference_range]
    return next(filter(None, given), "")


def flag(found: Any) -> str:  # noqa: ANN401 - an Observation
    """What was said about the value; where nothing was, what its range says."""
    said = {code for each in found.interpretation for code in codes_of(each)}
    for codes, name in ((HIGH, "high"), (LOW, "low"), (ABNORMAL, "abnormal")):
        if said & codes:
            return name
    return "" if said else _outside(found)


def _outside(found: Any) -> str:  # noqa: ANN401 - an Observation
    value = found.value_quantity
    if value is None or value.value is None or len(found.reference_range) != 1:
        return ""
    (given,) = found.reference_range
    for bound, name, beyond in ((given.low, "low", lt), (given.high, "high", gt)):
        told = bound is not None and bound.value is not None and bound.unit == value.unit
        if told and beyond(value.value, bound.value):
            return name
    return ""


def _start(found: Any) -> str:  # noqa: ANN401 - an Observation
    period = found.effective_period
    return (period.end or period.start or "") if period else ""


def _group(code: Any) -> str:  # noqa: ANN401 - a CodeableConcept
    coded = [f"{coding.system}|{coding.code}" for coding in code.coding if coding.code]
    return min(coded, default=code.text or "")

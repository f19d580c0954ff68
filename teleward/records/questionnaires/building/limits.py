"""What a question takes at least, at most and in which unit, as FHIR's extensions hold it."""

from decimal import Decimal
from typing import Any

from teleward.records.questionnaires.values import LEAST, MOST, UNIT

Json = dict[str, Any]
UCUM = "http://unitsofmeasure.org"
SPELT = {
    "°C": "Cel",
    "mmHg": "mm[Hg]",
    "µg": "ug",
    "l": "L",
    "ml": "mL",
    "mmol/l": "mmol/L",
    "mg/dl": "mg/dL",
}
ALIKE = ("kg", "g", "mg", "L", "mL", "cm", "m", "mm", "%", "mmol/L", "mg/dL", "/min", "min", "h")
KNOWN = SPELT | {words: words for words in ALIKE}  # UCUM's codes
PLACES = {"least": LEAST, "most": MOST, "unit": UNIT}


def extension(item: Json, url: str) -> Json | None:
    """The first extension with this address."""
    return next((each for each in item.get("extension", []) if each.get("url") == url), None)


def bound(item: Json, name: str) -> Decimal | None:
    """The `least` or the `most` that a number may be."""
    found = extension(item, PLACES[name]) or {}
    value = found.get("valueInteger", found.get("valueDecimal"))
    return None if value is None else Decimal(str(value))


def unit(item: Json) -> str:
    """The unit of an amount as people read it, empty where it is typed by who answers."""
    coded = (extension(item, UNIT) or {}).get("valueCoding", {})
    return str(coded.get("display") or coded.get("code") or "")


def with_bound(item: Json, name: str, value: Decimal | None) -> Json:
    """With this bound, or without one."""
    if value is None:
        return _with(item, PLACES[name], None)
    whole = item["type"] == "integer"
    said = {"valueInteger": int(value)} if whole else {"valueDecimal": value}
    return _with(item, PLACES[name], said)


def with_unit(item: Json, words: str) -> Json:
    """With this unit; one that is known has its code for programs."""
    code = {"system": UCUM, "code": KNOWN[words]} if words in KNOWN else {}
    return _with(item, UNIT, {"valueCoding": code | {"display": words}} if words else None)


def without(item: Json, *names: str) -> Json:
    """Without these limits."""
    for name in names:
        item = _with(item, PLACES[name], None)
    return item


def _with(item: Json, url: str, said: Json | None) -> Json:
    """The first extension with that address says this; others stay as and where they are."""
    old = list(item.get("extension", []))
    place = next((n for n, each in enumerate(old) if each.get("url") == url), len(old))
    kept = {name: held for each in old[place : place + 1] for name, held in each.items() if name == "id"}
    old[place : place + 1] = [] if said is None else [{"url": url} | kept | said]
    rest = {name: value for name, value in item.items() if name != "extension"}
    return rest | ({"extension": old} if old else {})

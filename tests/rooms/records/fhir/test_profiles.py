"""Profiles: official examples conform, and each thing a profile asks for is missed when it is spoiled."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from teleward.records.fhir.profiles.checking import against, check, check_claims, conforms, line
from teleward.records.fhir.profiles.elements import typed
from teleward.records.fhir.profiles.invariants import INVARIANTS, is_kvnr
from teleward.records.fhir.profiles.known import PROFILES
from teleward.records.fhir.profiles.shape import Limit, tree
from teleward.records.fhir.profiles.slicing import belongs
from teleward.records.fhir.reading import read

EXAMPLES = Path(__file__).parents[3] / "vectors" / "fhir"
Json = Any
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
KVNR = "http://fhir.de/sid/gkv/kvid-10"
PRESSURE = ("8480-6", "8462-4")
# last part of the address: code, unit, codes of components
SIGNS: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "vitalsigns": ("8867-4", "/min", (("8480-6", "mm[Hg]"),)),
    "bp": ("85354-9", "", tuple((code, "mm[Hg]") for code in PRESSURE)),
    "heartrate": ("8867-4", "/min", ()),
    "resprate": ("9279-1", "/min", ()),
    "oxygensat": ("2708-6", "%", ()),
    "bodytemp": ("8310-5", "Cel", ()),
    "bodyheight": ("8302-2", "cm", ()),
    "bodyweight": ("29463-7", "kg", ()),
    "bmi": ("39156-5", "kg/m2", ()),
    "headcircum": ("9843-4", "cm", ()),
    "us-core-vital-signs": ("8867-4", "/min", ()),
    "us-core-blood-pressure": ("85354-9", "", tuple((code, "mm[Hg]") for code in PRESSURE)),
    "us-core-average-blood-pressure": ("96607-7", "", (("96608-5", "mm[Hg]"), ("96609-3", "mm[Hg]"))),
    "us-core-heart-rate": ("8867-4", "/min", ()),
    "us-core-respiratory-rate": ("9279-1", "/min", ()),
    "us-core-body-temperature": ("8310-5", "[degF]", ()),
    "us-core-body-height": ("8302-2", "[in_i]", ()),
    "us-core-body-weight": ("29463-7", "[lb_av]", ()),
    "us-core-bmi": ("39156-5", "kg/m2", ()),
    "us-core-head-circumference": ("9843-4", "cm", ()),
    "us-core-pulse-oximetry": ("59408-5", "%", (("3151-8", "L/min"), ("3150-0", "%"))),
    "observation-de-vitalsign": ("8867-4", "/min", (("8480-6", "mm[Hg]"),)),
    "observation-de-vitalsign-blutdruck": (
        "85354-9",
        "",
        tuple((code, "mm[Hg]") for code in (*PRESSURE, "8478-0")),
    ),
    "observation-de-vitalsign-herzfrequenz": ("8867-4", "/min", ()),
    "observation-de-vitalsign-sauerstoffsaettigung": ("2708-6", "%", ()),
    "observation-de-vitalsign-koerpertemperatur": ("8310-5", "Cel", ()),
    "observation-de-vitalsign-koerpergewicht": ("29463-7", "kg", ()),
}


def concept(*codes: str, system: str = LOINC) -> Json:
    return {"coding": [{"system": system, "code": code} for code in codes]}


def amount(unit: str) -> Json:
    return {"value": 42, "unit": unit, "system": UCUM, "code": unit}


def valid(url: str) -> Json:
    """A resource that conforms, with everything the profile speaks about."""
    name = url.rsplit("/", 1)[1]
    if name == "patient-de-basis":
        return {"resourceType": "Patient", "identifier": [{"system": KVNR, "value": "A123456780"}]}
    code, unit, parts = SIGNS[name]
    more = ("2708-6",) if name == "us-core-pulse-oximetry" else ()
    found = {
        "resourceType": "Observation",
        "status": "final",
        "category": [concept("vital-signs", system=CATEGORY)],
        "code": concept(code, *more),
        "subject": {"reference": "Patient/1"},
        "effectiveDateTime": "2026-11-22T08:00:00+01:00",
    }
    value = {"valueQuantity": amount(unit)} if unit else {}
    listed = [{"code": concept(part), "valueQuantity": amount(its)} for part, its in parts]
    return found | value | ({"component": listed} if listed else {})


def issues(url: str, body: Json) -> list[str]:
    """What the thorough way finds; the quick way has to agree."""
    found = [f"{i.expression}: {i.diagnostics}" for each in line(url) for i in against(each, body)]
    assert all(conforms(each, body) for each in line(url)) is (found == [])
    return found


def places(url: str, body: Json, id_: str) -> list[tuple[Json, Any]]:
    """Where the element of a limit stands: what holds it, and its key or place."""
    node, found = tree(PROFILES[url]), [(None, body)]
    keys: list[tuple[Json, Any]] = [(None, None)]
    for step in id_.split(".")[1:]:
        name, _colon, slice_ = step.partition(":")
        part = node.parts[name]
        pairs = [pair for _holder, value in found for pair in entries(value, name)]
        if slice_:
            node = part.slices[slice_]
            pairs = [pair for pair in pairs if belongs(node, pair[0][pair[1]], part.limit.by)]
        else:
            node = part
        keys, found = pairs, [(holder, holder[key]) for holder, key in pairs]
    return keys


def entries(value: Json, name: str) -> Iterator[tuple[Json, Any]]:
    if name.endswith("[x]"):
        yield from ((value, name[:-3] + kind) for kind, _found in typed(value, name))
    elif isinstance(value.get(name), list):
        yield from ((value[name], place) for place in range(len(value[name])))
    elif name in value:
        yield value, name


def spoilt(url: str, limit: Limit) -> Iterator[tuple[str, Json]]:
    """Every way to break one limit on its own."""
    for what, spoil in WAYS.items():
        body = valid(url)
        for holder, key in reversed(places(url, body, limit.id)):
            if spoil(limit, holder, key, body):
                yield what, body
                break


def _lacking(limit: Limit, holder: Json, key: Any, body: Json) -> bool:
    if not limit.min or holder is None:
        return False
    if isinstance(holder, list) and ":" not in limit.id.rsplit(".", 1)[1]:
        del holder[limit.min - 1 :]
    else:
        del holder[key]
    return True


def _twice(limit: Limit, holder: Json, key: Any, body: Json) -> bool:
    if limit.max == 1 and isinstance(holder, list):
        holder.append(deepcopy(holder[key]))
        return True
    return False


def _other(limit: Limit, holder: Json, key: Any, body: Json) -> bool:
    if limit.fixed is None and limit.pattern is None:
        return False
    holder[key] = "other" if isinstance(holder[key], str) else concept("0-0") | {"system": "x", "code": "x"}
    return True


def _uncoded(limit: Limit, holder: Json, key: Any, body: Json) -> bool:
    if limit.codes:
        holder[key] = "bogus" if isinstance(holder[key], str) else holder[key] | {"code": "bogus"}
    return bool(limit.codes)


def _of_another_type(limit: Limit, holder: Json, key: Any, body: Json) -> bool:
    if limit.types:
        del holder[key]
        holder[limit.id.rsplit(".", 1)[1].replace("[x]", "Attachment")] = {"title": "x"}
    return bool(limit.types)


def _elsewhere(limit: Limit, holder: Json, key: Any, body: Json) -> bool:
    if limit.targets:
        holder[key] = {"reference": "Practitioner/1"}
    return bool(limit.targets)


WAYS = {
    "lacking": _lacking,
    "twice": _twice,
    "other": _other,
    "uncoded": _uncoded,
    "of another type": _of_another_type,
    "elsewhere": _elsewhere,
}
# What tells an optional slice apart cannot be wrong: with another code it is another component.
FREE = {
    "Observation.component:FlowRate.code other",
    "Observation.component:Concentration.code other",
    "Observation.component:meanBP.code other",
    "Patient.identifier:kvid-10.system other",
    "Patient.identifier:kvid-10.system lacking",
}


@pytest.mark.parametrize("url", PROFILES, ids=lambda url: url.rsplit("/", 1)[1])
def test_what_conforms_is_let_through_and_each_thing_asked_for_is_missed(url: str) -> None:
    assert issues(url, valid(url)) == []
    read(valid(url)["resourceType"], json.dumps(valid(url)).encode())
    asked = [
        (f"{limit.id} {what}", issues(url, body))
        for limit in PROFILES[url].limits
        for what, body in spoilt(url, limit)
    ]
    assert len(asked) >= 2
    assert {what for what, found in asked if not found} <= FREE


def test_nothing_may_stand_where_a_profile_allows_none() -> None:
    for url, limit in ((url, limit) for url, p in PROFILES.items() for limit in p.limits if limit.max == 0):
        body = valid(url) | {limit.id.split(".")[1].replace("[x]", "Quantity"): amount("mm[Hg]")}
        assert issues(url, body) != []


@pytest.mark.parametrize(
    ("key", "spoil"),
    [
        ("vs-1", lambda body: body.update(effectiveDateTime="2026-11")),
        ("vs-2", lambda body: body.pop("component")),
        ("vs-3", lambda body: body["component"][0].pop("valueQuantity")),
    ],
)
def test_a_rule_between_elements_is_held(key: str, spoil: Any) -> None:
    for url in (
        "http://hl7.org/fhir/StructureDefinition/bp",
        "http://fhir.de/StructureDefinition/observation-de-vitalsign-blutdruck",
    ):
        body = valid(url)
        spoil(body)
        assert any(INVARIANTS[key][0] in issue for issue in issues(url, body))


@pytest.mark.parametrize(
    ("number", "right"),
    [("A123456780", True), ("A123456781", False), ("a123456780", False), ("A12345678", False), (7, False)],
)
def test_the_check_digit_of_an_insurance_number(number: Json, right: bool) -> None:
    assert is_kvnr(number) is right


def test_an_official_example_conforms_to_what_it_claims_and_to_its_sisters() -> None:
    pressure = read("Observation", (EXAMPLES / "Observation-blood-pressure.json").read_bytes())
    assert check_claims(pressure) == ()
    for name in (
        "hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure",
        "hl7.org/fhir/StructureDefinition/bp",
    ):
        assert check(pressure, f"http://{name}") == ()
    (issue,) = check(pressure, "http://hl7.org/fhir/StructureDefinition/heartrate")
    assert (issue.code, issue.expression) == ("required", "Observation.code.coding")


def test_a_claim_that_nobody_knows_is_told_without_refusing() -> None:
    body = b'{"resourceType":"Patient","meta":{"profile":["http://example.org/unknown"]}}'
    assert [issue.severity for issue in check_claims(read("Patient", body))] == ["information"]

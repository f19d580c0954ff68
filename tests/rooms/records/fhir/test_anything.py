"""Whatever comes in: it is read whole or refused with a reason, and the fast and the thorough way agree."""

import json
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from teleward.records.fhir.findings import findings
from teleward.records.fhir.patch import PatchFails, patched
from teleward.records.fhir.profiles.checking import against, conforms
from teleward.records.fhir.profiles.known import PROFILES
from teleward.records.fhir.r4.resource import Resource
from teleward.records.fhir.reading import Invalid, read, write
from teleward.records.fhir.search import values

Json = Any
EXAMPLES = {
    path.stem: path.read_bytes()
    for path in sorted(Path(__file__).parents[3].joinpath("vectors", "fhir").glob("*.json"))
}
SEEDS = st.integers(0, 2**48)
BOUNDED = settings(max_examples=100, deadline=None, database=None)  # 100,000 seeds were run by hand
LEAVES = [
    *(
        "",
        " ",
        "a  b",
        "2024-02-30",
        "2024",
        "2024-05-01T10:00:00Z",
        "Patient/1",
        "#x",
        "Appointment/1",
        "final",
    ),
    *(
        "http://loinc.org",
        "male",
        "true",
        "1.50",
        "YQ==",
        "\U0001f600",
        "urn:oid:1.2",
        "10:00:00",
        "\x00",
        "é",
    ),
    *(None, True, False, 0, -1, 2**31, 10**40, Decimal("1.50"), Decimal("-0.0"), Decimal("1E+30"), "<div/>"),
]
KEYS = ["colour", "_id", "valueString", "extension", "value", "url", "reference", "resourceType", "code", ""]


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - it spoils examples


def with_digits(body: bytes) -> Json:
    return json.loads(body, parse_float=lambda text: ("number", Decimal(text).as_tuple()))


def a_tree(random: Random, depth: int = 3) -> Json:
    kind = random.randrange(4) if depth else 0
    if kind == 1:
        return [a_tree(random, depth - 1) for _entry in range(random.randrange(3))]
    if kind == 2:
        return {random.choice(KEYS): a_tree(random, depth - 1) for _entry in range(random.randrange(3))}
    return random.choice(LEAVES)


def holders(value: Json) -> list[Json]:
    """Every object and list of a document."""
    if not isinstance(value, (dict, list)):
        return []
    inside = value.values() if isinstance(value, dict) else value
    return [value, *(holder for part in inside for holder in holders(part))]


def change(random: Random, whole: Json) -> None:
    """Changes one place somewhere in a document."""
    holder = random.choice([found for found in holders(whole) if found] or [whole])
    if not holder:
        return
    key = random.choice(sorted(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
    way = random.randrange(6)
    if way == 0:
        del holder[key]
    elif way == 1:
        holder[key] = [holder[key]]
    elif way == 2 and isinstance(holder, dict):
        holder[random.choice(KEYS)] = a_tree(random)
    elif way == 3 and isinstance(key, str):
        holder["_" + key] = random.choice([{"id": "a"}, [None, {"id": "a"}], a_tree(random)])
    else:
        holder[key] = a_tree(random) if way == 4 else random.choice([{}, [], "", None, [None], [{}]])


def changed(seed: int) -> tuple[str, bytes]:
    """Type and body of an official example with a few places changed."""
    random = seeded(seed)
    name = random.choice(sorted(EXAMPLES))
    whole = json.loads(EXAMPLES[name], parse_float=Decimal)
    for _time in range(random.randrange(4)):
        change(random, whole)
    return name.split("-")[0], json.dumps(whole, default=float).encode()


def read_or_refused(kind: str, body: bytes) -> Resource | None:
    try:
        return read(kind, body)
    except Invalid as refused:
        complete = [issue.expression.split(".")[0] == kind and issue.diagnostics for issue in refused.issues]
        if not complete or not all(complete):
            raise AssertionError(f"refused without reason or place: {refused.issues}") from refused
        return None


def hold(kind: str, body: bytes) -> None:
    """Everything that is promised about any body."""
    found = read_or_refused(kind, body)
    if found is None:
        return
    assert findings(kind, body) == ()
    assert with_digits(write(found)) == with_digits(body)
    assert all(value.param for value in values(found))
    if kind == "Observation":
        plain = json.loads(write(found), parse_float=Decimal)
        assert all(conforms(url, plain) is (list(against(url, plain)) == []) for url in PROFILES)


@BOUNDED
@given(SEEDS)
def test_a_changed_example_is_read_whole_or_refused_with_a_place(seed: int) -> None:
    hold(*changed(seed))


@BOUNDED
@given(SEEDS)
def test_changed_bytes_are_read_or_refused(seed: int) -> None:
    random = seeded(seed)
    name = random.choice(sorted(EXAMPLES))
    body = bytearray(EXAMPLES[name])
    place = random.randrange(len(body))
    body[place : place + random.randrange(3)] = random.randbytes(random.randrange(3))
    found = read_or_refused(name.split("-")[0], bytes(body))
    assert found is None or isinstance(found, Resource)


@BOUNDED
@given(SEEDS)
def test_any_list_of_operations_is_done_or_refused(seed: int) -> None:
    random = seeded(seed)
    paths = ["", "/id", "/name/0/given/-", "/name/0", "/identifier", "/gender/x", "//", "~", 7]
    names = ["add", "remove", "replace", "move", "copy", "test", "", None]
    operations = [
        {
            "op": random.choice(names),
            "path": random.choice(paths),
            "from": random.choice(paths),
            "value": a_tree(random),
        }
        for _each in range(random.randrange(5))
    ]
    try:
        done = patched(EXAMPLES["Patient-example"], json.dumps(operations, default=float).encode())
    except PatchFails as fails:
        done = str(fails).encode()
    assert done

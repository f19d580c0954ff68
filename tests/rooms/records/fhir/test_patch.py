"""JSON Patch, held against the examples of RFC 6902 (appendix A)."""

import json
from typing import Any

import pytest

from teleward.records.fhir.patch import PatchFails, patched

Json = Any


def after(document: Json, *operations: Json) -> Json:
    return json.loads(patched(json.dumps(document).encode(), json.dumps(operations).encode()))


def op(name: str, path: str, **rest: Json) -> Json:
    return {"op": name, "path": path, **rest}


# section of the appendix, document, operation, result
DONE: list[tuple[str, Json, Json, Json]] = [
    ("A.1", {"foo": "bar"}, op("add", "/baz", value="qux"), {"baz": "qux", "foo": "bar"}),
    ("A.2", {"foo": ["bar", "baz"]}, op("add", "/foo/1", value="qux"), {"foo": ["bar", "qux", "baz"]}),
    ("A.3", {"baz": "qux", "foo": "bar"}, op("remove", "/baz"), {"foo": "bar"}),
    ("A.4", {"foo": ["bar", "qux", "baz"]}, op("remove", "/foo/1"), {"foo": ["bar", "baz"]}),
    ("A.5", {"baz": "qux", "foo": "bar"}, op("replace", "/baz", value="boo"), {"baz": "boo", "foo": "bar"}),
    (
        "A.6",
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        op("move", "/qux/thud", **{"from": "/foo/waldo"}),
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        "A.7",
        {"foo": ["all", "grass", "cows", "eat"]},
        op("move", "/foo/3", **{"from": "/foo/1"}),
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    (
        "A.8",
        {"baz": "qux", "foo": ["a", 2, "c"]},
        op("test", "/foo/1", value=2),
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    ("A.10", {"foo": "bar"}, op("add", "/child", value={"n": {}}), {"foo": "bar", "child": {"n": {}}}),
    ("A.11", {"foo": "bar"}, op("add", "/baz", value="qux", xyz=123), {"foo": "bar", "baz": "qux"}),
    ("A.14", {"/": 9, "~1": 10}, op("test", "/~01", value=10), {"/": 9, "~1": 10}),
    ("A.16", {"foo": ["bar"]}, op("add", "/foo/-", value=["abc"]), {"foo": ["bar", ["abc"]]}),
]

REFUSED: list[tuple[str, Json, Json]] = [
    ("A.9", {"baz": "qux"}, op("test", "/baz", value="bar")),
    ("A.12", {"foo": "bar"}, op("add", "/baz/bat", value="qux")),
    ("A.15", {"/": 9, "~1": 10}, op("test", "/~01", value="10")),
    ("no such operation", {}, op("spam", "/a")),
    ("no value", {}, op("add", "/a")),
    ("no path", {}, {"op": "remove"}),
    ("not an object", {}, "add"),
    ("beyond the list", {"a": [1]}, op("add", "/a/2", value=1)),
    ("a leading zero", {"a": [1]}, op("remove", "/a/00")),
    ("a negative place", {"a": [1]}, op("remove", "/a/-1")),
    ("the place after the last", {"a": [1]}, op("remove", "/a/-")),
    ("a path without slash", {"a": 1}, op("remove", "a")),
    ("true is not 1", {"a": 1}, op("test", "/a", value=True)),
    ("everything goes", {"a": 1}, op("remove", "")),
    ("into itself", {"a": {"b": {}}}, op("move", "/a/b/c", **{"from": "/a"})),
]


@pytest.mark.parametrize(("section", "document", "operation", "result"), DONE, ids=[case[0] for case in DONE])
def test_an_operation_does_what_the_standard_says(
    section: str, document: Json, operation: Json, result: Json
) -> None:
    assert after(document, operation) == result


@pytest.mark.parametrize(("section", "document", "operation"), REFUSED, ids=[case[0] for case in REFUSED])
def test_an_operation_that_does_not_fit_is_refused(section: str, document: Json, operation: Json) -> None:
    with pytest.raises(PatchFails):
        after(document, operation)


BEYOND = b'[{"op":"add","path":"/a","value":1e1000000000000000000}]'


@pytest.mark.parametrize(
    "patch",
    [b"", b"{}", b'"x"', b"[NaN]", b"[" * 100_000, b"[1]", b'[{"op":["add"]}]', BEYOND],
)
def test_what_is_no_patch_is_refused(patch: bytes) -> None:
    with pytest.raises(PatchFails):
        patched(b"{}", patch)


def test_a_patch_is_done_whole_or_not_at_all() -> None:
    with pytest.raises(PatchFails, match="Operation 1"):
        after({"a": 1}, op("replace", "/a", value=2), op("test", "/a", value=3))


def test_copies_of_copies_come_to_an_end() -> None:
    doubling = [op("copy", f"/a/{n}", **{"from": "/a"}) for n in range(100)]
    with pytest.raises(PatchFails, match="too much"):
        after({"a": {"x": "y" * 1000}}, *doubling)


def test_numbers_that_are_not_touched_keep_their_digits() -> None:
    assert (
        patched(b'{"a":1.50,"b":2.0}', b'[{"op":"replace","path":"/b","value":3.10}]')
        == b'{"a":1.50,"b":3.10}'
    )

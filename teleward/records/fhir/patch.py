"""JSON Patch (RFC 6902) on the body of a resource, with every digit of the numbers it does not touch."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from msgspec.json import Encoder

from teleward.records.fhir.primitives import exact

MOST_OPERATIONS = 200
MOST_COPIED = 5_000_000  # bytes, so that copies of copies do not fill the memory
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_encode = Encoder(decimal_format="number").encode
Json = Any
Operation = dict[str, Json]


class PatchFails(ValueError):
    """The patch is none, or does not fit the resource; the text says which operation and why, not values."""


def patched(body: bytes, patch: bytes) -> bytes:
    """The body after all operations of the patch, or none of them. Raises PatchFails."""
    operations = _loaded(patch)
    if not isinstance(operations, list) or len(operations) > MOST_OPERATIONS:
        raise PatchFails(f"A patch is a list of at most {MOST_OPERATIONS} operations.")
    whole = {"": _loaded(body)}  # the document is the one member of a holder, so that it can be replaced too
    copied = 0
    for number, operation in enumerate(operations):
        copied += _apply(whole, operation, number)
        if copied > MOST_COPIED:
            raise PatchFails(f"Operation {number}: too much is copied.")
    if "" not in whole:
        raise PatchFails("A patch does not take the whole resource away.")
    return _encode(whole[""])


def _loaded(body: bytes) -> Json:
    try:
        return json.loads(body, parse_float=exact, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise PatchFails("The patch is not JSON.") from error


def _no_number(constant: str) -> None:
    raise ValueError(constant)


def _apply(whole: Json, operation: Json, number: int) -> int:
    """Does one operation; returns how many bytes it copied."""
    try:
        way = _WAYS[operation["op"]]
        return way(whole, operation)
    except PatchFails as fails:
        raise PatchFails(f"Operation {number}: {fails}") from None
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise PatchFails(f"Operation {number} lacks something, or is not of RFC 6902.") from None


def _steps(pointer: Json) -> list[str]:
    """A JSON Pointer (RFC 6901) as the keys from the holder down."""
    if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
        raise PatchFails("a path begins with a slash.")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")]


def _at(whole: Json, pointer: Json) -> tuple[Json, str]:
    """What holds the place, and the place in it."""
    *above, last = _steps(pointer)
    holder = whole
    for step in above:
        holder = _inside(holder, step)
    return holder, last


def _inside(holder: Json, step: str) -> Json:
    if isinstance(holder, dict) and step in holder:
        return holder[step]
    if isinstance(holder, list):
        return holder[_index(holder, step)]
    raise PatchFails("there is nothing at this path.")


def _index(holder: list[Json], step: str, *, end: bool = False) -> int:
    if end and step == "-":
        return len(holder)
    if not _INDEX.fullmatch(step) or int(step) >= len(holder) + end:
        raise PatchFails("there is nothing at this place of the list.")
    return int(step)


def _put(whole: Json, pointer: Json, value: Json) -> None:
    holder, last = _at(whole, pointer)
    if isinstance(holder, list):
        holder.insert(_index(holder, last, end=True), value)
    elif isinstance(holder, dict):
        holder[last] = value
    else:
        raise PatchFails("there is nothing at this path.")


def _take(whole: Json, pointer: Json) -> Json:
    holder, last = _at(whole, pointer)
    value = _inside(holder, last)
    del holder[int(last) if isinstance(holder, list) else last]
    return value


def _look(whole: Json, pointer: Json) -> Json:
    return _inside(*_at(whole, pointer))


def _add(whole: Json, operation: Operation) -> int:
    _put(whole, operation["path"], operation["value"])
    return 0


def _remove(whole: Json, operation: Operation) -> int:
    _take(whole, operation["path"])
    return 0


def _replace(whole: Json, operation: Operation) -> int:
    holder, last = _at(whole, operation["path"])
    _inside(holder, last)
    holder[int(last) if isinstance(holder, list) else last] = operation["value"]
    return 0


def _move(whole: Json, operation: Operation) -> int:
    if _steps(operation["path"])[: len(_steps(operation["from"]))] == _steps(operation["from"]):
        if operation["path"] == operation["from"]:
            _look(whole, operation["path"])
            return 0
        raise PatchFails("nothing can be moved into itself.")
    _put(whole, operation["path"], _take(whole, operation["from"]))
    return 0


def _copy(whole: Json, operation: Operation) -> int:
    value = deepcopy(_look(whole, operation["from"]))
    _put(whole, operation["path"], value)
    return len(_encode(value))


def _test(whole: Json, operation: Operation) -> int:
    if not _same(_look(whole, operation["path"]), operation["value"]):
        raise PatchFails("the value is another one.")
    return 0


def _same(one: Json, other: Json) -> bool:
    """Equal as JSON: true is not 1, and 1.0 is 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


_WAYS: dict[str, Callable[[Json, Operation], int]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}

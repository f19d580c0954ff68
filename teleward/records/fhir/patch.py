"""JSON Patch (RFC 6902) on the JSON of a resource, with every digit kept."""

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import msgspec

MOST = 200
_encode = msgspec.json.Encoder(decimal_format="number").encode
Json = Any


class PatchFails(ValueError):
    """The patch is none, or does not fit; the text says which operation, without any value."""


def patched(body: bytes, patch: bytes) -> bytes:
    """The body after all operations of the patch. Raises PatchFails; then nothing has happened."""
    whole = json.loads(body, parse_float=Decimal)
    for place, operation in enumerate(_operations(patch)):
        try:
            whole = _DO[operation["op"]](whole, operation)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as fault:
            raise PatchFails(f"Operation {place} of the patch does not fit.") from fault
    return _encode(whole)


def _operations(patch: bytes) -> list[dict[str, Json]]:
    try:
        found = json.loads(patch, parse_float=Decimal)
    except (ValueError, RecursionError) as fault:
        raise PatchFails("The patch is not JSON.") from fault
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found) or len(found) > MOST:
        raise PatchFails(f"A patch is a list of at most {MOST} operations.")
    return found


def _steps(pointer: str) -> list[str]:
    """A JSON Pointer (RFC 6901)."""
    if pointer and not pointer.startswith("/"):
        raise ValueError("a pointer begins with a slash")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _at(whole: Json, steps: list[str]) -> Json:
    for step in steps:
        whole = whole[_index(step, len(whole) - 1) if isinstance(whole, list) else step]
    return whole


def _index(step: str, most: int) -> int:
    if not step.isascii() or not step.isdigit() or (step != "0" and step.startswith("0")) or int(step) > most:
        raise IndexError(step)
    return int(step)


def _add(whole: Json, operation: dict[str, Json]) -> Json:
    return _put(whole, _steps(operation["path"]), operation["value"])


def _put(whole: Json, steps: list[str], value: Json) -> Json:
    if not steps:
        return value
    around, last = _at(whole, steps[:-1]), steps[-1]
    if isinstance(around, list):
        around.insert(len(around) if last == "-" else _index(last, len(around)), value)
    elif isinstance(around, dict):
        around[last] = value
    else:
        raise TypeError("nothing can be put there")
    return whole


def _remove(whole: Json, operation: dict[str, Json]) -> Json:
    steps = _steps(operation["path"])
    around, last = _at(whole, steps[:-1]), steps[-1]
    del around[_index(last, len(around) - 1) if isinstance(around, list) else last]
    return whole


def _replace(whole: Json, operation: dict[str, Json]) -> Json:
    steps = _steps(operation["path"])
    value = operation["value"]
    if not steps:
        return value
    around, last = _at(whole, steps[:-1]), steps[-1]
    _at(around, [last])
    around[_index(last, len(around) - 1) if isinstance(around, list) else last] = value
    return whole


def _move(whole: Json, operation: dict[str, Json]) -> Json:
    start, target = operation["from"], operation["path"]
    if target.startswith(start + "/"):
        raise ValueError("nothing moves into itself")
    value = _at(whole, _steps(start))
    return _put(_remove(whole, {"path": start}), _steps(target), value)


def _copy(whole: Json, operation: dict[str, Json]) -> Json:
    return _put(whole, _steps(operation["path"]), deepcopy(_at(whole, _steps(operation["from"]))))


def _test(whole: Json, operation: dict[str, Json]) -> Json:
    found, wanted = _at(whole, _steps(operation["path"])), operation["value"]
    if found != wanted or isinstance(found, bool) is not isinstance(wanted, bool):
        raise ValueError("it is something else")
    return whole


_DO: dict[str, Callable[[Json, dict[str, Json]], Json]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}

"""Rules of profiles that are no cardinality: each by its key, with the sentence that says what is wrong."""

from collections.abc import Callable
from typing import Any

from teleward.access.queries.numbers import is_kvnr
from teleward.records.fhir.profiles.elements import values_at

Json = Any
Invariant = tuple[str, Callable[[Json], bool]]


def _says_something(observation: Json) -> bool:
    parts = ("component", "hasMember", "dataAbsentReason")
    return any(part in observation for part in parts) or bool(values_at(observation, "value[x]"))


def _component_says_something(component: Json) -> bool:
    return "dataAbsentReason" in component or bool(values_at(component, "value[x]"))


def _as_exact_as_a_day(moment: Json) -> bool:
    return not isinstance(moment, str) or len(moment) >= 10


INVARIANTS: dict[str, Invariant] = {
    "vs-1": ("A time of measuring is as exact as a day at least.", _as_exact_as_a_day),
    "vs-2": ("Expected a value, parts, members or a reason why there is none.", _says_something),
    "vs-3": ("Expected a value or a reason why there is none.", _component_says_something),
    "kvnr": ("The letter, digits and check digit of this insurance number do not fit.", is_kvnr),
}

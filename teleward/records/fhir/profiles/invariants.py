"""Rules of profiles that are no cardinality: each by its key, with the sentence that says what is wrong."""

import re
from collections.abc import Callable
from typing import Any

from teleward.records.fhir.profiles.elements import values_at

Json = Any
Invariant = tuple[str, Callable[[Json], bool]]
_KVNR = re.compile(r"[A-Z]\d{9}")


def _says_something(observation: Json) -> bool:
    parts = ("component", "hasMember", "dataAbsentReason")
    return any(part in observation for part in parts) or bool(values_at(observation, "value[x]"))


def _component_says_something(component: Json) -> bool:
    return "dataAbsentReason" in component or bool(values_at(component, "value[x]"))


def _as_exact_as_a_day(moment: Json) -> bool:
    return not isinstance(moment, str) or len(moment) >= 10


def is_kvnr(number: Json) -> bool:
    """Whether the letter, the digits and the check digit of a German insurance number fit (§ 290 SGB V)."""
    if not isinstance(number, str) or not _KVNR.fullmatch(number):
        return False
    digits = f"{ord(number[0]) - 64:02}{number[1:9]}"
    weighed = (int(digit) * (1 + place % 2) for place, digit in enumerate(digits))
    return sum(each // 10 + each % 10 for each in weighed) % 10 == int(number[9])


INVARIANTS: dict[str, Invariant] = {
    "vs-1": ("A time of measuring is as exact as a day at least.", _as_exact_as_a_day),
    "vs-2": ("Expected a value, parts, members or a reason why there is none.", _says_something),
    "vs-3": ("Expected a value or a reason why there is none.", _component_says_something),
    "kvnr": ("The letter, digits and check digit of this insurance number do not fit.", is_kvnr),
}

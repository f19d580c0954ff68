"""A search over resources that are made when they are asked for: their values are compared as they are.

The ledger's AuditEvents are in no index. What is asked for is read by the same rules as in `searching`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from teleward.records.fhir.moments import stretch
from teleward.records.fhir.search import Parameter
from teleward.records.fhir.values import Value

from .digests import plain
from .finding import token_forms
from .modifiers import NotSearchable, modifiers, no_modifier, parameter, truth, types
from .ranges import NoRange, Range, date_range, prefixed
from .searching import token_asked
from .splitting import split

Holds = Callable[[Value], bool]
DATES: dict[str, Callable[[datetime, datetime, Range], bool]] = {  # R4, search.html#prefix
    "eq": lambda low, high, asked: asked.low <= low and high <= asked.high,
    "ne": lambda low, high, asked: not (asked.low <= low and high <= asked.high),
    "gt": lambda _low, high, asked: high > asked.high,
    "lt": lambda low, _high, asked: low < asked.low,
    "ge": lambda low, high, asked: high > asked.high or (asked.low <= low and high <= asked.high),
    "le": lambda low, high, asked: low < asked.low or (asked.low <= low and high <= asked.high),
    "sa": lambda low, _high, asked: low >= asked.high,
    "eb": lambda _low, high, asked: high <= asked.low,
    "ap": lambda low, high, asked: low < asked.high and high > asked.low,
}
AROUND = timedelta(days=1)  # what `ap` allows: an instant that is written down is nearly always exact


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One parameter with one modifier: some value of it has to hold, or with `no` none may."""

    name: str
    holds: Holds
    no: bool = False

    def fits(self, values: Iterable[Value]) -> bool:
        """Whether a resource with these values is what was asked for."""
        return any(self.holds(value) for value in values if value.param == self.name) is not self.no


def condition(kind: str, name: str, modifier: str, value: str) -> Condition:
    """What this parameter asks for. Raises NotSearchable."""
    param = parameter(kind, name)
    if modifier and modifier not in (*modifiers(kind, param), *types(param)):
        raise no_modifier(name, modifier)
    if modifier == "missing":
        return Condition(name=name, holds=lambda _value: True, no=truth(name, value))
    wanted = [each.strip() for each in split(value, ",")]
    found = Condition(name=name, holds=_WAYS[param.type](param, modifier, wanted))
    return replace(found, no=True) if modifier == "not" else found


def _token(param: Parameter, _modifier: str, wanted: Sequence[str]) -> Holds:
    asked = {form for each in wanted for form in token_asked(param, each)}
    return lambda value: not asked.isdisjoint(token_forms(param.name, value.system, value.code))


def _reference(param: Parameter, modifier: str, wanted: Sequence[str]) -> Holds:
    if modifier == "identifier":
        return _token(param, modifier, wanted)
    of_type = f"{modifier}/" if modifier in types(param) else ""
    forms = {"/".join(f"{of_type}{each}".split("/")[-2:]) for each in wanted}
    return lambda value: (
        not forms.isdisjoint(
            {value.target_id, f"{value.target_type}/{value.target_id}", value.text} - {"", "/"}
        )
    )


def _string(_param: Parameter, modifier: str, wanted: Sequence[str]) -> Holds:
    if modifier == "exact":
        return lambda value: value.text in wanted
    asked = [plain(each) for each in wanted]
    if modifier == "contains":
        return lambda value: any(each in plain(value.text) for each in asked)
    return lambda value: any(start.startswith(tuple(asked)) for start in _starts(plain(value.text)))


def _starts(text: str) -> Iterable[str]:
    return (text, *text.split(" "))


def _uri(_param: Parameter, _modifier: str, wanted: Sequence[str]) -> Holds:
    return lambda value: value.text in wanted


def _date(param: Parameter, _modifier: str, wanted: Sequence[str]) -> Holds:
    try:
        asked = [(prefix, _range(prefix, text)) for prefix, text in map(prefixed, wanted)]
    except NoRange as unknown:
        raise NotSearchable(f"The value of {param.name} is no date.") from unknown
    return lambda value: any(_is_within(value, prefix, about) for prefix, about in asked)


def times(name: str, value: str) -> Callable[[str], bool]:
    """Whether an instant that FHIR writes so is within. Raises NotSearchable."""
    holds = _date(Parameter(name=name, type="date"), "", split(value, ","))

    def within(at: str) -> bool:
        low, high = stretch(at)
        return holds(Value(name, "date", start=low, end=high))

    return within


def _is_within(value: Value, prefix: str, asked: Range) -> bool:
    return value.start is not None and value.end is not None and DATES[prefix](value.start, value.end, asked)


def _range(prefix: str, text: str) -> Range:
    found = date_range(text)
    return Range(found.low - AROUND, found.high + AROUND) if prefix == "ap" else found


_WAYS = {"token": _token, "reference": _reference, "string": _string, "uri": _uri, "date": _date}

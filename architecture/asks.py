"""The law that an operation or query asks for a grant and covers it before it does anything."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from architecture.syntax import Function, Module, decorator_names, functions, name_of, taken

DOORS = {"operations", "queries"}
BELOW_THE_GATE = {"kernel", "audit"}  # they know no grant; those who call them hold one
REACHES = {"objects", "execute", "executemany"}
ASKS = {"rows", "rows_in_this_session"}  # kernel/prepared.py


@dataclass(frozen=True)
class Breach:
    """Where the law is broken, and how."""

    function: str
    fault: str


def breaches(modules: Iterable[Module]) -> Iterator[Breach]:
    """Every function of a door that hands out or changes things without asking, with how it does so."""
    modules = list(modules)
    asked_from_outside = _taken_from_outside(modules)
    for module in modules:
        if not _is_door(module.parts):
            continue
        indirect = _reaching(module)
        for function in functions(module.tree):
            place = f"{module.dotted}.{function.name}"
            is_used = (module.parts[0], function.name) in asked_from_outside
            if fault := _fault(function, indirect, is_used=is_used):
                yield Breach(place, fault)


def _fault(function: Function, indirect: frozenset[str], *, is_used: bool) -> str:
    if "grant" in {argument.arg for argument in function.args.kwonlyargs}:
        covers = _covers_first(function) and _covers_itself(function, indirect)
        return "" if covers else "does not cover its grant before it reaches for data"
    if not is_used or "without_grant" in decorator_names(function):
        return ""
    return "is used outside its room's operations and queries, but asks for no keyword-only grant"


def _covers_first(function: Function) -> bool:
    """Whether the grant is covered, or handed on whole, before the first line that reaches for data."""
    calls = _calls(function)
    covered = [call.lineno for call in calls if _covers(call) or _hands_on(call)]
    reached = [node.lineno for node in ast.walk(function) if isinstance(node, ast.expr) and _reaches(node)]
    return bool(covered) and (not reached or min(covered) <= min(reached))


def _covers_itself(function: Function, indirect: frozenset[str]) -> bool:
    """Whether it covers the grant before a private function reaches for data; handing it on is not enough."""
    calls = _calls(function)
    covered = [call.lineno for call in calls if _covers(call)]
    reached = [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id in indirect]
    return not reached or (bool(covered) and min(covered) <= min(reached))


def _reaching(module: Module) -> frozenset[str]:
    """Private functions of a module that reach for data, by themselves or by another, and cover no grant."""
    private = {each.name: each for each in functions(module.tree) if each.name.startswith("_")}
    bare = {name: each for name, each in private.items() if not any(map(_covers, _calls(each)))}
    found = {name for name, each in bare.items() if any(_reaches(node) for node in ast.walk(each))}
    while more := {name for name, each in bare.items() if _named(each) & found} - found:
        found |= more
    return frozenset(found)


def _named(function: Function) -> set[str]:
    return {call.func.id for call in _calls(function) if isinstance(call.func, ast.Name)}


def _calls(function: Function) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def _reaches(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return name_of(node.func) in ASKS
    return isinstance(node, ast.Attribute) and node.attr in REACHES


def _covers(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    return call.func.attr == "must_cover" and name_of(call.func.value) == "grant"


def _hands_on(call: ast.Call) -> bool:
    return any(keyword.arg == "grant" and name_of(keyword.value) == "grant" for keyword in call.keywords)


def _is_door(parts: list[str]) -> bool:
    return len(parts) > 1 and parts[0] not in BELOW_THE_GATE and parts[1] in DOORS


def _taken_from_outside(modules: Iterable[Module]) -> set[tuple[str, str]]:
    """(room, name) of everything taken from a room's operations and queries by other modules than these."""
    found = set()
    for module in modules:
        for source, name in taken(module):
            _top, *parts = source.split(".")
            if _is_door(parts) and not (module.parts[:1] == parts[:1] and _is_door(module.parts)):
                found.add((parts[0], name))
    return found

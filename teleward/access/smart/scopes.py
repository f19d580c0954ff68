"""What an app may ask for: the scopes of SMART App Launch 2.2, read, cut and held against what is done.

`patient/Observation.rs?category=laboratory` says level, FHIR type, letters and what narrows it. The letters
are create, read, update, delete, search. The older `.read`, `.write` and `.*` mean `rs`, `cud` and `cruds`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, quote

LETTERS = "cruds"
LEVELS = ("patient", "user", "system")
OLDER = {"read": "rs", "write": "cud", "*": "cruds"}
NARROWS = frozenset({"category", "code", "status", "type"})  # token parameters that may narrow a scope
CONTEXT = ("openid", "fhirUser", "profile", "launch", "launch/patient", "offline_access", "online_access")
SHAPE = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]{1,63})\.(\*|read|write|[cruds]{1,5})(?:\?(.+))?")
LONGEST = 4_000  # characters of all scopes together
MOST = 100
Filter = tuple[tuple[str, str], ...]


class ScopeUnknown(ValueError):
    """A word that is no scope, or one with a filter that is not kept here."""


@dataclass(frozen=True)
class Scope:
    """One clinical scope."""

    level: str  # patient, user or system
    kind: str  # a FHIR type, or * for all
    letters: str  # of cruds, in that order
    filter: Filter = ()  # every pair must hold

    def __str__(self) -> str:
        narrowed = "&".join(f"{name}={quote(value, safe=':/|')}" for name, value in self.filter)
        return f"{self.level}/{self.kind}.{self.letters}" + (f"?{narrowed}" if narrowed else "")

    @property
    def words(self) -> frozenset[str]:
        """Type and letter, one word each, as the policies compare them."""
        return frozenset(f"{self.kind}.{letter}" for letter in self.letters)


@dataclass(frozen=True)
class Scopes:
    """Everything asked for or granted at once."""

    context: frozenset[str] = frozenset()  # openid, launch/patient, offline_access, …
    clinical: tuple[Scope, ...] = ()

    def __str__(self) -> str:
        return " ".join([*(word for word in CONTEXT if word in self.context), *map(str, self.clinical)])

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for that shows anything."""
        return not self.clinical and "openid" not in self.context

    def at(self, level: str) -> frozenset[str]:
        """The words of one level."""
        return frozenset(word for scope in self.clinical if scope.level == level for word in scope.words)

    def only(self, *levels: str) -> "Scopes":
        """The same with the clinical scopes of these levels alone."""
        return replace(self, clinical=tuple(scope for scope in self.clinical if scope.level in levels))


@lru_cache(maxsize=2_000)
def read(text: str) -> Scopes:
    """The scopes in a text, each once, in their order. Raises ScopeUnknown."""
    words = text.split(" ") if text else []
    if len(text) > LONGEST or len(words) > MOST or not all(words):
        raise ScopeUnknown
    context = frozenset(word for word in words if word in CONTEXT)
    clinical = dict.fromkeys(one(word) for word in words if word not in context)
    return Scopes(context=context, clinical=tuple(clinical))


def one(word: str) -> Scope:
    """One clinical scope. Raises ScopeUnknown."""
    found = SHAPE.fullmatch(word)
    if found is None:
        raise ScopeUnknown
    level, kind, letters, narrowed = found.groups()
    letters = OLDER.get(letters, letters)
    if letters != "".join(letter for letter in LETTERS if letter in letters):
        raise ScopeUnknown
    return Scope(level, kind, letters, _filter(narrowed))


def cut(asked: Scopes, allowed: Scopes) -> Scopes:
    """What of the scopes asked for is among those allowed."""
    clinical = dict.fromkeys(both for ask in asked.clinical for both in _shared(ask, allowed.clinical))
    return Scopes(context=asked.context & allowed.context, clinical=tuple(clinical))


def asked_words(interaction: str) -> list[str]:
    """The words any of which covers `Observation.r`: of the type itself, and of all types."""
    letter = interaction.rpartition(".")[2]
    return [interaction, f"*.{letter}"]


def narrowing(scopes: Scopes, *, levels: Iterable[str], kind: str, letter: str) -> tuple[Filter, ...] | None:
    """What a resource of this type must match, any one of the filters; the empty filter matches all.

    None: no scope of these levels covers it.
    """
    found = [
        each.filter for each in scopes.clinical if each.level in set(levels) and _covers(each, kind, letter)
    ]
    if not found:
        return None
    return ((),) if () in found else tuple(dict.fromkeys(found))


def _covers(scope: Scope, kind: str, letter: str) -> bool:
    return scope.kind in {"*", kind} and letter in scope.letters


def _shared(ask: Scope, allowed: Iterable[Scope]) -> Iterator[Scope]:
    for may in allowed:
        letters = "".join(letter for letter in ask.letters if letter in may.letters)
        kind = may.kind if ask.kind == "*" else ask.kind
        narrowed = _both(ask.filter, may.filter)
        if letters and may.level == ask.level and may.kind in {"*", kind} and narrowed is not None:
            yield Scope(ask.level, kind, letters, narrowed)


def _both(ask: Filter, may: Filter) -> Filter | None:
    """Both filters at once; None where they name the same parameter with different values."""
    if dict(ask) | dict(may) != dict(may) | dict(ask):
        return None
    return tuple(dict.fromkeys((*ask, *may)))


def _filter(narrowed: str | None) -> Filter:
    if narrowed is None:
        return ()
    try:
        pairs = parse_qsl(narrowed, keep_blank_values=True, strict_parsing=True, max_num_fields=4)
    except ValueError as unreadable:
        raise ScopeUnknown from unreadable
    names = [name for name, _value in pairs]
    if not set(names) <= NARROWS or len(set(names)) != len(names) or not all(value for _n, value in pairs):
        raise ScopeUnknown
    return tuple(pairs)

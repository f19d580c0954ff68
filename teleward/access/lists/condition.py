"""A policy in the words of SQL: what it says becomes one condition over the rows of a list.

Values are bound, never written into the text. What is true or false for all rows alike stays a bool.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Field, Q, TextField, UUIDField, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

from teleward.access.actors import Actor, ActorKind
from teleward.access.evidence import NORMAL, TIER, TOLD, fragments
from teleward.access.policy.grammar import TEXTS, Node, Untranslatable

from .rows import Row

Condition = Q | bool
LOOKED_UP = {ActorKind.STAFF, ActorKind.PATIENT}  # as in evidence: nobody else has ties of their own
TIER_FOUND = f"(SELECT f.kind FROM ({TIER}) AS f(kind, source, at))"  # noqa: S608 - constants
TIER_OF_ROW = f"substr(coalesce({TIER_FOUND}, 'tier:{NORMAL}'), length('tier:') + 1)"
NO_VISIT = RawSQL("NULL::uuid", [])
NAMED = re.compile(r"%\((\w+)\)s")


class Evidence(Expression):
    """SQL of the gate's own evidence, asked of each row: `{patient}` and `{visit}` are the row's columns."""

    conditional = True

    def __init__(
        self, text: str, values: Mapping[str, object], row: Row, output_field: "Field[Any, Any]"
    ) -> None:
        super().__init__(output_field=output_field)
        self._text, self._values = text, values
        self._columns: list[Any] = [F(row.patient), F(row.id) if row.kind == "Visit" else NO_VISIT]

    def get_source_expressions(self) -> list[Any]:
        """The columns."""
        return self._columns

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """The columns as the query names them."""
        self._columns = list(exprs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002 - Django's signature
        """The text with its columns, and the values in its order."""
        (patient, _none), (visit, _null) = map(compiler.compile, self._columns)
        text = self._text.format(patient=patient, visit=visit)
        values = tuple(self._values[name] for name in NAMED.findall(text))
        return NAMED.sub("%s", text), values


@dataclass(frozen=True)
class Sql:
    """The words of SQL for one actor, one moment and one sort of row."""

    actor: Actor
    row: Row
    at: datetime

    def truth(self, node: Node) -> Condition:
        """Partial evaluation left a value. Raises Untranslatable where it could not."""
        value = node.get("Value")
        if not isinstance(value, bool):
            raise Untranslatable("something that evaluation left open")
        return value

    def is_kind(self, kind: str) -> Condition:
        """All rows of a list are of one kind."""
        return kind == self.row.kind

    def has(self, attribute: str) -> Condition:
        """All rows have the same attributes."""
        return attribute in {*TEXTS, "standing"}

    def is_one_of(self, attribute: str, texts: Iterable[Node]) -> Condition:
        """The column of the attribute against bound values."""
        wanted = [text["Value"] for text in texts]
        if attribute in {"organisation", "patient"}:
            return _in(F(getattr(self.row, attribute)), [i for i in map(_uuid, wanted) if i], UUIDField())
        if attribute == "category":
            return self._category(wanted)
        if self.actor.kind not in LOOKED_UP:
            return NORMAL in wanted
        return _in(Evidence(TIER_OF_ROW, {}, self.row, TextField()), wanted, TextField())

    def stands(self, kinds: Iterable[Node], *, every: bool) -> Condition:
        """The ties, by the gate's own statements."""
        wanted = [kind["Value"] for kind in kinds]
        if not every:
            return self._any_of(wanted)
        said: Condition = True
        for kind in wanted:
            said = self.both(said, self._any_of([kind]))
        return said

    def both(self, left: Condition, right: Condition) -> Condition:
        """And."""
        if isinstance(left, bool):
            return right if left else False
        if isinstance(right, bool):
            return left if right else False
        return left & right

    def either(self, left: Condition, right: Condition) -> Condition:
        """Or."""
        if isinstance(left, bool):
            return True if left else right
        if isinstance(right, bool):
            return True if right else left
        return left | right

    def negated(self, said: Condition) -> Condition:
        """Not."""
        return not said if isinstance(said, bool) else ~said

    def _category(self, wanted: list[str]) -> Condition:
        if not self.row.category:
            return "" in wanted
        return _in(F(self.row.category), wanted, TextField())

    def _any_of(self, kinds: list[str]) -> Condition:
        """Whether the actor has one of these ties: what upper rooms told is looked for at once."""
        if self.actor.kind not in LOOKED_UP:
            return False
        said: Condition = False
        for text in self._texts(set(kinds)):
            said = self.either(said, Q(Evidence(text, self._values(kinds), self.row, BooleanField())))
        return said

    def _texts(self, kinds: set[str]) -> Iterator[str]:
        known = dict(fragments(self.actor.kind))
        told = known.pop("told", "")
        if told and kinds & set(TOLD):
            yield f"EXISTS (SELECT FROM ({told}) AS f(kind, source, at) WHERE f.kind = ANY(%(kinds)s))"
        yield from (f"EXISTS ({known[kind]})" for kind in sorted(kinds & set(known)))

    def _values(self, kinds: list[str]) -> dict[str, object]:
        actor = self.actor
        return {
            "actor": actor.id,
            "organisation": actor.organisation,
            "session": actor.session,
            "at": self.at,
            "kinds": kinds,
        }


def _in(column: Any, wanted: list[Any], of: "Field[Any, Any]") -> Condition:  # noqa: ANN401 - any expression of Django's
    if not wanted:
        return False
    return Q(In(column, [Value(each, of) for each in wanted]))


def _uuid(text: str) -> UUID | None:
    """The id the text writes as the policies do; any other text is no id of a row."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None

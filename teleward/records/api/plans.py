"""What a search asks for: conditions, order, pages, what comes along, and how much of each."""

import re
from dataclasses import dataclass, field
from uuid import UUID

from teleward.records.store.finding import ABOUT

from .cursors import Cursor, opened
from .messages import Pairs, Request
from .problems import SearchNotUnderstood

USUAL, MOST = 20, 200
MOST_VALUES = 500  # between commas, in all: each is bound, and each patient is asked about
NAME = re.compile(r"(_?[\w-]+)(?::([\w-]+))?(?:\.([\w.:-]+))?")
IGNORED = frozenset({"_format", "_pretty", "_contained", "_totalMethod"})
SUMMARIES = frozenset({"", "true", "false", "text", "data", "count"})
TOTALS = frozenset({"", "none", "estimate", "accurate"})
TABLES = {"_id": "c.logical_id", "_lastUpdated": "c.last_updated"}


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """`name:modifier.chain=value`."""

    name: str
    value: str
    modifier: str = ""
    chain: str = ""


@dataclass(frozen=True, kw_only=True)
class Include:
    """`Type:parameter:target` of `_include` and `_revinclude`."""

    kind: str
    param: str
    target: str = ""


@dataclass(kw_only=True)
class Plan:
    """One search."""

    kind: str
    query: Pairs
    criteria: list[Criterion] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    revincludes: list[Include] = field(default_factory=list)
    count: int = USUAL
    sort: str = "_id"
    descending: bool = True
    total: str = ""
    summary: str = ""
    elements: frozenset[str] = frozenset()
    cursor: Cursor | None = None

    @property
    def column(self) -> str:
        """The column it is sorted by."""
        return TABLES.get(self.sort, "c.low")

    @property
    def counts_only(self) -> bool:
        """Whether nothing but the number is wanted."""
        return self.summary == "count" or self.count == 0

    def told(self, found: int) -> dict[str, str | int | list[str]]:
        """What the ledger keeps of it: names of parameters, never what was looked for."""
        names = sorted({criterion.name for criterion in self.criteria})
        return {"searched": self.kind, "by": names, "found": found}


def plan_of(request: Request, kind: str, *, actor: UUID | None) -> Plan:
    """The search that a request asks for. Raises SearchNotUnderstood."""
    token = request.one("_cursor")
    cursor = opened(token, actor=actor, kind=kind) if token else None
    query = cursor.query if cursor else request.query
    if sum(value.count(",") for _name, value in query) > MOST_VALUES:
        raise SearchNotUnderstood(f"A search has at most {MOST_VALUES} values.")
    plan = Plan(kind=kind, query=query, cursor=cursor)
    lenient = request.preference("handling") == "lenient"
    for name, value in query:
        _take(plan, name, value, lenient=lenient)
    return plan


def _take(plan: Plan, name: str, value: str, *, lenient: bool) -> None:
    if not value and not name.startswith("_count"):
        return  # a parameter without a value asks for nothing
    taker = _TAKERS.get(name.partition(":")[0])
    if taker is not None:
        taker(plan, value)
    elif name not in IGNORED:
        found = NAME.fullmatch(name)
        if found is None and not name.startswith("_has:"):
            if lenient:
                return
            raise SearchNotUnderstood(f"There is no parameter {name[:64]!r}.")
        plan.criteria.append(_criterion(name, value, found))


def _criterion(name: str, value: str, found: "re.Match[str] | None") -> Criterion:
    if found is None or name.startswith("_has:"):
        return Criterion(name="_has", modifier=name.removeprefix("_has:"), value=value)
    return Criterion(name=found[1], modifier=found[2] or "", chain=found[3] or "", value=value)


def _count(plan: Plan, value: str) -> None:
    if not value.isdecimal() or len(value) > 6:
        raise SearchNotUnderstood("_count is a number.")
    plan.count = min(int(value), MOST)


def _sort(plan: Plan, value: str) -> None:
    first, *rest = value.split(",")
    name = first.removeprefix("-")
    if name not in {*TABLES, ABOUT.get(plan.kind)} or any(each.lstrip("-") != "_id" for each in rest):
        raise SearchNotUnderstood(f"{plan.kind} is sorted by {', '.join(orders(plan.kind))}, one of them.")
    plan.sort, plan.descending = name, first.startswith("-")


def orders(kind: str) -> list[str]:
    """What a type may be sorted by."""
    return [*TABLES, *([ABOUT[kind]] if kind in ABOUT else [])]


def _include(plan: Plan, value: str) -> None:
    plan.includes.append(_named(value))


def _revinclude(plan: Plan, value: str) -> None:
    plan.revincludes.append(_named(value))


def _named(value: str) -> Include:
    parts = value.split(":")
    if value == "*":
        return Include(kind="*", param="*")
    if len(parts) not in {2, 3}:
        raise SearchNotUnderstood("What comes along is named as Type:parameter.")
    return Include(kind=parts[0], param=parts[1], target=parts[2] if len(parts) > 2 else "")


def _total(plan: Plan, value: str) -> None:
    if value not in TOTALS:
        raise SearchNotUnderstood("_total is none, estimate or accurate.")
    plan.total = value


def _summary(plan: Plan, value: str) -> None:
    if value not in SUMMARIES:
        raise SearchNotUnderstood("_summary is true, false, text, data or count.")
    plan.summary = value


def _elements(plan: Plan, value: str) -> None:
    plan.elements = frozenset(each.rpartition(".")[2].strip() for each in value.split(","))


def _nothing(_plan: Plan, _value: str) -> None:
    """The page itself."""


_TAKERS = {
    "_count": _count,
    "_sort": _sort,
    "_include": _include,
    "_revinclude": _revinclude,
    "_total": _total,
    "_summary": _summary,
    "_elements": _elements,
    "_cursor": _nothing,
}

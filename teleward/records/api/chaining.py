"""The conditions of a search, with those that ask through another resource answered first.

What is asked through is looked at as if it were searched for itself: within the program's scopes, of whom it
is bound to, and only where the gate says yes. Otherwise who is found would tell what may not be read.
"""

from dataclasses import dataclass
from uuid import UUID

from teleward.access.grants import ActorKind
from teleward.access.queries.tokens import narrowing
from teleward.records.fhir.search import PARAMETERS
from teleward.records.queries.naming import WORK_HERE
from teleward.records.store.modifiers import NotSearchable, parameter
from teleward.records.store.searching import OWNERS, Where, uuids

from .exchange import Exchange
from .judging import Judge
from .noting import may_hide
from .owners import NOBODYS
from .plans import NAME, Criterion, Plan
from .problems import TooCostly
from .rows import Row

MOST_THROUGH = 1000
PLAIN = frozenset({"_id", "_lastUpdated", "active", "practitioner", "organization", "role", "specialty"})
DEEPEST = 3


def named_patients(plan: Plan) -> list[UUID]:
    """The patients a search names, where it names any: a list that every row belongs to."""
    for criterion in plan.criteria:
        if criterion.chain:
            continue
        if plan.kind == "Patient" and criterion.name == "_id":
            return uuids(criterion.value)
        if criterion.name in OWNERS and criterion.modifier in {"", "Patient"}:
            named = [each.removeprefix("Patient/") for each in criterion.value.split(",")]
            found = uuids(",".join(named))
            if len(found) == len(named):
                return found
    return []


async def conditions(x: Exchange, plan: Plan, judge: Judge) -> Where:
    """Everything that is asked for, within what who asks may ever see.

    Raises NotSearchable, TooCostly, or Refused where it asks through a type that the scopes do not name.
    """
    where = _within(x, plan.kind)
    for criterion in plan.criteria:
        await _Asking(x, judge).add(where, plan.kind, criterion, 0)
    named = named_patients(plan)
    if len(named) > 1 and not is_system(x):
        where.of_patients(await _not_hidden(x, plan.kind, named, judge))
    return where


async def _not_hidden(x: Exchange, kind: str, named: list[UUID], judge: Judge) -> list[UUID]:
    """Of the patients who are named those that may be seen; how many rows the others have nobody asks."""
    rows = [Row(kind=kind, id=each, newest=each, patient=each, practice=x.practice) for each in named]
    return [row.id for row in await judge.allowed(rows)]


def _within(x: Exchange, kind: str) -> Where:
    """Of this type what the scopes reach, and of whom they are bound to."""
    where = Where(x.digests)
    where.of_kind(kind, x.practice)
    bound = _bound_to(x)
    if bound is not None and kind not in NOBODYS:
        where.of_patients([bound])
    where.narrow(x.actor, kind, "s")
    return where


def _bound_to(x: Exchange) -> UUID | None:
    """The one patient that a patient, or an app opened for one, ever sees."""
    person = x.actor.behalf or x.actor
    if person.kind is ActorKind.PATIENT and x.actor.patient is None:
        return person.patient
    return x.actor.patient if "user/" not in x.actor.scopes else None


@dataclass(frozen=True)
class _Asking:
    """One search, with what the gate says about whom it asks through."""

    x: Exchange
    judge: Judge

    async def add(self, where: Where, kind: str, criterion: Criterion, depth: int) -> None:
        if criterion.name == "_has":
            await self._has(where, kind, criterion, depth)
        elif criterion.chain:
            await self._chained(where, kind, criterion, depth)
        else:
            where.param(kind, criterion.name, criterion.modifier, criterion.value)
            if kind in WORK_HERE and criterion.name not in PLAIN and not (await self.x.called()).with_names:
                where.add("false")  # what is not shown of them is not found either

    async def _chained(self, where: Where, kind: str, criterion: Criterion, depth: int) -> None:
        """`patient.identifier=…`: the patients first, then what points to them."""
        targets = self._targets(kind, criterion)
        forms, patients = [], []
        for target in targets:
            try:
                found = await self._ids(target, _inner(criterion.chain, criterion.value), depth)
            except NotSearchable:
                if len(targets) == 1:
                    raise
                continue
            forms += [f"{target}/{each}" for each in found]
            patients += found if target == "Patient" else []
        if criterion.name in OWNERS and len(forms) == len(patients):
            where.of_patients(patients)
        else:
            where.keys(kind, criterion.name, forms)

    def _targets(self, kind: str, criterion: Criterion) -> list[str]:
        """The type that is named, or those it may point to, as far as the scopes name any of them."""
        param = parameter(kind, criterion.name)
        if param.type != "reference":
            raise NotSearchable(f"{criterion.name} points to nothing.")
        if criterion.modifier:
            return [criterion.modifier]
        named = [each for each in param.targets if _is_named(self.x, each)]
        return named or list(param.targets[:1])

    async def _has(self, where: Where, kind: str, criterion: Criterion, depth: int) -> None:
        """`_has:Observation:patient:code=…`: of what points to a patient, whose it is."""
        source, _colon, rest = criterion.modifier.partition(":")
        through, _colon, name = rest.partition(":")
        if kind != "Patient" or through not in OWNERS or not name:
            raise NotSearchable("_has asks for patients, through their own resources.")
        found = await self._ids(source, _inner(name, criterion.value), depth, column="c.patient")
        where.add(f"c.logical_id = ANY({where.put(found)}::uuid[])")

    async def _ids(
        self, kind: str, criterion: Criterion, depth: int, column: str = "c.logical_id"
    ) -> list[UUID]:
        if depth >= DEEPEST:
            raise TooCostly("A chain has at most three links.")
        if kind not in PARAMETERS:
            raise NotSearchable(f"There is no type {kind[:64]!r} here.")
        if not _is_named(self.x, kind):
            await self.x.must_allow(self.x.directory(kind, "s"))  # a no, with its entry
        where = _within(self.x, kind)
        await self.add(where, kind, criterion, depth + 1)
        return await self._seen(kind, where, column)

    async def _seen(self, kind: str, where: Where, column: str) -> list[UUID]:
        looked_at = "c.logical_id" if await may_hide(self.x, kind) else column
        statement = (
            f"SELECT DISTINCT {column}, c.patient, c.organisation, {looked_at} FROM records_found c"  # noqa: S608 - bound
            f" WHERE {where.text} LIMIT {MOST_THROUGH + 1}"
        )
        found = await self.x.session.ask(statement, where.values, practice=self.x.practice, anew=True)
        if len(found) > MOST_THROUGH:
            raise TooCostly("The chain goes through too many resources.")
        rows = {
            Row(kind=kind, id=one, newest=one, patient=patient, practice=practice): named
            for named, patient, practice, one in found
            if named is not None
        }
        seen = list(rows) if is_system(self.x) else await self.judge.allowed(list(rows))
        return list(dict.fromkeys(rows[row] for row in seen))


def is_system(x: Exchange) -> bool:
    """Whether a connected system asks, of whom the gate says the same about every patient of the practice."""
    return x.actor.kind is ActorKind.CLIENT and x.actor.behalf is None


def _is_named(x: Exchange, kind: str) -> bool:
    return narrowing(actor=x.actor, kind=kind, letter="s") is not None


def _inner(name: str, value: str) -> Criterion:
    found = NAME.fullmatch(name)
    if found is None:
        raise NotSearchable("A chain names parameters with dots between.")
    return Criterion(name=found[1], modifier=found[2] or "", chain=found[3] or "", value=value)

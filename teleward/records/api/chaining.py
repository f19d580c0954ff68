"""The conditions of a search, with those that ask through another resource answered first."""

from uuid import UUID

from teleward.access.grants import ActorKind
from teleward.records.store.searching import OWNERS, NotSearchable, Where, parameter, uuids

from .exchange import Exchange
from .owners import NOBODYS
from .plans import NAME, Criterion, Plan
from .problems import TooCostly

MOST_THROUGH = 1000
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


async def conditions(x: Exchange, plan: Plan) -> Where:
    """Everything that is asked for, within what who asks may ever see. Raises NotSearchable or TooCostly."""
    where = Where(x.digests)
    where.of_kind(plan.kind, x.practice)
    bound = _bound_to(x)
    if bound is not None and plan.kind not in NOBODYS:
        where.of_patients([bound])
    where.narrow(x.actor, plan.kind, "s")
    for criterion in plan.criteria:
        await _add(x, where, plan.kind, criterion, 0)
    return where


def _bound_to(x: Exchange) -> UUID | None:
    """The one patient that a patient, or an app opened for one, ever sees."""
    person = x.actor.behalf or x.actor
    if person.kind is ActorKind.PATIENT and x.actor.patient is None:
        return person.patient
    return x.actor.patient if "user/" not in x.actor.scopes else None


async def _add(x: Exchange, where: Where, kind: str, criterion: Criterion, depth: int) -> None:
    if criterion.name == "_has":
        await _has(x, where, kind, criterion, depth)
    elif criterion.chain:
        await _chained(x, where, kind, criterion, depth)
    else:
        where.param(kind, criterion.name, criterion.modifier, criterion.value)


async def _chained(x: Exchange, where: Where, kind: str, criterion: Criterion, depth: int) -> None:
    """`patient.identifier=…`: the patients first, then what points to them."""
    param = parameter(kind, criterion.name)
    if param.type != "reference":
        raise NotSearchable(f"{criterion.name} points to nothing.")
    targets = [criterion.modifier] if criterion.modifier else list(param.targets)
    forms, patients = [], []
    for target in targets:
        try:
            found = await _ids(x, target, _inner(criterion.chain, criterion.value), depth)
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


async def _has(x: Exchange, where: Where, kind: str, criterion: Criterion, depth: int) -> None:
    """`_has:Observation:patient:code=…`: of what points to a patient, whose it is."""
    source, _colon, rest = criterion.modifier.partition(":")
    through, _colon, name = rest.partition(":")
    if kind != "Patient" or through not in OWNERS or not name:
        raise NotSearchable("_has asks for patients, through their own resources.")
    found = await _ids(x, source, _inner(name, criterion.value), depth, column="c.patient")
    where.add(f"c.logical_id = ANY({where.put(found)}::uuid[])")


async def _ids(
    x: Exchange, kind: str, criterion: Criterion, depth: int, column: str = "c.logical_id"
) -> list[UUID]:
    if depth >= DEEPEST:
        raise TooCostly("A chain has at most three links.")
    where = Where(x.digests)
    where.of_kind(kind, x.practice)
    await _add(x, where, kind, criterion, depth + 1)
    statement = f"SELECT DISTINCT {column} FROM records_found c WHERE {where.text} LIMIT {MOST_THROUGH + 1}"  # noqa: S608 - bound
    rows = await x.session.ask(statement, where.values, practice=x.practice, anew=True)
    if len(rows) > MOST_THROUGH:
        raise TooCostly("The chain goes through too many resources.")
    return [row[0] for row in rows if row[0] is not None]


def _inner(name: str, value: str) -> Criterion:
    found = NAME.fullmatch(name)
    if found is None:
        raise NotSearchable("A chain names parameters with dots between.")
    return Criterion(name=found[1], modifier=found[2] or "", chain=found[3] or "", value=value)

"""What comes along with what was found: `_include` and `_revinclude`."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from teleward.records.fhir.reading import read
from teleward.records.fhir.search import PARAMETERS, values
from teleward.records.store.finding import holder_of
from teleward.records.store.modifiers import NotSearchable, parameter
from teleward.records.store.revealing import Version
from teleward.records.store.searching import OWNERS, Where

from .exchange import Exchange
from .plans import Include, Plan
from .rows import COLUMNS, Row, row_of

MOST = 500
DEEPEST = 3


async def pointed_to(x: Exchange, plan: Plan, versions: Sequence[Version]) -> list[Row]:
    """The rows that these versions point to by what `_include` names, as far as the scopes reach."""
    targets: set[tuple[str, UUID]] = set()
    for version in versions:
        targets.update(_targets(plan.includes, version))
    targets -= {(version.type, version.id) for version in versions}
    holders = [holder_of(kind, target) for kind, target in sorted(targets)[:MOST]]
    if not holders:
        return []
    where = Where(x.digests)
    where.add(f"c.id = ANY({where.put(holders)}::uuid[])")
    where.of_kinds(x.actor, frozenset(kind for kind, _target in targets), "s")
    statement = f"SELECT {COLUMNS} FROM records_found c WHERE {where.text}"  # noqa: S608 - values are bound
    return [row_of(row) for row in await x.session.ask(statement, where.values, practice=x.practice)]


async def pointing_to(x: Exchange, plan: Plan, rows: Sequence[Row]) -> list[Row]:
    """The rows that point to these by what `_revinclude` names."""
    found: list[Row] = []
    for include in plan.revincludes:
        if rows:
            found += await _pointing(x, include, rows)
    return found


async def _pointing(x: Exchange, include: Include, rows: Sequence[Row]) -> list[Row]:
    if parameter(include.kind, include.param).type != "reference":
        raise NotSearchable(f"{include.param} points to nothing.")
    where = Where(x.digests)
    where.of_kind(include.kind, x.practice)
    if include.param in OWNERS and all(row.kind == "Patient" for row in rows):
        where.of_patients([row.id for row in rows])
    else:
        where.keys(include.kind, include.param, [f"{row.kind}/{row.id}" for row in rows])
    where.narrow(x.actor, include.kind, "s")
    statement = (
        f"SELECT {COLUMNS} FROM records_found c WHERE {where.text}"  # noqa: S608 - values are bound
        f" ORDER BY c.logical_id LIMIT {MOST}"
    )
    found = await x.session.ask(statement, where.values, practice=x.practice, anew=True)
    return [row_of(row) for row in found]


def must_be_known(plan: Plan) -> None:
    """What is to come along is named by parameters that there are. Raises NotSearchable."""
    for include in (*plan.includes, *plan.revincludes):
        if include.kind != "*" and include.kind not in PARAMETERS:
            raise NotSearchable(f"There is no type {include.kind[:64]!r} here.")
        if include.param != "*":
            parameter(include.kind, include.param)


def _targets(includes: Iterable[Include], version: Version) -> Iterator[tuple[str, UUID]]:
    wanted = [each for each in includes if each.kind in {"*", version.type}]
    if not wanted or not version.body:
        return
    params = {each.param: each.target for each in wanted}
    for value in values(read(version.type, version.body)):
        target = params.get(value.param, params.get("*"))
        if value.type == "reference" and target is not None and target in {"", value.target_type}:
            try:
                yield value.target_type, UUID(value.target_id)
            except ValueError:
                continue

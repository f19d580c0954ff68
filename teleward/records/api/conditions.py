"""A resource that a condition names instead of an id."""

from uuid import UUID

from .admission import admitted
from .chaining import conditions
from .exchange import Exchange
from .judging import Judge
from .messages import pairs_of
from .plans import plan_of
from .problems import SearchNotUnderstood, SeveralMatch
from .registering import known_by_number
from .rows import COLUMNS, row_of


async def only_match(x: Exchange, kind: str, query: str) -> UUID | None:
    """The one resource that fits, None where none does. Raises SeveralMatch or SearchNotUnderstood.

    Only what who asks may find is looked at, and that it was asked is in the ledger.
    """
    asked = x.again(x.asking(query=pairs_of(query.partition("?")[2] or query)))
    plan = plan_of(asked.request, kind, actor=x.actor.id)
    if not plan.criteria:
        raise SearchNotUnderstood("A condition names at least one parameter.")
    base = await admitted(asked, plan)
    judge = Judge(x, base)
    shared = await judge.allowed(await known_by_number(asked, plan))
    where = await conditions(asked, plan, judge)
    statement = f"SELECT {COLUMNS} FROM records_found c WHERE {where.text} LIMIT 3"  # noqa: S608 - values are bound
    found = await x.session.ask(statement, where.values, practice=x.practice, anew=True)
    rows = shared if len(shared) > 1 else await judge.allowed([row_of(row) for row in found])
    await x.tell(judge.entries(plan.told(len(rows)), rows))
    if len(rows) > 1:
        raise SeveralMatch
    return rows[0].id if rows else None

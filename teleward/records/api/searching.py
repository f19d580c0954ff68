"""Searching: which rows, then the gate about each patient, then the bodies with the ledger's entries."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from teleward.records.fhir.search import PARAMETERS
from teleward.records.store.revealing import Version
from teleward.records.store.searching import OWNERS, Where

from .admission import admitted
from .bundles import entry_of_search, search_bundle
from .chaining import conditions, is_system, named_patients
from .cursors import Cursor, sealed
from .exchange import Exchange
from .including import must_be_known, pointed_to, pointing_to
from .judging import Judge
from .messages import Answer, root
from .noting import may_hide
from .owners import NOBODYS
from .plans import Plan, plan_of
from .rows import COLUMNS, Row, row_of
from .shrinking import shrunk

ROUNDS = 5  # looks for a page that is full, where the gate lets only some be seen
LOOKED = 200  # rows of each look after the first: that more follow tells of no single hidden patient


@dataclass(kw_only=True)
class Page:
    """What of a search may be shown."""

    rows: list[Row]
    following: Row | None = None  # the last that was looked at, where more follow


async def search(x: Exchange, kind: str) -> Answer:
    """GET of a type, or POST of a form."""
    plan = plan_of(x.request, kind, actor=x.actor.id)
    must_be_known(plan)
    base = await admitted(x, plan)
    judge = Judge(x, base)
    where = await conditions(x, plan, judge)
    if plan.counts_only:
        await x.tell([base.entry(outcome="listed", detail=plan.told(0))])
        total = await _total(x, where) if await _is_uniform(x, plan) else None
        return Answer(body=search_bundle([], total=total, links=_links(x, plan, None)))
    page = await _page(x, plan, where, judge)
    entries = await _shown(x, plan, page, judge)
    total = await _asked_total(x, plan, where, page)
    return Answer(body=search_bundle(entries, total=total, links=_links(x, plan, page.following)))


async def _shown(x: Exchange, plan: Plan, page: Page, judge: Judge) -> list[dict[str, Any]]:
    """What was found, then what comes along, each once."""
    coming = await judge.allowed(await pointing_to(x, plan, page.rows))
    rows = list({(row.kind, row.id): row for row in (*page.rows, *coming)}.values())
    versions = await x.reveal(judge.entries(plan.told(len(rows)), rows), [row.newest for row in rows])
    seen = {(row.kind, row.id) for row in rows}
    more = await judge.allowed(await pointed_to(x, plan, versions)) if plan.includes else []
    fresh = [row for row in more if (row.kind, row.id) not in seen]
    if fresh:
        versions += await x.reveal(judge.entries(plan.told(len(fresh)), fresh), [row.newest for row in fresh])
    matches = {(row.kind, row.id) for row in page.rows}
    return [_entry(plan, version, matches) for version in versions]


def _entry(plan: Plan, version: Version, matches: set[tuple[str, UUID]]) -> dict[str, Any]:
    body = shrunk(version.body, kind=version.type, summary=plan.summary, elements=plan.elements)
    is_match = (version.type, version.id) in matches
    return entry_of_search(version, mode="match" if is_match else "include", body=body)


async def _page(x: Exchange, plan: Plan, where: Where, judge: Judge) -> Page:
    """A full page of what may be shown, or as much of one as a few looks give.

    Another page follows where there is one more row that may be shown: what is hidden is no reason.
    """
    page, after, most = Page(rows=[]), plan.cursor, plan.count + 1
    place: tuple[str, UUID] | None = (after.sorted_by, after.after) if after else None
    for _round in range(ROUNDS):
        found = await _found(x, plan, where, place, most)
        page.rows += await judge.allowed(found)
        if len(page.rows) > plan.count:
            return Page(rows=page.rows[: plan.count], following=page.rows[plan.count - 1])
        page.following = found[-1] if len(found) == most else None
        if page.following is None:
            break
        place, most = (page.following.sorted_by, page.following.id), max(most, LOOKED)
    return page


async def _found(
    x: Exchange, plan: Plan, where: Where, after: tuple[str, UUID] | None, most: int
) -> list[Row]:
    values = list(where.values)
    texts = [where.text]
    sign, order = ("<", "DESC") if plan.descending else (">", "ASC")
    if after is not None:
        values += [after[0], after[1]]
        sort = "uuid" if plan.column == "c.logical_id" else "timestamptz"
        place = f"(${len(values) - 1}::text::{sort}, ${len(values)}::uuid)"
        texts.append(f"({plan.column}, c.logical_id) {sign} {place}")
    values.append(most)
    statement = (
        f"SELECT {COLUMNS}, {plan.column}::text FROM records_found c"  # noqa: S608 - columns of ours, values are bound
        f" WHERE {' AND '.join(texts)} ORDER BY {plan.column} {order}, c.logical_id {order}"
        f" LIMIT ${len(values)}::int"
    )
    rows = await x.session.ask(statement, values, practice=x.practice, anew=True)
    return [row_of(row) for row in rows]


async def _asked_total(x: Exchange, plan: Plan, where: Where, page: Page) -> int | None:
    if plan.cursor is None and page.following is None:
        return len(page.rows)
    if plan.total not in {"accurate", "estimate"} or not await _is_uniform(x, plan):
        return None
    return await _total(x, where)


async def _is_uniform(x: Exchange, plan: Plan) -> bool:
    """Whether the gate says the same about every row, so that all may be counted."""
    if await may_hide(x, plan.kind):
        return False
    owned = plan.kind not in NOBODYS or OWNERS & PARAMETERS.get(plan.kind, {}).keys()
    return len(named_patients(plan)) == 1 or not owned or is_system(x)


async def _total(x: Exchange, where: Where) -> int:
    statement = f"SELECT count(*) FROM records_found c WHERE {where.text}"  # noqa: S608 - values are bound
    ((number,),) = await x.session.ask(statement, where.values, practice=x.practice, anew=True)
    return int(number)


def _links(x: Exchange, plan: Plan, following: Row | None) -> list[tuple[str, str]]:
    here = f"{root()}/{plan.kind}"
    links = [("self", f"{here}?{urlencode(plan.query)}" if plan.query else here)]
    if following is not None:
        cursor = Cursor(
            actor=str(x.actor.id),
            kind=plan.kind,
            query=plan.query,
            sorted_by=following.sorted_by,
            after=following.id,
        )
        links.append(("next", f"{here}?_cursor={sealed(cursor)}"))
    return links

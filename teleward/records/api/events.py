"""AuditEvent: the ledger of one patient, to be read and never written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Weighed
from teleward.access.queries.tokens import narrowing
from teleward.records.fhir.reading import read as read_json
from teleward.records.fhir.search import values
from teleward.records.queries.accesses import audit_page
from teleward.records.store.matching import Condition, condition, times
from teleward.records.store.modifiers import NotSearchable

from .bundles import search_bundle
from .conditions import only_match
from .cursors import Cursor, sealed
from .exchange import Exchange
from .messages import Answer, Pairs, root
from .plans import Criterion, Plan, plan_of
from .problems import SearchNotUnderstood, Unknown
from .reading import id_of
from .shrinking import shrunk

KIND = "AuditEvent"
WHOSE = frozenset({"patient", "patient:Patient", "entity", "patient.identifier"})
NEWEST_FIRST = frozenset({"-date", "-_lastUpdated"})
MOST_COUNTED = 5_000
_encode = msgspec.json.Encoder().encode
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which entries of the patient are wanted."""

    ids: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    at: tuple[Callable[[str], bool], ...] = ()
    within: tuple[tuple[Condition, ...], ...] = ((),)  # of which one has to hold: what narrows the scopes

    def fits(self, event: Json) -> bool:
        """Whether it is one of them."""
        if self.ids and event["id"] not in self.ids:
            return False
        if not all(holds(event["recorded"]) for holds in self.at):
            return False
        if not self.conditions and () in self.within:
            return True
        found = values(read_json(KIND, _encode(event)))
        ways = (self.conditions + way for way in self.within)
        return any(all(each.fits(found) for each in way) for way in ways)


async def search(x: Exchange) -> Answer:
    """The entries of the patient that is named, newest first."""
    plan = _plan(x)
    asked = _asked(x, "s", plan.criteria)
    weighed = await _allowed(x, await _patient(x, plan.query), "s")
    if plan.counts_only:
        found = await _page(x, weighed, asked, None, MOST_COUNTED + 1)
        total = len(found) if len(found) <= MOST_COUNTED else None
        return Answer(body=search_bundle([], total=total, links=[("self", f"{root()}/{KIND}")]))
    found = await _page(x, weighed, asked, plan.cursor.after if plan.cursor else None, plan.count + 1)
    links = [("self", f"{root()}/{KIND}")]
    if len(found) > plan.count:
        last = UUID(found[plan.count - 1]["id"])
        cursor = Cursor(actor=str(x.actor.id), kind=KIND, query=plan.query, sorted_by="", after=last)
        links.append(("next", f"{root()}/{KIND}?_cursor={sealed(cursor)}"))
    entries = [_entry(plan, event) for event in found[: plan.count]]
    total = len(entries) if len(links) == 1 and plan.cursor is None else None
    return Answer(body=search_bundle(entries, total=total, links=links))


async def read(x: Exchange, text: str) -> Answer:
    """One entry, of the patient that is named beside it: an entry belongs to a patient's chain."""
    event = id_of(text)
    weighed = await _allowed(x, await _patient(x, x.request.query), "r")
    only = replace(_asked(x, "r"), ids=frozenset({str(event)}))
    found = await _page(x, weighed, only, None, 1)
    if not found:
        raise Unknown
    return Answer(body=_encode(found[0]))


def _plan(x: Exchange) -> Plan:
    """The search, newest first as ever. Raises SearchNotUnderstood."""
    order = {value for name, value in x.request.query if name == "_sort"}
    if not order <= NEWEST_FIRST:
        raise SearchNotUnderstood(f"{KIND} is sorted by -date, the newest first.")
    query = tuple(pair for pair in x.request.query if pair[0] != "_sort")
    plan = plan_of(replace(x.request, query=query), KIND, actor=x.actor.id)
    if plan.includes or plan.revincludes:
        raise SearchNotUnderstood(f"Nothing comes along with an {KIND}; it says ids and codes.")
    return plan


def _asked(x: Exchange, letter: str, criteria: Sequence[Criterion] = ()) -> Asked:
    """What is wanted, within the program's scopes. Raises NotSearchable."""
    filters = narrowing(actor=x.actor, kind=KIND, letter=letter) or ((),)
    ids = [each.value.split(",") for each in criteria if each.name == "_id"]
    rest = [each for each in criteria if each.name not in {"_id", "_lastUpdated"} and not _is_whose(each)]
    return Asked(
        ids=frozenset(ids[0]) if ids else frozenset(),
        conditions=tuple(map(_condition, rest)),
        within=tuple(tuple(condition(KIND, name, "", value) for name, value in each) for each in filters),
        at=tuple(times(each.name, each.value) for each in criteria if each.name == "_lastUpdated"),
    )


def _condition(criterion: Criterion) -> Condition:
    if criterion.chain == "identifier" and not criterion.modifier:  # as the ledger says it, without a look
        return condition(KIND, criterion.name, "identifier", criterion.value)
    if criterion.chain or criterion.name == "_has":
        raise NotSearchable(f"{KIND} is asked through nothing but an identifier.")
    return condition(KIND, criterion.name, criterion.modifier, criterion.value)


def _is_whose(criterion: Criterion) -> bool:
    return criterion.name == "patient" and criterion.modifier in {"", "Patient"}


async def _allowed(x: Exchange, patient: UUID, letter: str) -> Weighed:
    subject = x.of_patient(KIND, letter, patient, await x.practice_of(patient))
    return await x.must_allow(subject, Action.LEDGER_READ)


async def _page(x: Exchange, weighed: Weighed, wanted: Asked, after: UUID | None, most: int) -> list[Json]:
    entry = weighed.entry()
    await x.tell([entry])
    asked = {"grant": weighed.grant(entry=entry.id), "origin": root(), "fits": wanted.fits, "after": after}
    found: list[Json] = await x.in_thread(audit_page, most=most, **asked)
    return found


async def _patient(x: Exchange, query: Pairs) -> UUID:
    """Whose ledger is meant. Raises SearchNotUnderstood, or Unknown where it is nobody's."""
    for name, value in sorted(query, key=lambda pair: pair[0] == "entity"):
        if name == "patient.identifier":
            found = await only_match(x, "Patient", f"identifier={quote(value)}")
            if found is None:
                raise Unknown
            return found
        if name in WHOSE:
            return id_of(value.removeprefix(f"{root()}/").removeprefix("Patient/"))
    raise SearchNotUnderstood("Say whose ledger: patient=Patient/{id}.")


def _entry(plan: Plan, event: Json) -> Json:
    body = shrunk(_encode(event), kind=KIND, summary=plan.summary, elements=plan.elements)
    full = f"{root()}/{KIND}/{event['id']}"
    return {"fullUrl": full, "resource": msgspec.Raw(body), "search": {"mode": "match"}}

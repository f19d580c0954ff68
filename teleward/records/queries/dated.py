"""The chart's part of a timeline: first only that there is something, then what the chosen ones say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.naming import naming_for
from teleward.access.queries.people import staff_names
from teleward.records.fhir.reading import read
from teleward.records.panels.dated import Told, told
from teleward.records.queries.revealed import Kept, kept, reveal

TYPES = {
    "visits": ("Encounter",),
    "documents": ("DocumentReference",),
    "results": ("Observation", "DiagnosticReport"),
    "answers": ("QuestionnaireResponse",),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One dated entry as it reads."""

    title: str
    detail: str
    by: str


def dated(*, grant: Grant, kinds: Iterable[str], most: int, but: Iterable[UUID] = ()) -> tuple[Kept, ...]:
    """What the chart has of these kinds (the keys of TYPES), newest first; nothing is opened.

    `but` are the ids of what the caller shows by itself.
    """
    grant.must_cover(Action.RECORD_READ)
    types = [name for kind in kinds for name in TYPES.get(kind, ())]
    return kept(grant=grant, kinds=types, most=most, but=but)


def entries(*, grant: Grant, chosen: Sequence[Kept]) -> dict[UUID, Entry]:
    """What the chosen ones say, by their ids, with the ledger's entry."""
    grant.must_cover(Action.RECORD_READ)
    called = naming_for(reader=grant.actor, organisation=grant.organisation)
    staff = staff_names(organisation_id=grant.organisation)
    names = {str(someone): called.of(someone, card.name) for someone, card in staff.items()}
    return {
        each.id: _entry(told(each.type, read(each.type, each.body)), names)
        for each in reveal(grant=grant, chosen=chosen, panel="timeline")
    }


def _entry(said: Told, names: dict[str, Any]) -> Entry:
    return Entry(title=said.title, detail=said.detail, by=said.by or names.get(said.by_id, ""))

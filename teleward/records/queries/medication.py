"""When medicines began, for a plot: marks beside what was measured."""

from dataclasses import dataclass
from datetime import datetime

from teleward.access.grants import Action, Grant
from teleward.access.queries.naming import naming_for
from teleward.records.queries.panels import lines_of
from teleward.records.queries.revealed import kept, reveal

TYPES = ("MedicationRequest", "MedicationStatement")
MOST = 100


@dataclass(frozen=True, kw_only=True)
class MedicineStart:
    """A medicine and from when on it was prescribed or taken."""

    title: str
    detail: str
    at: datetime


def medicine_starts(*, grant: Grant, since: datetime, until: datetime) -> tuple[MedicineStart, ...]:
    """The medicines of the grant's patient that began within this time, with the ledger's entry."""
    grant.must_cover(Action.RECORD_READ)
    versions = reveal(grant=grant, chosen=kept(grant=grant, kinds=TYPES, most=MOST), panel="trend")
    called = naming_for(reader=grant.actor, organisation=grant.organisation)
    lines = lines_of(versions=versions, practice=grant.organisation, called=called)
    found = (
        MedicineStart(title=line.title, detail=line.detail, at=line.at)
        for line in lines
        if line.at and since <= line.at < until
    )
    return tuple(sorted(found, key=lambda each: each.at))

"""The summary beside the call: what goes on, what is taken, what is not tolerated, what was found last."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.naming import Naming, naming_for
from teleward.access.queries.people import staff_names
from teleward.kernel.openings import without_grant
from teleward.records.fhir.reading import read
from teleward.records.models import UNDATED
from teleward.records.panels.lines import BUILDERS, Line
from teleward.records.panels.observed import observation
from teleward.records.queries.revealed import kept, reveal
from teleward.records.store.revealing import Version

LISTED = ("Condition", "AllergyIntolerance", "MedicationRequest", "MedicationStatement", "Immunization")
MOST_LISTED, MOST_OBSERVED = 200, 100
SECTIONS = ("problems", "medication", "allergies", "immunizations", "results", "vitals")
MADE_HERE = "MADE"


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the summary; `lines` newest first."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """All parts. `newest` says when something last came in; `cut` that older entries were not looked at."""

    sections: tuple[Section, ...]
    newest: datetime | None
    cut: bool


def summary(*, grant: Grant) -> Summary:
    """The summary of the grant's patient. One entry of the ledger names every resource that was opened."""
    grant.must_cover(Action.RECORD_READ)
    listed = kept(grant=grant, kinds=LISTED, most=MOST_LISTED)
    observed = kept(grant=grant, kinds=("Observation",), most=MOST_OBSERVED)
    chosen = (*listed, *observed)
    versions = reveal(grant=grant, chosen=chosen, panel="summary")
    called = naming_for(reader=grant.actor, organisation=grant.organisation)
    lines = lines_of(versions=versions, practice=grant.organisation, called=called)
    return Summary(
        sections=tuple(_section(name, lines) for name in SECTIONS),
        newest=max((each.last_updated for each in chosen), default=None),
        cut=len(listed) == MOST_LISTED or len(observed) == MOST_OBSERVED,
    )


@without_grant("Turns what a query with a grant has opened into lines.")
def lines_of(*, versions: Iterable[Version], practice: UUID, called: Naming) -> tuple[Line, ...]:
    """A line for each that still stands; whoever works here is called by name."""
    found = [line for each in versions if (line := _line(each))]
    staff = staff_names(organisation_id=practice)
    names = {str(someone): called.of(someone, card.name) for someone, card in staff.items()}
    return tuple(line if line.by else replace(line, by=names.get(line.by_id, "")) for line in found)


def _line(version: Version) -> Line | None:
    builder = observation if version.type == "Observation" else BUILDERS[version.type]
    resource: Any = read(version.type, version.body)
    said = builder(resource)
    if not said or not said["title"]:
        return None
    return Line(
        kind=version.type,
        id=version.id,
        kept_at=version.last_updated,
        program=version.deed != MADE_HERE,
        **said,
    )


def _section(name: str, lines: Iterable[Line]) -> Section:
    own = sorted((line for line in lines if line.section == name), key=_when, reverse=True)
    return Section(name=name, lines=tuple(_newest_of_each(own)))


def _when(line: Line) -> datetime:
    return line.at or UNDATED


def _newest_of_each(lines: Iterable[Line]) -> Iterator[Line]:
    """Of measurements of the same, the newest alone; everything else as it is."""
    seen = set()
    for line in lines:
        if line.group and line.group in seen:
            continue
        seen.add(line.group)
        yield line

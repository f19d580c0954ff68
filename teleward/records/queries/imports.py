"""How far an import is, and what became of each resource."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Count

from teleward.access.grants import Action, Grant
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.records.imports.limits import MOST_SHOWN
from teleward.records.imports.outcomes import Outcome
from teleward.records.models import Import, ImportKey, ImportLine

MOST = 50


@dataclass(frozen=True, kw_only=True)
class ImportCard:
    """One import: `counts` says how many resources came to which outcome so far, of `total`."""

    id: UUID
    source: str
    at: datetime
    total: int
    done_at: datetime | None
    counts: dict[str, int]

    @property
    def done(self) -> int:
        """How many resources are through."""
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class LineCard:
    """One resource: its name there, what became of it, and the places that were wrong, with codes."""

    number: int
    kind: str
    name: str
    outcome: str
    reason: str
    issues: tuple[tuple[str, str], ...]


def context_of(brought: UUID, number: int) -> str:
    """Where a sealed part of an import belongs: 0 is the file itself."""
    return f"records.import:{brought}:{number}"


def imports(*, grant: Grant) -> tuple[ImportCard, ...]:
    """The imports of the practice, the latest first."""
    grant.must_cover(Action.APP_LIST)
    return _cards(Import.objects.filter(organisation=grant.organisation).order_by("-at")[:MOST])


def one_import(*, grant: Grant, brought: UUID) -> ImportCard:
    """One import of the practice. Raises NotFound."""
    grant.must_cover(Action.APP_LIST)
    found = _cards(Import.objects.filter(organisation=grant.organisation, id=brought))
    if not found:
        raise NotFound
    return found[0]


def lines_left(*, grant: Grant, brought: UUID) -> tuple[LineCard, ...]:
    """The resources that were not kept, in their order, at most 500. No word of what stood in them."""
    grant.must_cover(Action.APP_LIST)
    rows = ImportLine.objects.filter(brought=brought, brought__organisation=grant.organisation)
    rows = rows.exclude(outcome__in=[Outcome.KEPT, Outcome.SAME]).order_by("number")
    return tuple(_line(grant.organisation, row) for row in rows[:MOST_SHOWN])


@without_grant("Ids only: each asks the gate itself.")
def imports_waiting() -> list[UUID]:
    """Imports that are not done."""
    return list(ImportKey.objects.filter(done_at=None).order_by("at").values_list("id", flat=True)[:MOST])


def _cards(found: Iterable[Import]) -> tuple[ImportCard, ...]:
    rows = list(found)
    counted = (
        ImportLine.objects.filter(brought__in=rows).values_list("brought", "outcome").annotate(n=Count("id"))
    )
    counts: dict[UUID, dict[str, int]] = {row.id: {} for row in rows}
    for brought, outcome, number in counted:
        counts[brought][outcome] = number
    return tuple(
        ImportCard(
            id=row.id,
            source=row.source,
            at=row.at,
            total=row.total,
            done_at=row.done_at,
            counts=counts[row.id],
        )
        for row in rows
    )


def _line(practice: UUID, row: ImportLine) -> LineCard:
    plain = unseal(patient=practice, sealed=bytes(row.said), context=context_of(row.brought_id, row.number))
    said = msgspec.json.decode(plain)
    return LineCard(
        number=row.number,
        kind=row.kind,
        name=next(iter(said["names"]), ""),
        outcome=row.outcome,
        reason=row.reason,
        issues=tuple((place, code) for place, code in said["issues"]),
    )

"""Opening versions on the pages: the ledger's entry and the bodies come by one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Detail, Grant, written
from teleward.access.queries.naming import naming_for
from teleward.kernel.errors import NotFound
from teleward.kernel.prepared import rows
from teleward.records.models import Current
from teleward.records.queries.closer import without_closer
from teleward.records.queries.naming import body_as_told
from teleward.records.queries.notes import without_notes
from teleward.records.store.keeping import entries_told, rows_named
from teleward.records.store.revealing import Version, opened
from teleward.records.store.statements import REVEAL


@dataclass(frozen=True, kw_only=True)
class Kept:
    """That there is a resource: of which type, about which time. Nothing of what it says."""

    kind: str
    id: UUID
    newest: UUID
    about: datetime
    last_updated: datetime


def kept(*, grant: Grant, kinds: Iterable[str], most: int, but: Iterable[UUID] = ()) -> tuple[Kept, ...]:
    """What there is of these types of the grant's patient, newest first, at most so many in all.

    Notes of visits are not among them for who may not read those, nor what is of visits kept closer.
    """
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE)
    if grant.subject.patient is None:
        raise NotFound
    rows = Current.objects.filter(patient=grant.subject.patient, type__in=list(kinds), removed_at=None)
    rows = without_notes(grant=grant, rows=rows.exclude(logical_id__in=list(but)))
    rows = without_closer(grant=grant, rows=rows)
    return tuple(
        Kept(
            kind=row.type,
            id=row.logical_id,
            newest=row.newest,
            about=row.low,
            last_updated=row.last_updated,
        )
        for row in rows.order_by("-low", "-logical_id")[:most]
    )


def reveal(*, grant: Grant, chosen: Sequence[Kept], panel: str) -> tuple[Version, ...]:
    """What they say, in their order; to a patient, staff are called as the practice decided.

    `panel` is one word for the ledger: where they were shown. Raises KeyDestroyed or SealBroken.
    """
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE)
    if not chosen:
        return ()
    detail: Detail = {"panel": panel, "resources": [f"{each.kind}/{each.id}" for each in chosen]}
    values = [entries_told([written(grant=grant, detail=detail)]), rows_named(each.newest for each in chosen)]
    found = rows(REVEAL.encode(), values)
    called = naming_for(reader=grant.actor, organisation=grant.organisation)
    return tuple(replace(each, body=body_as_told(body=each.body, called=called)) for each in opened(found))

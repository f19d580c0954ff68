"""What there was, newest first: visits and notes of this room, everything else from the chart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.consult.cards import VisitCard
from teleward.consult.queries.notes import NoteMark, note_marks
from teleward.consult.queries.visits import visits_of_patient
from teleward.records.queries import dated
from teleward.records.queries.revealed import Kept

KINDS = ("visits", "notes", "documents", "results", "answers")
SIZE = 20


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One line. `kind` is one of KINDS; a visit or a note leads there, for the chart `entry` speaks."""

    kind: str
    at: datetime
    visit: VisitCard | None = None
    note: NoteMark | None = None
    kept: Kept | None = None
    entry: dated.Entry | None = None


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """One page of it, counted from 1."""

    moments: tuple[Moment, ...]
    kind: str
    page: int
    has_more: bool


def timeline(*, grant: Grant, notes: Grant | None, kind: str, page: int) -> Timeline:
    """A page of the grant's patient's history; `kind` one of KINDS or "" for all.

    `notes` is the grant under which notes are listed, None where they may not be. A visit that the reader may
    not open is not in it, nor are notes that are kept closer. What the chart says is entered.
    """
    grant.must_cover(Action.RECORD_READ)
    kinds = (kind,) if kind in KINDS else KINDS
    most = page * SIZE + 1
    found = sorted(_all(grant, notes, kinds, most), key=lambda moment: moment.at, reverse=True)
    shown = found[most - 1 - SIZE : most - 1]
    return Timeline(
        moments=tuple(_told(grant, shown)),
        kind=kind if kind in KINDS else "",
        page=page,
        has_more=len(found) >= most,
    )


def _all(grant: Grant, notes: Grant | None, kinds: Sequence[str], most: int) -> Iterator[Moment]:
    own = visits_of_patient(grant=grant)
    if "visits" in kinds:
        yield from (Moment(kind="visits", at=each.starts_at, visit=each) for each in own[:most])
    if "notes" in kinds and notes is not None:
        yield from (Moment(kind="notes", at=each.at, note=each) for each in note_marks(grant=notes)[:most])
    found = dated.dated(grant=grant, kinds=kinds, most=most, but=[each.id for each in own])
    yield from (Moment(kind=_kind_of(each), at=each.about, kept=each) for each in found)


def _told(grant: Grant, shown: Sequence[Moment]) -> Iterator[Moment]:
    said = dated.entries(grant=grant, chosen=[each.kept for each in shown if each.kept])
    for each in shown:
        yield each if each.kept is None else _with(each, said, each.kept.id)


def _with(moment: Moment, said: dict[UUID, dated.Entry], key: UUID) -> Moment:
    return Moment(kind=moment.kind, at=moment.at, kept=moment.kept, entry=said.get(key))


def _kind_of(found: Kept) -> str:
    return next(kind for kind, types in dated.TYPES.items() if found.kind in types)

"""Reading notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.access.queries.lists import Row, looked_at_twice
from teleward.consult.cards import VisitCard
from teleward.consult.models import Note, NoteVersion, Visit
from teleward.consult.queries.subjects import certain
from teleward.consult.queries.visits import MOST, cards
from teleward.consult.queries.visits import ROW as OF_VISITS
from teleward.kernel.envelope import unseal

ROW = Row(
    kind="Visit",
    id="visit_id",
    organisation="visit__organisation",
    patient="visit__patient",
    category="visit__category",
)


@dataclass(frozen=True, kw_only=True)
class NoteCard:
    """One author's note in its newest version; `versions` says how many there are."""

    visit: UUID
    author: UUID
    author_name: str
    text: str
    versions: int
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class VersionCard:
    """One saved text."""

    number: int
    at: datetime
    text: str


def notes_of_visit(*, grant: Grant) -> tuple[NoteCard, ...]:
    """The notes on the visit the grant is about, by author."""
    grant.must_cover(Action.NOTE_READ, Action.NOTE_WRITE)
    return _cards(Note.objects.filter(visit=grant.subject.id))


def notes_of_patient(*, grant: Grant) -> tuple[NoteCard, ...]:
    """The notes on the patient the grant is about, newest first, but for visits that are kept closer."""
    grant.must_cover(
        Action.NOTE_READ, Action.RECORD_PRINT, Action.RECORD_EXPORT, patient=grant.subject.patient
    )
    found = Note.objects.filter(
        visit__patient=certain(grant.subject.patient),
        visit__organisation=certain(grant.subject.organisation),
        visit__category="",
    )
    found = found.select_related("visit").order_by("-visit__starts_at", "id")
    rows = looked_at_twice(found, grant=grant, action=grant.action, row=ROW, most=MOST)
    return tuple(sorted(_cards(rows), key=lambda card: card.saved_at, reverse=True))


@dataclass(frozen=True, kw_only=True)
class NoteMark:
    """That there is a note: on which visit, by whom, from when. Nothing of what it says."""

    visit: UUID
    author_name: str
    at: datetime


def note_marks(*, grant: Grant) -> tuple[NoteMark, ...]:
    """That there are notes on the patient the grant is about, but for visits that are kept closer."""
    grant.must_cover(Action.NOTE_READ, patient=grant.subject.patient)
    found = Note.objects.filter(
        visit__patient=certain(grant.subject.patient),
        visit__organisation=certain(grant.subject.organisation),
        visit__category="",
    )
    found = found.select_related("visit").order_by("-visit__starts_at", "id")
    rows = looked_at_twice(found, grant=grant, action=grant.action, row=ROW, most=MOST)
    return tuple(
        NoteMark(visit=row.visit_id, author_name=row.author_name, at=row.visit.starts_at) for row in rows
    )


def visits_kept_closer(*, grant: Grant) -> tuple[VisitCard, ...]:
    """The visits of the patient whose notes are opened one by one, through their own gates, newest first."""
    grant.must_cover(Action.NOTE_READ, patient=grant.subject.patient)
    found = Visit.objects.filter(
        patient=certain(grant.subject.patient), organisation=certain(grant.subject.organisation)
    )
    found = found.exclude(category="").filter(notes__isnull=False).distinct().order_by("-starts_at")
    return cards(looked_at_twice(found, grant=grant, action=Action.VISIT_READ, row=OF_VISITS, most=MOST))


def versions(*, grant: Grant, author: UUID) -> tuple[VersionCard, ...]:
    """Every saved text of one author's note on the visit, newest first."""
    grant.must_cover(Action.NOTE_READ, Action.NOTE_WRITE)
    rows = NoteVersion.objects.filter(note__visit=grant.subject.id, note__author=author)
    rows = rows.select_related("note__visit").order_by("-number")
    return tuple(VersionCard(number=row.number, at=row.at, text=text_of(row)) for row in rows)


def text_of(row: NoteVersion) -> str:
    """The text of a stored version."""
    return unseal(patient=row.note.visit.patient, sealed=bytes(row.text), context=f"note:{row.id}").decode()


def _cards(notes: Iterable[Note]) -> tuple[NoteCard, ...]:
    rows = (
        NoteVersion.objects.filter(note__in=notes).select_related("note__visit").order_by("note", "-number")
    )
    newest = rows.distinct("note")
    return tuple(
        NoteCard(
            visit=row.note.visit_id,
            author=row.note.author,
            author_name=row.note.author_name,
            text=text_of(row),
            versions=row.number,
            saved_at=row.at,
        )
        for row in newest
    )

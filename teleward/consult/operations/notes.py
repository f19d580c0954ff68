"""Writing the note. Each saved text is a version of its own, sealed with the patient's key."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.consult.models import Note, NoteVersion
from teleward.consult.operations.moves import lock_visit
from teleward.consult.queries.notes import text_of
from teleward.consult.queries.subjects import certain
from teleward.kernel.envelope import seal
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.kernel.ids import new_id

LONGEST_NOTE = 50_000


class NoteChanged(Problem):
    """A newer version was saved elsewhere meanwhile."""

    code = "consult:note-changed"
    status = 409
    message = _("This note was changed in another window. Copy what you wrote, reload, and put it in again.")


class NoteTooLong(Problem):
    """More than fifty thousand characters."""

    code = "consult:note-too-long"
    status = 413
    message = _("A note can have 50,000 characters. Please shorten it.")


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The number of the newest version and when it was saved."""

    number: int
    at: datetime


def save_note(*, grant: Grant, visit: UUID, text: str, after: int) -> Saved:
    """Saves the author's text as the version after `after` (0: the first); the same text makes none.

    Raises NoteChanged when `after` is not the newest, NoteTooLong.
    """
    grant.must_cover(Action.NOTE_WRITE, subject=visit)
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong
    with transaction.atomic():
        row = lock_visit(visit)
        note, _made = Note.objects.get_or_create(
            visit=row, author=certain(grant.actor.id), defaults={"author_name": grant.actor.name}
        )
        newest = note.versions.order_by("-number").first()
        if newest is not None and text_of(newest) == text:
            return Saved(number=newest.number, at=newest.at)
        if (newest.number if newest else 0) != after:
            raise NoteChanged
        return _next_version(grant, note, text, after + 1)


def _next_version(grant: Grant, note: Note, text: str, number: int) -> Saved:
    version = new_id()
    sealed = seal(patient=note.visit.patient, plaintext=text.encode(), context=f"note:{version}")
    kept = NoteVersion.objects.create(id=version, note=note, number=number, text=sealed, by=grant.actor.id)
    record(grant=grant, detail={"version": number})
    if note.visit.state == "ended":
        publish(Event.NOTE_WRITTEN, visit=note.visit_id)
    return Saved(number=number, at=kept.at)

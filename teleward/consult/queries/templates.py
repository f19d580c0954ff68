"""Texts of the practice that a note may begin with."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from teleward.access.grants import Action, Grant
from teleward.consult.models import NoteTemplate
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant

STARTERS = Path(__file__).parent.parent / "content" / "notes"


@dataclass(frozen=True, kw_only=True)
class TemplateCard:
    """One text with its name, in a language."""

    id: UUID
    name: str
    language: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Starter:
    """A text that comes with Teleward."""

    name: str
    text: str


def note_templates(*, grant: Grant) -> tuple[TemplateCard, ...]:
    """Those that the practice offers, by name."""
    grant.must_cover(Action.NOTE_READ, Action.NOTE_WRITE, Action.FORM_CHANGE)
    rows = NoteTemplate.objects.filter(organisation=grant.organisation, end=None)
    return tuple(
        TemplateCard(id=row.id, name=row.name, language=row.language, text=row.text)
        for row in rows.order_by("name", "language", "id")
    )


def note_template(*, grant: Grant, template: UUID) -> TemplateCard:
    """One of them. Raises NotFound."""
    grant.must_cover(Action.NOTE_READ, Action.NOTE_WRITE, Action.FORM_CHANGE)
    found = next((each for each in note_templates(grant=grant) if each.id == template), None)
    if found is None:
        raise NotFound
    return found


@without_grant("Content that comes with Teleward.")
def note_starters(*, language: str) -> tuple[Starter, ...]:
    """The texts to begin with, in one language."""
    texts = (path.read_text() for path in sorted((STARTERS / language).glob("*.md")))
    parts = (text.removeprefix("# ").partition("\n") for text in texts)
    return tuple(Starter(name=name, text=text.strip()) for name, _line, text in parts)

"""Making texts that notes begin with, and taking them out of use. A changed text is a new one."""

from uuid import UUID

from django.db import transaction

from teleward.access.grants import Action, Grant, record
from teleward.consult.models import NoteTemplate, NoteTemplateEnd
from teleward.consult.queries.templates import note_starters, note_template, note_templates


@transaction.atomic
def add_template(
    *, grant: Grant, name: str, text: str, language: str, instead_of: UUID | None = None
) -> UUID:
    """Offers a text, in place of another where that is named; returns its id. Raises NotFound."""
    grant.must_cover(Action.FORM_CHANGE)
    if instead_of is not None:
        end_template(grant=grant, template=instead_of)
    made = NoteTemplate.objects.create(
        organisation=grant.organisation, name=name, text=text, language=language, by=grant.actor.id
    )
    record(grant=grant, detail={"template": str(made.id)})
    return made.id


@transaction.atomic
def end_template(*, grant: Grant, template: UUID) -> None:
    """It is offered no more. Raises NotFound."""
    grant.must_cover(Action.FORM_CHANGE)
    card = note_template(grant=grant, template=template)
    NoteTemplateEnd.objects.create(template_id=card.id, by=grant.actor.id)
    record(grant=grant, detail={"template": str(card.id), "ended": "template"})


def add_note_starters(*, grant: Grant, language: str) -> None:
    """Offers the texts that come with Teleward in one language; those of the same name are there already."""
    grant.must_cover(Action.FORM_CHANGE)
    known = {each.name for each in note_templates(grant=grant) if each.language == language}
    for starter in note_starters(language=language):
        if starter.name not in known:
            add_template(grant=grant, name=starter.name, text=starter.text, language=language)

"""Questionnaires that are being built: each as it will be, and all that wait to be published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.records.fhir.reading import read
from teleward.records.models import QuestionnaireDraft
from teleward.records.queries.questionnaires import Form, QuestionnaireCard, form, questionnaire
from teleward.records.questionnaires.building.bodies import hidden_of, unstamped
from teleward.records.questionnaires.building.outline import Line, lines_of
from teleward.records.questionnaires.building.troubles import Trouble, troubles_of

Json = dict[str, Any]
_decode = msgspec.json.Decoder(Json, float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True, kw_only=True)
class DraftCard:
    """A questionnaire as it is built. `published` is the newest version, if there is one."""

    id: UUID
    body: Json
    step: int
    at: datetime | None
    is_waiting: bool
    based_on: int
    published: QuestionnaireCard | None
    can_undo: bool

    @property
    def title(self) -> str:
        """What patients read above it."""
        return str(self.body.get("title", ""))

    @property
    def language(self) -> str:
        """Its language, as a code."""
        return str(self.body.get("language", ""))

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its questions in order."""
        return lines_of(self.body)

    @property
    def hidden(self) -> tuple[str, ...]:
        """FHIR's names of what it holds and no page shows."""
        return hidden_of(self.body)

    @property
    def is_overtaken(self) -> bool:
        """Whether another version was published since this was begun."""
        return self.published is not None and self.is_waiting and self.published.version != self.based_on


def draft(*, grant: Grant, named: UUID) -> DraftCard:
    """The questionnaire as it would be changed: what waits, else its newest version. Raises NotFound."""
    grant.must_cover(Action.FORM_CHANGE)
    row = QuestionnaireDraft.objects.filter(organisation=grant.organisation, id=named).first()
    return card_of(row=row, published=_published(grant, named), named=named)


def waiting(*, grant: Grant) -> tuple[DraftCard, ...]:
    """All that wait to be published, by title."""
    grant.must_cover(Action.FORM_CHANGE)
    rows = QuestionnaireDraft.objects.filter(organisation=grant.organisation).exclude(body=b"")
    cards = (card_of(row=row, published=_published(grant, row.id), named=row.id) for row in rows)
    return tuple(sorted(cards, key=lambda card: card.title.casefold()))


@without_grant("Inside of queries and operations that have covered a grant.")
def card_of(*, row: QuestionnaireDraft | None, published: QuestionnaireCard | None, named: UUID) -> DraftCard:
    """A row as a card. Raises NotFound where there is neither a draft nor a version."""
    body = body_of(row=row)
    if body is None and published is None:
        raise NotFound
    return DraftCard(
        id=named,
        body=body or unstamped(_decode(published.text if published else "{}")),
        step=row.step if row else 0,
        at=row.at if row else None,
        is_waiting=body is not None,
        based_on=row.based_on if row else 0,
        published=published,
        can_undo=bool(row and row.before),
    )


@without_grant("As `card_of`.")
def body_of(*, row: QuestionnaireDraft | None) -> Json | None:
    """What waits, or None."""
    if row is None or not row.body:
        return None
    context = context_of_draft(named=row.id)
    return _decode(unseal(patient=row.organisation, sealed=bytes(row.body), context=context))


@without_grant("The name of a place.")
def context_of_draft(*, named: UUID) -> str:
    """What the seal of a draft is bound to."""
    return f"questionnaire-draft:{named}"


@without_grant("About a form that is about nobody.")
def shown(*, body: Json, typed: Mapping[str, Sequence[str]]) -> Form:
    """The form as patients would see it, with what was typed to try it."""
    return form(card=_previewed(body), typed=typed)


@without_grant("As `shown`.")
def troubles(*, body: Json) -> tuple[Trouble, ...]:
    """What has to be put right before it can be published."""
    return troubles_of(body, _read(body))


def _previewed(body: Json) -> QuestionnaireCard:
    found: Any = _read(body)
    return QuestionnaireCard(
        id=UUID(int=0), version=0, title=found.title or "", language="", status="draft", url="",
        items=found.item, text="",
    )  # fmt: skip


def _read(body: Json) -> Any:  # noqa: ANN401 - a Questionnaire
    return read("Questionnaire", _encode(body))


def _published(grant: Grant, named: UUID) -> QuestionnaireCard | None:
    try:
        return questionnaire(practice=grant.organisation, named=named)
    except NotFound:
        return None

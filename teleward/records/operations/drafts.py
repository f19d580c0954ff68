"""Building a questionnaire step by step, and publishing it as a new version."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id
from teleward.records.models import QuestionnaireDraft
from teleward.records.operations.questionnaires import LONGEST, keep_questionnaire
from teleward.records.queries.drafts import DraftCard, context_of_draft, draft, troubles
from teleward.records.questionnaires.building.bodies import begun, copied, published, reworded

Json = dict[str, Any]
_encode = msgspec.json.Encoder(decimal_format="number").encode


class DraftMoved(Problem):
    """Somebody changed the draft since the page was loaded."""

    code = "records:draft-moved"
    status = 409
    message = _(
        "Somebody else changed this questionnaire meanwhile. Look at it as it is now, then press again."
    )


class DraftUnready(Problem):
    """Something in it has to be put right first."""

    code = "records:draft-unready"
    status = 422
    message = _("This cannot be published yet. Put right what is listed, then press again.")


class DraftTooLong(Problem):
    """More than one questionnaire holds."""

    code = "records:draft-too-long"
    status = 413
    message = _("That is more than one questionnaire holds. Please shorten it, or divide it into two.")


@transaction.atomic
def begin_draft(*, grant: Grant, title: str, language: str) -> UUID:
    """A questionnaire that asks nothing yet; returns its id."""
    grant.must_cover(Action.FORM_CHANGE)
    named = new_id()
    _write(grant, QuestionnaireDraft(id=named, organisation=grant.organisation), begun(title, language))
    return named


@transaction.atomic
def copy_draft(*, grant: Grant, named: UUID, title: str, language: str) -> UUID:
    """One more questionnaire that asks what this one asks; returns its id. Raises NotFound."""
    grant.must_cover(Action.FORM_CHANGE)
    made = QuestionnaireDraft(id=new_id(), organisation=grant.organisation)
    _write(grant, made, copied(draft(grant=grant, named=named).body, title, language))
    return made.id


@transaction.atomic
def change_draft(*, grant: Grant, named: UUID, step: Callable[[Json], Json]) -> DraftCard:
    """What waits after `step`, which makes a new body of the old one. Raises NotFound, DraftTooLong."""
    grant.must_cover(Action.FORM_CHANGE)
    row, card = _locked(grant, named)
    new = reworded(step(card.body))
    if new != card.body:
        _write(grant, row, new, card)
    return draft(grant=grant, named=named)


@transaction.atomic
def undo_draft(*, grant: Grant, named: UUID, step: int) -> DraftCard:
    """What stood there before the last step. Raises NotFound, DraftMoved."""
    grant.must_cover(Action.FORM_CHANGE)
    row, card = _locked(grant, named)
    if card.step != step or not card.can_undo:
        raise DraftMoved
    row.body, row.before = row.before, b""
    _note(grant, row)
    return draft(grant=grant, named=named)


@transaction.atomic
def discard_draft(*, grant: Grant, named: UUID) -> None:
    """Nothing waits any more; what was published stays as it is. Raises NotFound."""
    grant.must_cover(Action.FORM_CHANGE)
    row, _card = _locked(grant, named)
    row.body = row.before = b""
    _note(grant, row)


@transaction.atomic
def publish_draft(*, grant: Grant, named: UUID, step: int) -> None:
    """What waits is the next version, which is offered from now on; answers keep the version they answered.

    Raises NotFound, DraftMoved, DraftUnready.
    """
    grant.must_cover(Action.FORM_CHANGE)
    row, card = _locked(grant, named)
    if card.step != step:
        raise DraftMoved
    if troubles(body=card.body):
        raise DraftUnready
    version = card.published.version + 1 if card.published else 1
    body = published(card.body, version, localdate(now()))
    keep_questionnaire(grant=grant, text=_encode(body).decode(), named=named)
    row.body = row.before = b""
    _note(grant, row)


def _locked(grant: Grant, named: UUID) -> tuple[QuestionnaireDraft, DraftCard]:
    """The row, and what it stands for; nobody else changes it until the end."""
    name = context_of_draft(named=named)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    card = draft(grant=grant, named=named)
    row = QuestionnaireDraft.objects.filter(organisation=grant.organisation, id=named).first()
    return row or QuestionnaireDraft(id=named, organisation=grant.organisation), card


def _write(grant: Grant, row: QuestionnaireDraft, body: Json, old: DraftCard | None = None) -> None:
    if old is not None and not old.is_waiting:
        row.based_on = old.published.version if old.published else 0
    row.before = _sealed(grant, row, old.body) if old else b""
    row.body = _sealed(grant, row, body)
    _note(grant, row)


def _sealed(grant: Grant, row: QuestionnaireDraft, body: Json) -> bytes:
    text = _encode(body)
    if len(text) > LONGEST:
        raise DraftTooLong
    return seal(patient=grant.organisation, plaintext=text, context=context_of_draft(named=row.id))


def _note(grant: Grant, row: QuestionnaireDraft) -> None:
    row.step, row.at, row.by = row.step + 1, now(), grant.actor.id
    row.save()
    record(grant=grant, detail={"questionnaire": str(row.id), "step": row.step})

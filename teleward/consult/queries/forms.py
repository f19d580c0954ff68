"""Questionnaires of a visit: what was asked for, how far it is, what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from teleward.access.grants import Action, Grant
from teleward.consult.models import FormAsked
from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.records.queries.questionnaires import QuestionnaireCard, Said, questionnaire, said

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class FormCard:
    """One questionnaire that was sent with a visit."""

    id: UUID
    visit: UUID
    card: QuestionnaireCard
    asked_at: datetime
    begun_at: datetime | None
    answered_at: datetime | None
    said: tuple[Said, ...] = ()  # for who may read them


def forms_of_visit(*, grant: Grant) -> tuple[FormCard, ...]:
    """The questionnaires of the grant's visit in the order they were sent; for staff with the answers."""
    grant.must_cover(Action.RECORD_READ, Action.RECORD_WRITE, Action.VISIT_PREPARE, Action.VISIT_JOIN)
    reads = grant.action in {Action.RECORD_READ, Action.RECORD_WRITE}
    rows = FormAsked.objects.filter(visit=grant.about).select_related("draft", "answered", "visit")
    return tuple(_card(row, with_answers=reads) for row in rows.order_by("at"))


def form_of_visit(*, grant: Grant, form: UUID) -> FormCard:
    """One of them. Raises NotFound."""
    grant.must_cover(Action.VISIT_PREPARE)
    row = _row(grant, form)
    return _card(row, with_answers=False)


def typed_so_far(*, grant: Grant, form: UUID) -> Typed:
    """What the patient has typed into it up to now."""
    grant.must_cover(Action.VISIT_PREPARE)
    row = _row(grant, form)
    if not hasattr(row, "draft"):
        return {}
    sealed = bytes(row.draft.typed)
    words = unseal(patient=row.visit.patient, sealed=sealed, context=f"form-draft:{row.id}")
    return msgspec.json.decode(words, type=dict[str, list[str]])


@without_grant("The rows of one form, inside of queries and operations that have covered a grant.")
def row_of_form(*, visit: UUID, form: UUID) -> FormAsked:
    """The row. Raises NotFound."""
    found = FormAsked.objects.filter(visit=visit, id=form)
    row = found.select_related("draft", "answered", "visit").first()
    if row is None:
        raise NotFound
    return row


@without_grant("As `row_of_form`.")
def response_of(row: FormAsked) -> bytes:
    """What was handed in, as FHIR JSON; empty where nothing was."""
    if not hasattr(row, "answered"):
        return b""
    sealed = bytes(row.answered.response)
    return unseal(patient=row.visit.patient, sealed=sealed, context=f"form-answers:{row.id}")


def _row(grant: Grant, form: UUID) -> FormAsked:
    return row_of_form(visit=grant.about, form=form)


def _card(row: FormAsked, *, with_answers: bool) -> FormCard:
    answered = response_of(row) if with_answers else b""
    practice = row.visit.organisation
    return FormCard(
        id=row.id,
        visit=row.visit_id,
        card=questionnaire(practice=practice, named=row.questionnaire, version=row.version),
        asked_at=row.at,
        begun_at=row.draft.at if hasattr(row, "draft") else None,
        answered_at=row.answered.at if hasattr(row, "answered") else None,
        said=said(response=answered) if answered else (),
    )

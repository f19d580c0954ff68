"""Sending a questionnaire with a visit, keeping what is typed, handing the answers in."""

from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.consult.models import FormAnswered, FormAsked, FormDraft
from teleward.consult.operations.moves import lock_visit
from teleward.consult.queries.forms import Typed, response_of, row_of_form
from teleward.consult.states import OPEN_STATES
from teleward.kernel.clock import now
from teleward.kernel.envelope import seal
from teleward.kernel.errors import Problem
from teleward.kernel.events import Event, publish
from teleward.records.operations.questionnaires import Answered, keep_response, response
from teleward.records.queries.questionnaires import form as form_of
from teleward.records.queries.questionnaires import questionnaire

MOST_TYPED = 100_000  # bytes of one form


class FormOver(Problem):
    """The questionnaire was handed in already, or the visit is over."""

    code = "consult:form-over"
    status = 409
    message = _("These answers cannot be changed any more. Please tell your practice in the appointment.")


class FormTooLong(Problem):
    """More was typed than one questionnaire holds."""

    code = "consult:form-too-long"
    status = 413
    message = _("That is more than fits into a questionnaire. Please shorten what you wrote.")


@transaction.atomic
def send_form(*, grant: Grant, named: UUID) -> None:
    """The patient of the grant's visit is asked to answer this questionnaire. Idempotent. Raises FormOver."""
    grant.must_cover(Action.RECORD_WRITE)
    visit = lock_visit(grant.about)
    if visit.state not in OPEN_STATES:
        raise FormOver
    card = questionnaire(practice=grant.organisation, named=named)
    _row, made = FormAsked.objects.get_or_create(
        visit=visit, questionnaire=card.id, defaults={"version": card.version, "by": grant.actor.id}
    )
    if made:
        record(grant=grant, detail={"asked": "questionnaire"})


@transaction.atomic
def keep_typed(*, grant: Grant, form: UUID, typed: Typed) -> None:
    """Keeps what was typed so far in place of what was before. Raises FormOver, FormTooLong."""
    grant.must_cover(Action.VISIT_PREPARE)
    row = row_of_form(visit=grant.about, form=form)
    if hasattr(row, "answered") or row.visit.state not in OPEN_STATES:
        raise FormOver
    words = msgspec.json.encode({name: list(values) for name, values in typed.items()})
    if len(words) > MOST_TYPED:
        raise FormTooLong
    sealed = seal(patient=row.visit.patient, plaintext=words, context=f"form-draft:{row.id}")
    FormDraft.objects.update_or_create(asked=row, defaults={"typed": sealed, "at": now()})


@transaction.atomic
def hand_in(*, grant: Grant, form: UUID, typed: Typed) -> bool:
    """Hands the answers in, if nothing is missing; whether that is so. Raises FormOver."""
    grant.must_cover(Action.VISIT_PREPARE)
    keep_typed(grant=grant, form=form, typed=typed)
    row = row_of_form(visit=grant.about, form=form)
    card = questionnaire(practice=row.visit.organisation, named=row.questionnaire, version=row.version)
    found = form_of(card=card, typed=typed, handed_in=True)
    if found.trouble:
        return False
    at = now()
    body = response(grant=grant, answered=Answered(id=row.id, card=card, items=found.items, authored=at))
    sealed = seal(patient=row.visit.patient, plaintext=body, context=f"form-answers:{row.id}")
    FormAnswered.objects.create(asked=row, response=sealed, at=at, by=grant.actor.id)
    record(grant=grant, detail={"answered": "questionnaire"})
    publish(Event.FORM_ANSWERED, visit=row.visit_id, form=row.id)
    return True


def file_answers(*, grant: Grant, form: UUID) -> None:
    """The chart's QuestionnaireResponse, from what was handed in; of a visit kept closer none. Idempotent."""
    grant.must_cover(Action.RECORD_WRITE)
    row = row_of_form(visit=grant.about, form=form)
    body = response_of(row)
    if body and not row.visit.category:
        keep_response(grant=grant, body=body)

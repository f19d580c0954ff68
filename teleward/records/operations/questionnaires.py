"""Keeping questionnaires of the practice, and what patients answered."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant
from teleward.kernel.errors import Problem
from teleward.kernel.ids import new_id
from teleward.records.fhir.phrases import instant
from teleward.records.fhir.reading import Invalid, read
from teleward.records.operations.versions import keep
from teleward.records.queries.questionnaires import QuestionnaireCard, starters
from teleward.records.questionnaires.building.bodies import unstamped
from teleward.records.questionnaires.shape import FAULTS, faults_of

Json = dict[str, Any]
LONGEST = 200_000  # characters of JSON
_decode = msgspec.json.Decoder(Json, float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


class QuestionnaireFaulty(Problem):
    """It is no Questionnaire of FHIR R4, or it cannot be asked here; `faults` says where and why."""

    code = "records:questionnaire-faulty"
    status = 422
    message = _("This cannot be used as a questionnaire. Please put right what is listed above.")

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was handed in: `items` as QuestionnaireResponse.item, `authored` when."""

    id: UUID
    card: QuestionnaireCard
    items: list[Json]
    authored: datetime


def keep_questionnaire(*, grant: Grant, text: str, named: UUID | None = None) -> UUID:
    """Keeps a Questionnaire from its JSON, as a new version of `named` where that is given; returns its id.

    Raises QuestionnaireFaulty.
    """
    grant.must_cover(Action.FORM_CHANGE)
    body = _body(text)
    chosen = named or new_id()
    found = _read(body | {"id": str(chosen)})
    faults = tuple(
        f"{link}: {FAULTS[code]}" if link else str(FAULTS[code]) for code, link in faults_of(found)
    )
    if faults:
        raise QuestionnaireFaulty(faults)
    keep(grant=grant, resource=found)
    return chosen


def retire_questionnaire(*, grant: Grant, card: QuestionnaireCard) -> None:
    """It is sent no more; what was sent can still be answered."""
    grant.must_cover(Action.FORM_CHANGE)
    keep(grant=grant, resource=_read(_kept(card) | {"status": "retired"}))


def add_starters(*, grant: Grant, language: str) -> int:
    """Keeps the questionnaires that come with Teleward in one language; says how many. Idempotent."""
    grant.must_cover(Action.FORM_CHANGE)
    bodies = [msgspec.json.decode(text, type=Json) for text in starters(language=language)]
    for body in bodies:
        keep(grant=grant, resource=_read(body | {"id": str(uuid5(grant.organisation, body["url"]))}))
    return len(bodies)


def keep_response(*, grant: Grant, body: bytes) -> int:
    """Keeps the patient's answers, a QuestionnaireResponse of `response`, in the chart. Idempotent."""
    grant.must_cover(Action.RECORD_WRITE)
    return keep(grant=grant, resource=read("QuestionnaireResponse", body))


def response(*, grant: Grant, answered: Answered) -> bytes:
    """The QuestionnaireResponse as JSON."""
    grant.must_cover(Action.RECORD_WRITE, Action.VISIT_PREPARE)
    patient = {"reference": f"Patient/{grant.subject.patient}"}
    card = answered.card
    canonical = card.url or f"{settings.ORIGIN}/fhir/Questionnaire/{card.id}"
    body: Json = {
        "resourceType": "QuestionnaireResponse",
        "id": str(answered.id),
        "questionnaire": f"{canonical}|{card.version}",
        "status": "completed",
        "subject": patient,
        "authored": instant(answered.authored),
        "author": patient,
        "source": patient,
    }
    return _encode(body | ({"item": answered.items} if answered.items else {}))


def _kept(card: QuestionnaireCard) -> Json:
    return unstamped(_decode(card.text)) | {"id": str(card.id)}


def _body(text: str) -> Json:
    if len(text) > LONGEST:
        raise QuestionnaireFaulty((str(_("It is longer than 200,000 characters.")),))
    try:
        found = _decode(text)
    except (ValueError, RecursionError):
        raise QuestionnaireFaulty((str(_("This is not JSON.")),)) from None
    return unstamped(found) if isinstance(found.get("meta", {}), dict) else found


def _read(body: Json) -> Any:  # noqa: ANN401 - a Questionnaire
    try:
        return read("Questionnaire", _encode(body))
    except Invalid as wrong:
        faults = tuple(f"{issue.expression}: {issue.diagnostics}" for issue in wrong.issues)
        raise QuestionnaireFaulty(faults) from None

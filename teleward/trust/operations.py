"""Objecting to an access, and answering."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.audit import queries as ledger
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish

from .models import Answer, Objection
from .queries.objections import ANSWER, WORDS

FINDINGS = ("justified", "policy-gap", "misuse")
LONGEST = 4000


class AlreadyObjected(Problem):
    """This access was reported before."""

    code = "trust:already-objected"
    status = 409
    message = _(
        "You have already reported this access. The privacy officer has your report; "
        "the answer will appear on your page."
    )


class AlreadyAnswered(Problem):
    """This objection has its answer."""

    code = "trust:already-answered"
    status = 409
    message = _("This report has been answered already. Reload the page to see the answer.")


class WordsMissing(Problem):
    """Nothing was written, or far too much."""

    code = "trust:words-missing"
    message = _("Please write a few words, at most 4,000 characters.")


@transaction.atomic
def open_objection(*, grant: Grant, entry: UUID, words: str) -> UUID:
    """The patient says that an access looks wrong. Raises NotFound, AlreadyObjected or WordsMissing."""
    grant.must_cover(Action.OBJECTION_OPEN)
    patient = grant.subject.patient
    if patient is None or ledger.of_event(patient=patient, event=entry) is None:
        raise NotFound
    if Objection.objects.filter(patient_id=patient, entry=entry).exists():
        raise AlreadyObjected
    sealed = seal(patient=patient, plaintext=_checked(words), context=WORDS)
    row = Objection.objects.create(
        organisation_id=grant.organisation, patient_id=patient, entry=entry, words=sealed
    )
    publish(Event.OBJECTION_OPENED, objection=row.id)
    record(grant=grant, detail={"objection": str(row.id), "entry": str(entry)})
    return row.id


@transaction.atomic
def answer_objection(*, grant: Grant, finding: str, words: str) -> None:
    """The privacy officer's finding, with words for the patient.

    Raises NotFound, AlreadyAnswered or WordsMissing.
    """
    grant.must_cover(Action.OBJECTION_ANSWER)
    row = Objection.objects.select_for_update().filter(id=grant.about).first()
    if row is None or finding not in FINDINGS or grant.actor.id is None:
        raise NotFound
    if Answer.objects.filter(objection=row).exists():
        raise AlreadyAnswered
    sealed = seal(patient=row.patient_id, plaintext=_checked(words), context=ANSWER)
    Answer.objects.create(objection=row, finding=finding, words=sealed, by_id=grant.actor.id)
    record(grant=grant, detail={"finding": finding})


def _checked(words: str) -> bytes:
    if not 0 < len(words.strip()) <= LONGEST:
        raise WordsMissing
    return words.strip().encode()

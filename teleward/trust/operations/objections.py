"""Objecting to an access, and answering."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teleward.access.grants import Action, Grant, record
from teleward.audit import queries as ledger
from teleward.kernel.envelope import seal
from teleward.kernel.errors import NotFound, Problem
from teleward.kernel.events import Event, publish
from teleward.trust.models import Answer, Objection
from teleward.trust.queries.objections import ANSWER, WORDS

REVIEW, NAME = "review", "name"
FINDINGS = {REVIEW: ("justified", "policy-gap", "misuse"), NAME: ("named", "not-named")}
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


class OwnDeed(Problem):
    """Nobody answers for themselves."""

    code = "trust:own-deed"
    status = 403
    message = _("This report is about something you did yourself. Somebody else has to answer it.")


class WordsMissing(Problem):
    """Nothing was written, or far too much."""

    code = "trust:words-missing"
    message = _("Please write a few words, at most 4,000 characters.")


@transaction.atomic
def open_objection(*, grant: Grant, entry: UUID, words: str) -> UUID:
    """The patient says that an access looks wrong. Raises NotFound, AlreadyObjected or WordsMissing."""
    grant.must_cover(Action.OBJECTION_OPEN)
    return _opened(grant, entry, REVIEW, _checked(words))


@transaction.atomic
def ask_for_name(*, grant: Grant, entry: UUID) -> UUID:
    """The patient asks who it was where the practice shows roles. Raises NotFound or AlreadyObjected."""
    grant.must_cover(Action.OBJECTION_OPEN)
    return _opened(grant, entry, NAME, b"")


def _opened(grant: Grant, entry: UUID, wish: str, words: bytes) -> UUID:
    patient = grant.subject.patient
    if patient is None or ledger.of_event(patient=patient, event=entry) is None:
        raise NotFound
    if Objection.objects.filter(patient_id=patient, entry=entry, wish=wish).exists():
        raise AlreadyObjected
    sealed = seal(patient=patient, plaintext=words, context=WORDS)
    row = Objection.objects.create(
        organisation_id=grant.organisation, patient_id=patient, entry=entry, wish=wish, words=sealed
    )
    publish(Event.OBJECTION_OPENED, objection=row.id, patient=patient)
    record(grant=grant, detail={"objection": str(row.id), "entry": str(entry), "wish": wish})
    return row.id


@transaction.atomic
def answer_objection(*, grant: Grant, finding: str, words: str) -> None:
    """The privacy officer's finding, with words for the patient.

    Raises NotFound, AlreadyAnswered, OwnDeed or WordsMissing.
    """
    grant.must_cover(Action.OBJECTION_ANSWER)
    row = Objection.objects.select_for_update().filter(id=grant.about).first()
    if row is None or finding not in FINDINGS[row.wish] or grant.actor.id is None:
        raise NotFound
    if Answer.objects.filter(objection=row).exists():
        raise AlreadyAnswered
    about = ledger.of_event(patient=row.patient_id, event=row.entry)
    if about is not None and about.body and about.facts["actor_id"] == str(grant.actor.id):
        raise OwnDeed
    sealed = seal(patient=row.patient_id, plaintext=_checked(words), context=ANSWER)
    Answer.objects.create(objection=row, finding=finding, words=sealed, by_id=grant.actor.id)
    publish(Event.OBJECTION_ANSWERED, objection=row.id)
    record(grant=grant, detail={"finding": finding})


def _checked(words: str) -> bytes:
    if not 0 < len(words.strip()) <= LONGEST:
        raise WordsMissing
    return words.strip().encode()
